import { safeJson } from "./escape.ts";
import type { Reporter } from "./reporter.ts";

/** What was seen without what was concluded: `diagnose` judges it again. */
export const evidence: Reporter = {
  name: "evidence",
  render: (run) => run.reports.map((report) => `${safeJson(report.evidence)}\n`).join(""),
};
