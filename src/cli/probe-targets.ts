import { diagnose, exitCode, probe } from "../index.ts";
import type { Report } from "../model/report.ts";
import type { Target } from "../model/target.ts";
import { realFiles } from "../system/files.ts";
import type { Credentials } from "./credentials.ts";
import { watchInterrupts } from "./interrupt.ts";
import type { ProbeInvocation } from "./invocation.ts";
import type { Io } from "./io.ts";
import { writeReports } from "./output.ts";
import { openProgress } from "./progress-line.ts";
import { beginRun } from "./run.ts";

/** Targets probed at the same time: enough to hide the time-outs of some, few enough for the own firewall. */
const CONCURRENT_TARGETS = 4;

/** Probes the targets with their credentials, prints the reports in the order asked for and answers with the exit code. */
export async function probeTargets(
  targets: readonly Target[],
  credentials: readonly Credentials[],
  asked: ProbeInvocation,
  io: Io,
): Promise<number> {
  const progress = openProgress(io, {
    count: targets.length,
    noProgress: asked.report.noProgress || asked.report.quiet,
    noColor: asked.report.noColor,
  });
  const interrupts = watchInterrupts(io, () => {
    if (io.stderr.isTTY) io.stderr.write("\rftp-doctor: stopping; Ctrl+C once more leaves at once\n");
  });
  try {
    const run = beginRun();
    const reports = await probeAll(targets, async (target, index) => {
      const evidence = await probe(
        target,
        { ...asked.probe, ...credentials[index], security: asked.probe.security ?? target.security },
        {
          signal: interrupts.signal,
          onProgress: (text) => progress.update(target.host, text),
        },
      );
      progress.done(target.host);
      return diagnose(evidence);
    });
    const finished = run.end(reports);
    progress.stop();
    await writeReports(finished, asked.report, io, realFiles);
    return exitCode(finished.verdict, { failOn: asked.report.failOn, interrupted: interrupts.signal.aborted });
  } finally {
    progress.stop();
    interrupts.release();
  }
}

/** Probes several targets at a time, never one host twice at once: its firewall would take it for an attack. */
async function probeAll(
  targets: readonly Target[],
  probeOne: (target: Target, index: number) => Promise<Report>,
): Promise<Report[]> {
  const reports: Report[] = [];
  const waiting = targets.map((target, index) => ({ target, index }));
  const busy = new Map<string, Promise<void>>();
  while (waiting.length > 0 || busy.size > 0) {
    const next = waiting.findIndex(({ target }) => !busy.has(target.host));
    const job = next !== -1 && busy.size < CONCURRENT_TARGETS ? waiting.splice(next, 1)[0] : undefined;
    if (job === undefined) {
      await Promise.race(busy.values());
      continue;
    }
    const { target, index } = job;
    const work = probeOne(target, index).then((report) => {
      reports[index] = report;
    });
    busy.set(
      target.host,
      work.finally(() => busy.delete(target.host)),
    );
  }
  return reports;
}
