import { isIPv4, isIPv6 } from "node:net";
import type { Endpoint } from "../model/endpoint.ts";

/** `h1,h2,h3,h4,p1,p2` of RFC 959; an address that is not IPv4 has no such form and becomes zeros, as vsftpd does. */
export function hostPortText(endpoint: Endpoint): string {
  const host = isIPv4(endpoint.address) ? endpoint.address.replaceAll(".", ",") : "0,0,0,0";
  return `${host},${endpoint.port >> 8},${endpoint.port & 255}`;
}

/** The endpoint in a PORT argument; null where there is none. */
export function parsePort(argument: string): Endpoint | null {
  const numbers = argument.split(",").map((part) => (/^\d{1,3}$/.test(part.trim()) ? Number(part) : Number.NaN));
  const [a, b, c, d, high, low] = numbers;
  if (numbers.length !== 6 || numbers.some((n) => !(n <= 255)) || high === undefined || low === undefined) return null;
  return { address: [a, b, c, d].join("."), port: high * 256 + low };
}

/** What an EPRT argument says (RFC 2428): an endpoint, a protocol it does not know, or nothing readable. */
export type EprtAnswer = { kind: "endpoint"; endpoint: Endpoint } | { kind: "protocol" } | { kind: "unreadable" };

/** Reads an EPRT argument; any printable character may be the delimiter. */
export function parseEprt(argument: string): EprtAnswer {
  const delimiter = argument[0];
  if (delimiter === undefined) return { kind: "unreadable" };
  const [before, protocol, address, port, after, ...rest] = argument.split(delimiter);
  if (before !== "" || after !== "" || rest.length > 0 || address === undefined || port === undefined) {
    return { kind: "unreadable" };
  }
  if (protocol !== "1" && protocol !== "2") return { kind: "protocol" };
  const fits = protocol === "1" ? isIPv4(address) : isIPv6(address);
  if (!fits || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { kind: "unreadable" };
  return { kind: "endpoint", endpoint: { address, port: Number(port) } };
}
