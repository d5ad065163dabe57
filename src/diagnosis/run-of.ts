import { type Report, RUN_VERSION, type Run } from "../model/report.ts";
import { worstVerdict } from "./verdict/verdict.ts";

/** A run around reports that were made side by side, as `render` takes it. Throws a `RangeError` where there is none. */
export function runOf(reports: readonly Report[]): Run {
  // ISO 8601 in UTC sorts as text.
  const [earliest] = [...reports].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  if (earliest === undefined) throw new RangeError("a run needs a report");
  return {
    runVersion: RUN_VERSION,
    tool: earliest.evidence.tool,
    startedAt: earliest.startedAt,
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    verdict: worstVerdict(reports.map(({ verdict }) => verdict)),
    reports: [...reports],
  };
}
