import { diagnose, runOf } from "../../index.ts";
import type { Report, Run } from "../../model/report.ts";
import { realFiles } from "../../system/files.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { checkDestinations, writeReports } from "../output.ts";
import { UsageProblem } from "../problem.ts";
import { readSaved, type Saved } from "../saved.ts";

/** Writes a saved report in another format, as it was judged then. Exit code 0: nothing is judged here. */
export async function renderCommand(asked: Extract<Invocation, { command: "render" }>, io: Io): Promise<number> {
  const run = asRun(await readSaved(asked.file, realFiles));
  if (run.reports.length === 0) {
    throw new UsageProblem(`${asked.file} is a run without reports; there is nothing to show`);
  }
  const checked = await checkDestinations(asked.report.destinations, realFiles);
  try {
    await writeReports(run, asked.report, io, realFiles);
    return 0;
  } finally {
    await checked.tidy();
  }
}

/** A saved run as it is; saved reports with a run around them, as if they had been made side by side. */
function asRun(saved: readonly Saved[]): Run {
  const [first] = saved;
  if (saved.length === 1 && first?.kind === "Run") return first.document;
  const reports = saved.flatMap(reportsIn);
  if (reports.length === 0) throw new UsageProblem("there is no report in the file; there is nothing to show");
  return runOf(reports);
}

/** Evidence has never been judged: that is done now. */
function reportsIn(saved: Saved): Report[] {
  switch (saved.kind) {
    case "Run":
      return saved.document.reports;
    case "Report":
      return [saved.document];
    case "Evidence":
      return [diagnose(saved.document)];
  }
}
