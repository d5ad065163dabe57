import type { ModeResult } from "./report.ts";

/** Whether files can be moved in a mode that came out so, if only with the peer's address in place of the advertised one. */
export function carriesData(result: ModeResult): boolean {
  return result === "works" || result === "repaired";
}
