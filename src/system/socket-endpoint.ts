import { canonicalAddress } from "../model/address.ts";
import type { Endpoint } from "../model/endpoint.ts";

/**
 * An endpoint as a socket names it, in the project's form: without zone (`fe80::1%eth0`), and an IPv4 caller of an IPv6
 * socket (`::ffff:192.0.2.1`) as IPv4. Null where the socket no longer knows.
 */
export function socketEndpoint(address: string | undefined, port: number | undefined): Endpoint | null {
  if (address === undefined || port === undefined) return null;
  return { address: canonicalAddress(address) ?? address, port };
}
