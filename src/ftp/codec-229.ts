import type { PortReading } from "./codec-oddity.ts";

/** Reads `229 Entering Extended Passive Mode (|||port|)` (RFC 2428), leniently. */
export function parseEpsvReply(_lines: readonly string[]): PortReading {
  throw new Error("not written yet");
}
