import type { Run } from "../model/report.ts";
import type { FormatName, Reporter } from "../reporters/index.ts";
import type { Files } from "../system/ports.ts";
import type { ReportChoices, ReportDestination } from "./invocation.ts";
import type { Io, OutputStream } from "./io.ts";
import { writeText } from "./output-text.ts";

/** Where the terminal's width is not known. */
const DEFAULT_WIDTH = 80;
/** Lines longer than this are hard to read, however wide the terminal is. */
const MAX_WIDTH = 100;
const MIN_WIDTH = 40;

/** Each format is loaded when it is asked for: the table costs more to load than a run's JSON takes to write. */
const REPORTERS: Record<FormatName, () => Promise<Reporter>> = {
  table: async () => (await import("../reporters/table.ts")).table,
  json: async () => (await import("../reporters/json.ts")).json,
  ndjson: async () => (await import("../reporters/ndjson.ts")).ndjson,
  evidence: async () => (await import("../reporters/evidence.ts")).evidence,
};

/** Whether text on this stream may be coloured: `--no-color`, NO_COLOR, FORCE_COLOR, then the terminal decides. */
export function wantsColor(stream: OutputStream, env: Io["env"], noColor: boolean): boolean {
  if (noColor || (env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Columns to write for. */
export function widthOf(stream: OutputStream): number {
  return Math.max(MIN_WIDTH, Math.min(stream.columns ?? DEFAULT_WIDTH, MAX_WIDTH));
}

/** Makes sure, before anything is probed, that every file can be written. Throws `FileProblem`. */
export async function checkDestinations(destinations: readonly ReportDestination[], files: Files): Promise<void> {
  for (const { file } of destinations) if (file !== null) await files.checkWritable(file);
}

/** Writes the run to every destination. Throws `FileProblem`. */
export async function writeReports(run: Run, choices: ReportChoices, io: Io, files: Files): Promise<void> {
  const { verbose, quiet } = choices;
  for (const { format, file } of choices.destinations) {
    const reporter = await REPORTERS[format]();
    if (file === null) {
      const color = wantsColor(io.stdout, io.env, choices.noColor);
      await writeText(io.stdout, reporter.render(run, { color, width: widthOf(io.stdout), verbose, quiet }));
    } else {
      await files.write(file, reporter.render(run, { color: false, width: DEFAULT_WIDTH, verbose, quiet }));
    }
  }
}
