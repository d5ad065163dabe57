import { safeJson } from "./escape.ts";
import type { Reporter } from "./reporter.ts";

/** The contract for programs: the run object. */
export const json: Reporter = {
  name: "json",
  describe: "the whole run as one JSON object, for programs and for keeping",
  mediaType: "application/json",
  render: (run) => `${safeJson(run, 2)}\n`,
};
