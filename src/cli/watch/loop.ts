import type { Report, Verdict } from "../../model/report.ts";
import { interruptionText } from "../../reporters/interruption-text.ts";
import type { Clock } from "../../system/ports.ts";
import { carried, changeLines, openingLines, type State, stateOf } from "./state.ts";
import { localTime, Tally } from "./tally.ts";

/** Between the end of a run and the beginning of the next, however long the run took. */
const LEAST_REST_MS = 2_000;

/** What a watch is made of. */
export interface Watch {
  /** Makes one run. */
  probe(): Promise<Report>;
  /** The clock. */
  clock: Clock;
  /** From the beginning of one run to that of the next, in milliseconds. */
  intervalMs: number;
  /** Runs to make; null for as many as time allows. */
  count: number | null;
  /** Ends the watch; the run under way is not counted, and told only where it is the first. */
  signal: AbortSignal;
  /** Takes a line about a change, its time in front; false where nobody reads any more. */
  line(text: string): Promise<boolean>;
  /** Takes every report; false where nobody reads any more. */
  report(report: Report): Promise<boolean>;
}

/** What a watch came to. */
export interface Watched {
  /** The worst verdict of all runs; null where none came to its end. */
  worst: Verdict | null;
  /** Lines of the summary. */
  summary: string[];
}

/** Probes at an interval, tells every change, and sums up in the end. Nothing of a run is kept beyond the next one. */
export async function watch(asked: Watch): Promise<Watched> {
  const { clock, signal } = asked;
  const tally = new Tally();
  let before: State | null = null;
  while (!signal.aborted && (asked.count === null || tally.runs < asked.count)) {
    const begunMs = clock.now();
    const date = clock.date();
    const report = await asked.probe();
    const unfinished = signal.aborted && !report.complete;
    // Of a later run more is known than it could tell.
    if (unfinished && before !== null) break;
    const now = stateOf(report);
    if (!unfinished) tally.add(now, begunMs, date);
    const lines: string[] = before === null ? openingLines(now) : changeLines(before, now);
    const missing = unfinished ? interruptionText(report) : null;
    if (missing !== null) lines.push(missing);
    before = before === null ? now : carried(before, now);
    let read = await asked.report(report);
    for (const text of lines) read = (await asked.line(`${localTime(date)}  ${text}`)) && read;
    if (!read || unfinished || tally.runs === asked.count) break;
    await clock.sleep(Math.max(LEAST_REST_MS, asked.intervalMs - (clock.now() - begunMs)), signal);
  }
  const endedMs = clock.now();
  tally.until(endedMs);
  if (tally.runs === 0) return { worst: null, summary: ["no run came to its end"] };
  return { worst: tally.worst, summary: tally.summary(endedMs) };
}
