import { canonicalAddress } from "../model/address.ts";
import { type Endpoint, familyOf } from "../model/endpoint.ts";
import { checkedPort } from "./codec-port.ts";

/**
 * The argument of EPRT, `|1|198.51.100.10|50321|` or `|2|2001:db8::5|50321|` (RFC 2428 section 2). Throws
 * `RangeError` for what is no IP literal and for a port outside 1 to 65535.
 */
export function encodeEprt(endpoint: Endpoint): string {
  const address = canonicalAddress(endpoint.address);
  if (address === null) throw new RangeError("EPRT needs an IP address");
  return `|${familyOf(address) === "ipv4" ? 1 : 2}|${address}|${checkedPort(endpoint.port)}|`;
}
