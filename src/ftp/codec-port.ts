import { canonicalAddress, parseIpv4Strict } from "../model/address.ts";
import type { Endpoint } from "../model/endpoint.ts";

/**
 * The argument of PORT, `h1,h2,h3,h4,p1,p2` (RFC 959 section 4.1.2), port = p1 x 256 + p2. Throws `RangeError` for
 * anything but IPv4 (an IPv4-mapped address is one) and a port of 1 to 65535.
 */
export function encodePort(endpoint: Endpoint): string {
  const octets = parseIpv4Strict(canonicalAddress(endpoint.address) ?? "");
  if (octets === null) throw new RangeError("PORT can carry an IPv4 address only");
  const port = checkedPort(endpoint.port);
  return [...octets, port >> 8, port & 255].join(",");
}

/** The port where an active offer can name it. Throws `RangeError` otherwise. */
export function checkedPort(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError("a port is 1 to 65535");
  return port;
}
