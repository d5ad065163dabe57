import { parseTarget, type Target } from "../../model/target.ts";
import { realFiles } from "../../system/files.ts";
import { findCredentials } from "../credentials.ts";
import type { Invocation, ProbeChoices } from "../invocation.ts";
import type { Io } from "../io.ts";
import { oneLine } from "../one-line.ts";
import { checkDestinations } from "../output.ts";
import { UsageProblem } from "../problem.ts";
import { proxyProblem } from "../proxy.ts";
import { TLS_NOT_YET } from "../unknown-option.ts";
import { shown } from "../values.ts";

/** Probes every target, prints the reports in the order asked for and answers with the exit code. */
export async function probeCommand(asked: Extract<Invocation, { command: "probe" }>, io: Io): Promise<number> {
  const targets = asked.targets.map((text) => readTarget(text, asked.probe, io));
  checkResolve(asked.probe, targets);
  const problem = proxyProblem(io.env);
  if (problem !== null) throw new UsageProblem(problem);
  const credentials = await findCredentials(targets, asked.credentials, io, realFiles);
  await checkDestinations(asked.report.destinations, realFiles);

  // Only now the machinery is loaded: a mistake in the command line is answered at once.
  const { probeTargets } = await import("../probe-targets.ts");
  return probeTargets(targets, credentials, asked, io);
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
