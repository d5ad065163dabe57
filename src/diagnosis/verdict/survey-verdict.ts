import type { SweepRecord } from "../../model/evidence.ts";
import type { Finding } from "../../model/report.ts";
import type { Facts } from "../facts/facts.ts";
import type { DialledAttempt } from "../facts/passive-ports.ts";
import { liesIn, type PortSurvey, rangesOf, surveyOf } from "../facts/port-survey.ts";
import { stoppedBy, type Undetermined, type VerdictReason } from "./verdict.ts";

/** How far the ports of a survey can be reached. */
export type Reach = "all" | "part" | "none" | "untold";

/** The judgement of a survey of ports: healthy where nothing is filtered, degraded where a part is, broken where all is. */
export function surveyVerdict(facts: Facts, findings: readonly Finding[]): VerdictReason {
  const survey = surveyOf(facts);
  const refusing = refusingPassive(findings);
  switch (reachOf(survey)) {
    case "all": {
      if (refusing !== null) return { verdict: refusing, reason: null };
      const unproven = whyUnproven(survey, facts, findings);
      return unproven === null ? { verdict: "healthy", reason: null } : { verdict: "undetermined", reason: unproven };
    }
    case "part":
      return { verdict: "degraded", reason: null };
    case "none":
      return facts.evidence.complete
        ? { verdict: "broken", reason: null }
        : { verdict: "undetermined", reason: "interrupted" };
    case "untold":
      if (refusing !== null && facts.evidence.complete) return { verdict: refusing, reason: null };
      return { verdict: "undetermined", reason: whyUntold(survey, facts, findings) };
  }
}

/** Findings that say that the server itself has no port to offer, whatever lies before it. */
export const REFUSING: readonly string[] = ["pasv-range-exhausted"];

/** What it comes to that the server has no port to offer, now and then or at all; null where it has. */
function refusingPassive(findings: readonly Finding[]): "broken" | "degraded" | null {
  const [found] = findings.filter(({ id, role }) => role === "cause" && REFUSING.includes(id));
  if (found === undefined) return null;
  return found.severity === "error" ? "broken" : "degraded";
}

/**
 * Why ports that answer are not proven to be the server's; null where they are. A reset is as easily sent by a firewall, so an offer
 * must have opened. Only who gave no credentials asked for the sweep alone, and gets its answer.
 */
function whyUnproven({ opened, sweeps }: PortSurvey, facts: Facts, findings: readonly Finding[]): Undetermined | null {
  if (!facts.evidence.complete) return "interrupted";
  const stopped = stoppedBy(facts, findings);
  if (stopped !== null) return stopped === "anonymous-refused" ? null : stopped;
  if (opened.length === 0) return facts.loggedIn ? "no-offers" : "not-reached";
  const unproven = sweeps.find(({ address }) => opened.every(({ record }) => record.address !== address));
  if (unproven === undefined) return null;
  const at = facts.addresses.find(({ address }) => address === unproven.address);
  return at?.logins.some(({ result }) => result === "logged-in") ? "no-offers" : "not-reached";
}

/**
 * What is known of the reach. Ports that were not tried leave open whether all or none can be reached, and take nothing
 * from a part that can and a part that cannot.
 */
export function reachOf({ accepting, unlikely, sweeps, counts, opened, doubtful, failed }: PortSurvey): Reach {
  if (accepting.length > 0 || unlikely) return "untold";
  const stopped = counts.filtered + counts.rejected;
  const some = sweeps.some((sweep) => showsReach(sweep, { opened, doubtful, failed })) || opened.length > 0;
  const others = stopped + failed.length > 0;
  if (some && (others || doubtful.length > 0)) return "part";
  if (!some && !others) return "untold";
  // Hosts send few ICMP errors in a second; a port that can be reached resets, which nobody counts.
  const limited = !some && counts.rejected > 0 && sweeps.every(({ status, stopped }) => status === "done" && !stopped);
  if (counts.untried > 0 && !limited) return "untold";
  return some ? "all" : "none";
}

/**
 * Whether ports of the sweep are reached. What answers with resets in the server's place looks closed: a port of the same address
 * that refuses while it is offered was not reached, and the others like it were not either.
 */
function showsReach(
  { address, intervals }: SweepRecord,
  { opened, doubtful, failed }: Pick<PortSurvey, "opened" | "doubtful" | "failed">,
): boolean {
  const closed = rangesOf(intervals, (state) => state === "closed");
  const isHere = ({ record }: DialledAttempt): boolean => record.address === address;
  const disguised =
    !opened.some(isHere) &&
    failed.filter(isHere).some(({ answer, atPeer }) => answer === "refused" && liesIn(atPeer.endpoint.port, closed));
  // Where something answers in the server's place, what accepts tells nothing of the way to it.
  const taken = doubtful.some(isHere);
  return !disguised && intervals.some(({ state }) => state === "closed" || (state === "open" && !taken));
}

function whyUntold(
  { accepting, unlikely, counts, doubtful, sweeps }: PortSurvey,
  facts: Facts,
  findings: readonly Finding[],
): Undetermined {
  if (!facts.evidence.complete) return "interrupted";
  if (accepting.length > 0 || unlikely) return "accepts-all";
  if (sweeps.some(({ stopped }) => stopped === "offers-slow")) return "silence-doubted";
  if (counts.untried > 0) return "sweep-unfinished";
  if (doubtful.length > 0) return "answered-anyway";
  return stoppedBy(facts, findings) ?? (facts.loggedIn ? "no-offers" : "not-reached");
}
