import { classifyAddress, isIpLiteral } from "../../model/address.ts";
import { type Family, familyOf } from "../../model/endpoint.ts";
import { parseTarget, type Target } from "../../model/target.ts";
import { realFiles } from "../../system/files.ts";
import { readRoots } from "../ca-file.ts";
import { type Credentials, checkPasswordSources, findCredentials } from "../credentials.ts";
import type { CredentialChoices, ProbeChoices, ProbeInvocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { oneLine } from "../one-line.ts";
import { checkDestinations } from "../output.ts";
import { tell } from "../output-text.ts";
import { UsageProblem } from "../problem.ts";
import { proxyProblem } from "../proxy.ts";
import { shown } from "../values.ts";

/** Probes every target, prints the reports in the order asked for and answers with the exit code. */
export async function probeCommand(asked: ProbeInvocation, io: Io): Promise<number> {
  const { targets, credentials, extraRoots } = await prepareTargets(asked, io);
  const checked = await checkDestinations(asked.report.destinations, realFiles);
  try {
    // Only now the machinery is loaded: a mistake in the command line is answered at once.
    const { probeTargets } = await import("../probe-targets.ts");
    return await probeTargets(targets, credentials, { ...asked, probe: { ...asked.probe, extraRoots } }, io);
  } finally {
    await checked.tidy();
  }
}

/** What a command needs to know of its targets before anything is sent. */
export interface Prepared {
  /** The targets, in the order given. */
  targets: Target[];
  /** The login of each. */
  credentials: Credentials[];
  /** Further root certificates; null for none. */
  extraRoots: string[] | null;
}

/** Reads the targets and finds their credentials. Throws `UsageProblem` for what could only fail. */
export async function prepareTargets(
  asked: { targets: string[]; probe: ProbeChoices; credentials: CredentialChoices; caFile: string | null },
  io: Io,
): Promise<Prepared> {
  const answers = asked.targets.map((text) => readTarget(text, asked.probe, io));
  const targets = answers.map(({ target }) => target);
  checkResolve(asked.probe, targets);
  checkFamilies(asked.probe, targets);
  await checkSourceAddress(asked.probe.sourceAddress);
  checkPasswordSources(targets, asked.credentials);
  const problem = proxyProblem(io.env);
  if (problem !== null) throw new UsageProblem(problem);
  for (const warning of answers.flatMap(({ warnings }) => warnings)) {
    void tell(io, `ftp-doctor: warning: ${oneLine(warning)}\n`);
  }
  const credentials = await findCredentials(targets, asked.credentials, io, realFiles);
  return { targets, credentials, extraRoots: await readRoots(asked.caFile) };
}

function readTarget(text: string, choices: ProbeChoices, io: Io): { target: Target; warnings: string[] } {
  const answer = parseTarget(text, choices.security);
  if (!answer.ok) throw new UsageProblem(answer.problem);
  const { target } = answer;
  // The command line of a running program is public on this machine, and the target stands in it.
  if (target.password !== null) io.hideArguments();
  if (familiesAt(target, choices).length === 0 && isIpLiteral(target.host)) {
    throw new UsageProblem(
      `${target.host} is not of the address family asked for; leave --family or --source-address out`,
    );
  }
  return answer;
}

/** The families that a target may be probed over: those asked for, as far as its addresses are known beforehand. */
function familiesAt(target: Target, choices: ProbeChoices): Family[] {
  const told = Object.hasOwn(choices.resolve, target.host) ? choices.resolve[target.host] : undefined;
  const known = isIpLiteral(target.host) ? [target.host] : told;
  return choices.families.filter((family) => known?.some((address) => familyOf(address) === family) ?? true);
}

/** What can only fail is said before a probe, and not found in the server by it. */
function checkFamilies({ required, activeAddress, ...choices }: ProbeChoices, targets: readonly Target[]): void {
  const families = (target: Target) => familiesAt(target, { required, activeAddress, ...choices });
  const without = targets.find((target) => !families(target).includes("ipv6"));
  if (required?.includes("ipv6") && without !== undefined) {
    throw new UsageProblem(`--require ipv6: ${without.host} is not probed over IPv6; name a host or an IPv6 address`);
  }
  if (activeAddress === null || targets.some((target) => families(target).includes(familyOf(activeAddress)))) return;
  const wanted = familyOf(activeAddress) === "ipv6" ? "IPv4" : "IPv6";
  throw new UsageProblem(
    `--active-address ${activeAddress}: the server is probed over ${wanted} alone; give an ${wanted} address`,
  );
}

/** How systems refuse to listen at an address that is not their own, or of a family that they lack. */
const NOT_OURS: readonly string[] = ["EADDRNOTAVAIL", "EINVAL", "EAFNOSUPPORT"];

/** Every connection would fail, and the server would be blamed. Asked of the system: it may take more than it lists. */
async function checkSourceAddress(address: string | null): Promise<void> {
  if (address === null) return;
  const { realNetwork } = await import("../../system/network.ts");
  const answer = await realNetwork.listen({ address, port: 0 });
  if (answer.ok) answer.listener.close();
  // Whatever else forbids listening need not forbid connecting.
  const foreign = !answer.ok && NOT_OURS.includes(answer.failure.code ?? "");
  const { class: kind } = classifyAddress(address);
  if (!foreign && kind !== "multicast" && kind !== "broadcast") return;
  const family = familyOf(address);
  const own = [family === "ipv6" ? "::1" : "127.0.0.1", ...realNetwork.addresses()].filter(
    (one) => familyOf(one) === family && one !== address,
  );
  const advice = own.length > 0 ? `choose one of ${own.join(", ")}` : "leave the option out";
  throw new UsageProblem(`--source-address ${address} is not an address of this machine; ${advice}`);
}

/** A misspelt `--resolve` would silently probe another machine. */
function checkResolve(choices: ProbeChoices, targets: readonly Target[]): void {
  const unused = Object.keys(choices.resolve).find((host) => !targets.some((target) => target.host === host));
  if (unused !== undefined)
    throw new UsageProblem(`--resolve names ${shown(unused)}, which is not a target of this run`);
}
