/** An address family as the report names it. */
export type Family = "ipv4" | "ipv6";

/** One TCP endpoint. */
export interface Endpoint {
  /** IP literal without brackets or zone. */
  address: string;
  /** TCP port, 0 to 65535; 0 only when listening, for "any". */
  port: number;
}

/** The family of an IP literal: a colon can only stand in IPv6. */
export function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/** `203.0.113.5:21`, `[2001:db8::5]:21`. */
export function formatEndpoint(endpoint: Endpoint): string {
  return familyOf(endpoint.address) === "ipv6"
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}

/** Whether two endpoints are the same address and port, compared as text of canonical literals. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port;
}
