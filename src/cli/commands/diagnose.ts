import { diagnose, exitCode } from "../../index.ts";
import { realFiles } from "../../system/files.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { checkDestinations, writeReports } from "../output.ts";
import { UsageProblem } from "../problem.ts";
import { beginRun } from "../run.ts";
import { evidenceIn, readSaved } from "../saved.ts";

/** Judges saved evidence again, with the rules of this version. */
export async function diagnoseCommand(asked: Extract<Invocation, { command: "diagnose" }>, io: Io): Promise<number> {
  const run = beginRun();
  const evidence = [];
  for (const file of asked.files) {
    const found = (await readSaved(file, realFiles)).flatMap(evidenceIn);
    if (found.length === 0) throw new UsageProblem(`${file} is a run without reports; there is nothing to judge`);
    evidence.push(...found);
  }
  const checked = await checkDestinations(asked.report.destinations, realFiles);
  try {
    const finished = run.end(evidence.map((seen) => diagnose(seen)));
    await writeReports(finished, asked.report, io, realFiles);
    return exitCode(finished.verdict, { failOn: asked.report.failOn, interrupted: false });
  } finally {
    await checked.tidy();
  }
}
