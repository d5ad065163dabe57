import { safeJson } from "./escape.ts";
import type { Reporter } from "./reporter.ts";

/** The contract for programs: the run object. */
export const json: Reporter = {
  name: "json",
  render: (run) => `${safeJson(run, 2)}\n`,
};
