import type { ActivePortCounts, Finding } from "../../model/report.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";
import type { Reach } from "./survey-verdict.ts";
import { stoppedBy, type VerdictReason } from "./verdict.ts";

/** Whether the run was to find out which of our own ports the server can call. */
export function isCallSurvey({ evidence }: Pick<Facts, "evidence">): boolean {
  return evidence.policy.calledAt != null;
}

/** So many ports over the whole range, its two ends among them, stand for the others where nobody calls any of them. */
const ENOUGH = 3;

/** How many of our ports the server can call, as far as it was tried. */
export function reachOfCalls(facts: Facts): Reach {
  const { called, uncalled, untried } = totals(facts);
  if (called > 0 && uncalled > 0) return "part";
  if (facts.evidence.complete && called === 0 && uncalled >= ENOUGH) return "none";
  if (untried > 0 || called + uncalled === 0) return "untold";
  return called > 0 ? "all" : "none";
}

/** Healthy where the server can call every port tried, degraded where a part, broken where none. */
export function callsVerdict(facts: Facts, findings: readonly Finding[]): VerdictReason {
  const reach = reachOfCalls(facts);
  if (reach === "part") return { verdict: "degraded", reason: null };
  const { complete } = facts.evidence;
  if (reach === "untold") {
    const reason = complete
      ? (stoppedBy(facts, findings) ?? (facts.loggedIn ? "required-untested" : "not-reached"))
      : "interrupted";
    return { verdict: "undetermined", reason };
  }
  return { verdict: reach === "all" ? "healthy" : "broken", reason: null };
}

/** Our ports by what counts for the verdict; those that this machine could not listen on do not. */
function totals(facts: Facts): { called: number; uncalled: number; untried: number } {
  const all = calledPorts(facts).map(({ counts }) => counts);
  const sum = (of: (counts: ActivePortCounts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  return {
    called: sum(({ works, cut }) => works + cut),
    uncalled: sum(({ blocked, refused }) => blocked + refused),
    untried: sum(({ untried }) => untried),
  };
}
