import { safeJson } from "./escape.ts";
import type { Reporter } from "./reporter.ts";

/** One report per line, for logs and for many targets. */
export const ndjson: Reporter = {
  name: "ndjson",
  render: (run) => run.reports.map((report) => `${safeJson(report)}\n`).join(""),
};
