import { safeJson } from "./escape.ts";
import type { Reporter } from "./reporter.ts";

/** What was seen without what was concluded: `diagnose` judges it again. */
export const evidence: Reporter = {
  name: "evidence",
  describe: "only what was seen, one JSON line per target, to be judged again by `diagnose`",
  mediaType: "application/x-ndjson",
  render: (run) => run.reports.map((report) => `${safeJson(report.evidence)}\n`).join(""),
};
