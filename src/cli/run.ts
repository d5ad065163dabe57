import { worstVerdict } from "../index.ts";
import { tenth } from "../model/milliseconds.ts";
import { type Report, RUN_VERSION, type Run } from "../model/report.ts";
import { TOOL } from "../model/tool.ts";
import { realClock } from "../system/clock.ts";

/** Begins a run now; `end` wraps its reports. */
export function beginRun(): { end(reports: Report[]): Run } {
  const startedAt = realClock.date().toISOString();
  const began = realClock.now();
  return {
    end: (reports) => ({
      runVersion: RUN_VERSION,
      tool: TOOL,
      startedAt,
      durationMs: tenth(realClock.now() - began),
      verdict: worstVerdict(reports.map(({ verdict }) => verdict)),
      reports,
    }),
  };
}
