import type { AddressReading } from "./codec-oddity.ts";

/** Reads `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)` (RFC 959), leniently. */
export function parsePasvReply(_lines: readonly string[]): AddressReading {
  throw new Error("not written yet");
}
