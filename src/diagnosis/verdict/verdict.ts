import type { Outcome } from "../../model/failure.ts";
import type { Finding, Verdict } from "../../model/report.ts";
import { noWayFromHere, resolverUnheard } from "../facts/control-facts.ts";
import { type AddressFacts, decisiveLogin, type Facts } from "../facts/facts.ts";
import { isUnfinished } from "../facts/mode-table.ts";
import { happenedOnce } from "../facts/repeated-offers.ts";
import { type RequirementState, requirementState, requirementsOf, worst } from "./requirements.ts";
import { worksNowAndThen } from "./steadiness.ts";

/** From worst to best, as several targets are added up. */
const ORDER: readonly Verdict[] = ["broken", "undetermined", "degraded", "healthy"];

/** Findings that say no more than that a login without credentials, or in clear, was not wanted. */
const NO_CREDENTIALS: readonly string[] = ["auth-rejected", "auth-tls-required", "auth-anonymous-tls"];

/** Findings that say how the server wants its transfers: what it refuses for that is no trouble where it can be done as it wants. */
const POLICIES: readonly string[] = ["data-tls-prot-p-required"];

/** Why a run could not get far enough to say. */
export type Undetermined =
  | "no-network"
  | "no-resolver"
  | "withheld"
  | "anonymous-refused"
  | "tls-demanded"
  | "interrupted"
  | "not-reached"
  | "required-untested"
  | "required-unfinished"
  | "accepts-all"
  | "answered-anyway"
  | "sweep-unfinished"
  | "silence-doubted"
  | "no-offers";

/** The judgement, and where it is `undetermined` the reason. */
export interface VerdictReason {
  /** The verdict. */
  verdict: Verdict;
  /** Why it could not be told; null for every other verdict. */
  reason: Undetermined | null;
}

/** The judgement of one report (design: what is missing outranks what is broken, because it hides what else may be). */
export function verdictOf(facts: Facts, findings: readonly Finding[]): VerdictReason {
  const stopped = stoppedBy(facts, findings);
  if (stopped !== null) return { verdict: "undetermined", reason: stopped };
  const causes = findings.filter(({ role }) => role === "cause");
  if (causes.some(({ severity }) => severity === "critical" || severity === "error")) {
    return { verdict: "broken", reason: null };
  }
  const all = requirementsOf(facts);
  const ladders = facts.addresses.flatMap((address) => address.ladders);
  const required = worst(all.map((requirement) => requirementState(requirement, all, facts.rows, ladders)));
  if (worksNowAndThen(facts)) return { verdict: "degraded", reason: null };
  // A required mode that fails for a reason no rule knows is still broken.
  if (required === "unmet") return { verdict: "broken", reason: null };
  if (required === "unknown") {
    return {
      verdict: "undetermined",
      reason: !facts.evidence.complete ? "interrupted" : facts.loggedIn ? untested(facts) : "not-reached",
    };
  }
  if (causes.some(({ severity }) => severity === "warning")) return { verdict: "degraded", reason: null };
  const policy = findings.filter(({ id }) => POLICIES.includes(id)).flatMap(({ evidence }) => evidence);
  if (facts.rows.some((row) => isPassiveTrouble(row, facts) && !policy.includes(row.record)))
    return { verdict: "degraded", reason: null };
  const within = facts.addresses.filter((address) => !noWayFromHere(address, facts));
  const everywhere = worst(within.map((address) => atAddress(address, facts)));
  if (everywhere === "unmet") return { verdict: "degraded", reason: null };
  if (!facts.evidence.complete) return { verdict: "undetermined", reason: "interrupted" };
  if (everywhere === "unknown") return { verdict: "undetermined", reason: untested(facts) };
  return { verdict: "healthy", reason: null };
}

/** Transfers that began and still dripped at their limit were tested, if not to their end. */
function untested({ passive, active }: Facts): Undetermined {
  const begun = [...passive, ...active].some(({ record: { transfer } }) => transfer !== null && isUnfinished(transfer));
  return begun ? "required-unfinished" : "required-untested";
}

/** What kept the run from the question itself; null where nothing did. */
export function stoppedBy(facts: Facts, findings: readonly Finding[]): Undetermined | null {
  if (noNetwork(facts)) return "no-network";
  if (resolverUnheard(facts)) return "no-resolver";
  if (facts.loggedIn) return null;
  const logins = facts.addresses.flatMap((address) => address.logins);
  if (logins.some(({ result }) => result === "withheld") || isKeptFromClear(facts)) return "withheld";
  const refused = logins.filter(({ result }) => result === "rejected");
  if (refused.length === 0 || facts.evidence.policy.credentials !== "anonymous") return null;
  // A full or a crashing server refuses everybody: that is a fault of its own, whoever asks.
  const otherwise = findings.some(
    ({ id, severity, evidence }) =>
      !NO_CREDENTIALS.includes(id) &&
      (severity === "critical" || severity === "error") &&
      // Where TLS itself fails, a refusal in clear only says that there is no other way in.
      (id.startsWith("tls-") || refused.some((login) => evidence.includes(login.id))),
  );
  if (otherwise) return null;
  return findings.some(({ id }) => id === "auth-tls-required") ? "tls-demanded" : "anonymous-refused";
}

/** TLS failed, and real credentials were not taken elsewhere: no login was even begun. */
function isKeptFromClear({ addresses, evidence }: Facts): boolean {
  const { policy, target } = evidence;
  return (
    policy.credentials === "given" &&
    !policy.allowCleartext &&
    target.security === "auto" &&
    addresses.every(({ logins }) => logins.length === 0) &&
    addresses.some(({ secures }) => secures.some(({ handshake }) => handshake !== null && isOver(handshake.outcome)))
  );
}

/** A handshake that failed by itself. */
function isOver(outcome: Outcome): boolean {
  return outcome !== "ok" && outcome !== "cancelled";
}

/** Whether this machine has no way to any of the addresses: no network, or none of the server's family. */
function noNetwork(facts: Facts): boolean {
  if (facts.addresses.length > 0 && facts.addresses.every((address) => noWayFromHere(address, facts))) return true;
  if (facts.evidence.client.addresses.length > 0) return false;
  const controls = facts.addresses.flatMap((address) => address.controls);
  if (controls.length > 0) return controls.every(({ connect }) => connect.code === "ENETUNREACH");
  return facts.resolutions.length > 0 && facts.resolutions.every(({ outcome }) => outcome === "lookup-failed");
}

/** An offered passive mode that fails, or works only with a repair, while another works. */
function isPassiveTrouble({ mode, result, address, record }: Facts["rows"][number], facts: Facts): boolean {
  if ((mode !== "epsv" && mode !== "pasv") || (result !== "blocked" && result !== "repaired")) return false;
  return !happenedOnce({ id: record, mode, address }, facts);
}

/** Whether control, login and the required modes work at this address. */
function atAddress(address: AddressFacts, facts: Facts): RequirementState {
  if (address.control === "cancelled" || address.control === null) return "unknown";
  if (address.control !== "ready") return "unmet";
  const login = decisiveLogin(address)?.result;
  if (login !== undefined && login !== "logged-in") return "unmet";
  // `ipv6` asks for one address of that family, not for every address to be one.
  const all = requirementsOf(facts).filter((requirement) => requirement !== "ipv6");
  const rows = facts.rows.filter((row) => row.address === address.address);
  const named = all.length === 0 ? (["passive"] as const) : all;
  return worst(named.map((requirement) => requirementState(requirement, named, rows, address.ladders)));
}

/** The worst of several verdicts: broken, undetermined, degraded, healthy; `healthy` of none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? "healthy";
}

/** Exit code of a verdict: 0 healthy, 1 degraded, 2 broken, 3 undetermined, 130 interrupted (they are the Nagios codes). */
export function exitCode(
  verdict: Verdict,
  options: { /** `broken` turns degraded into 0. */ failOn: "degraded" | "broken"; interrupted: boolean },
): 0 | 1 | 2 | 3 | 130 {
  if (options.interrupted) return 130;
  switch (verdict) {
    case "healthy":
      return 0;
    case "degraded":
      return options.failOn === "broken" ? 0 : 1;
    case "broken":
      return 2;
    case "undetermined":
      return 3;
  }
}
