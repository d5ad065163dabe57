import type { Endpoint } from "../model/endpoint.ts";

/** The argument of EPRT, `|1|198.51.100.10|50321|` or `|2|2001:db8::5|50321|` (RFC 2428). Throws `RangeError` for no IP literal or a bad port. */
export function encodeEprt(_endpoint: Endpoint): string {
  throw new Error("not written yet");
}
