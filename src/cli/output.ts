import { resolve } from "node:path";
import { render } from "../index.ts";
import type { Run } from "../model/report.ts";
import { FileProblem, type Files } from "../system/ports.ts";
import type { ReportChoices, ReportDestination } from "./invocation.ts";
import type { Io } from "./io.ts";
import { writeText } from "./output-text.ts";
import { UsageProblem } from "./problem.ts";
import { isAscii, wantsColor, widthOf } from "./terminal.ts";
import { shown } from "./values.ts";

/** Destinations that can be written. */
export interface CheckedDestinations {
  /** Removes the files that the check made and that nothing was written to. */
  tidy(): Promise<void>;
}

/**
 * Makes sure, before anything is probed, that every file can be written and that no two are the same. Throws
 * `FileProblem`, and `UsageProblem` for one file under two names.
 */
export async function checkDestinations(
  destinations: readonly ReportDestination[],
  files: Files,
): Promise<CheckedDestinations> {
  const names = destinations.flatMap(({ file }) => file ?? []);
  refuseSame(names.map((name) => ({ name, identity: resolve(name) })));
  const created: string[] = [];
  const tidy = async () => {
    for (const name of created) await files.removeEmpty(name);
  };
  try {
    const known: { name: string; identity: string }[] = [];
    for (const name of names) {
      const checked = await files.checkWritable(name);
      if (checked.created) created.push(name);
      if (checked.identity !== null) known.push({ name, identity: checked.identity });
    }
    refuseSame(known);
  } catch (error) {
    await tidy();
    throw error;
  }
  return { tidy };
}

/** Two reports in one file would leave the later one, or a mixture. */
function refuseSame(files: readonly { name: string; identity: string }[]): void {
  for (const [index, { name, identity }] of files.entries()) {
    const other = files.slice(0, index).find((earlier) => earlier.identity === identity);
    if (other === undefined) continue;
    throw new UsageProblem(`${shown(other.name)} and ${shown(name)} are the same file; name a file for each report`);
  }
}

/** Writes the run to every destination, whatever becomes of the others. Throws `FileProblem` when all were tried. */
export async function writeReports(run: Run, choices: ReportChoices, io: Io, files: Files): Promise<void> {
  const problems: unknown[] = [];
  for (const destination of choices.destinations) {
    try {
      await writeReport(run, destination, choices, io, files);
    } catch (error) {
      problems.push(error);
    }
  }
  // A bug is told before a full disk.
  const bug = problems.find((problem) => !(problem instanceof FileProblem));
  if (bug !== undefined) throw bug;
  const messages = problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)));
  if (messages.length > 0) throw new FileProblem(messages.join(". Also: "));
}

async function writeReport(
  run: Run,
  { format, file }: ReportDestination,
  { verbose, quiet, clients, noColor }: ReportChoices,
  io: Io,
  files: Files,
): Promise<void> {
  if (file === null) {
    const color = wantsColor(io.stdout, io.env, noColor);
    const width = widthOf(io);
    await writeText(
      io.stdout,
      await render(run, format, { color, width, verbose, quiet, clients, ascii: isAscii(io) }),
    );
  } else {
    await files.write(file, await render(run, format, { verbose, quiet, clients }));
  }
}
