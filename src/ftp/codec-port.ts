import type { Endpoint } from "../model/endpoint.ts";

/** The argument of PORT, `h1,h2,h3,h4,p1,p2` (RFC 959). Throws `RangeError` for anything but IPv4 and a port of 1 to 65535. */
export function encodePort(_endpoint: Endpoint): string {
  throw new Error("not written yet");
}
