import { diagnose, exitCode, probe } from "../../index.ts";
import type { Report } from "../../model/report.ts";
import { parseTarget, type Target } from "../../model/target.ts";
import { realFiles } from "../../system/files.ts";
import { type Credentials, findCredentials } from "../credentials.ts";
import { watchInterrupts } from "../interrupt.ts";
import type { Invocation, ProbeChoices } from "../invocation.ts";
import type { Io } from "../io.ts";
import { oneLine } from "../one-line.ts";
import { checkDestinations, writeReports } from "../output.ts";
import { UsageProblem } from "../problem.ts";
import { openProgress } from "../progress-line.ts";
import { proxyProblem } from "../proxy.ts";
import { beginRun } from "../run.ts";
import { TLS_NOT_YET } from "../unknown-option.ts";
import { shown } from "../values.ts";

/** Targets probed at the same time: enough to hide the time-outs of some, few enough for the own firewall. */
const CONCURRENT_TARGETS = 4;

/** Probes every target, prints the reports in the order asked for and answers with the exit code. */
export async function probeCommand(asked: Extract<Invocation, { command: "probe" }>, io: Io): Promise<number> {
  const targets = asked.targets.map((text) => readTarget(text, asked.probe, io));
  checkResolve(asked.probe, targets);
  const problem = proxyProblem(io.env);
  if (problem !== null) throw new UsageProblem(problem);
  await checkDestinations(asked.report.destinations, realFiles);
  const credentials = await findCredentials(targets, asked.credentials, io, realFiles);

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
        { ...asked.probe, ...login(credentials[index]), security: security(target, asked.probe) },
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

function readTarget(text: string, choices: ProbeChoices, io: Io): Target {
  const answer = parseTarget(text);
  if (!answer.ok) throw new UsageProblem(answer.problem);
  const { target, warnings } = answer;
  if (target.security === "explicit" || target.security === "implicit") {
    throw new UsageProblem(`${shown(target.input)}: ${TLS_NOT_YET}`);
  }
  if (
    choices.families.length === 1 &&
    target.host.includes(":") !== (choices.families[0] === "ipv6") &&
    isLiteral(target.host)
  ) {
    throw new UsageProblem(
      `${target.host} is not of the address family asked for; leave --family or --source-address out`,
    );
  }
  // The command line of a running program is public on this machine, and the target stands in it.
  if (target.password !== null) io.hideArguments();
  for (const warning of warnings) io.stderr.write(`ftp-doctor: warning: ${oneLine(warning)}\n`);
  return target;
}

function isLiteral(host: string): boolean {
  return host.includes(":") || /^[\d.]+$/.test(host);
}

/** A misspelt `--resolve` would silently probe another machine. */
function checkResolve(choices: ProbeChoices, targets: readonly Target[]): void {
  const unused = Object.keys(choices.resolve).find((host) => !targets.some((target) => target.host === host));
  if (unused !== undefined)
    throw new UsageProblem(`--resolve names ${shown(unused)}, which is not a target of this run`);
}

function login(credentials: Credentials | undefined): Credentials {
  return credentials ?? { user: null, password: null };
}

function security(target: Target, choices: ProbeChoices): Target["security"] {
  return choices.security ?? target.security;
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
