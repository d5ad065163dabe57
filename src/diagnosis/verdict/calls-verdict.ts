import type { PortRange } from "../../model/evidence.ts";
import type { Finding } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";
import { stoppedBy, type VerdictReason } from "./verdict.ts";

/** Whether the run was to find out which of our own ports the server can call. */
export function isCallSurvey({ evidence }: Pick<Facts, "evidence">): boolean {
  return evidence.policy.calledAt != null;
}

/** Healthy where the server can call every port tried, degraded where a part, broken where none. */
export function callsVerdict(facts: Facts, findings: readonly Finding[]): VerdictReason {
  const { called, uncalled, untried } = totals(facts);
  if (called > 0 && uncalled > 0) return { verdict: "degraded", reason: null };
  const { complete } = facts.evidence;
  if (untried > 0 || called + uncalled === 0) {
    const reason = complete
      ? (stoppedBy(facts, findings) ?? (facts.loggedIn ? "required-untested" : "not-reached"))
      : "interrupted";
    return { verdict: "undetermined", reason };
  }
  return { verdict: called > 0 ? "healthy" : "broken", reason: null };
}

function totals(facts: Facts) {
  const reaches = calledPorts(facts);
  const sum = (...states: (keyof (typeof reaches)[number]["counts"])[]) =>
    reaches.reduce((all, { counts }) => all + states.reduce((some, state) => some + counts[state], 0), 0);
  return {
    called: sum("works", "cut"),
    uncalled: sum("blocked", "refused"),
    untried: sum("untried"),
    busy: sum("busy"),
  };
}

/** What was found out, in a sentence or two that can be forwarded; null where nothing was. */
export function summariseCalls(facts: Facts): string | null {
  const { host } = facts.evidence.target;
  const sentences = calledPorts(facts).map(({ from, to, everyPort, counts, intervals }) => {
    const tried = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.untried;
    if (tried === 0) return null;
    const where = (...states: readonly string[]) =>
      listed(intervals.filter(({ state }) => states.includes(state)).map(inWords));
    const which = everyPort ? `ports ${from} to ${to}` : `${tried} ports from ${from} to ${to}`;
    const called = counts.works + counts.cut;
    if (called === tried) return `${host} can call all of this machine's ${which} that were tried.`;
    const rest = [
      ...(counts.blocked === 0
        ? []
        : [`no call arrived at ${where("blocked")}: a firewall or NAT on this side, or the server's own, stops it`]),
      ...(counts.refused === 0 ? [] : [`the server refuses to call ${where("refused")}`]),
      ...(counts.busy === 0 ? [] : [`${where("busy")} could not be listened on`]),
    ].join("; ");
    const begin = called === 0 ? "none" : `${where("works", "cut")}`;
    return `Of this machine's ${which}, ${host} can call ${begin}; ${rest}.`;
  });
  const told = sentences.filter((sentence) => sentence !== null);
  return told.length === 0 ? null : told.join(" ");
}

function inWords({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from} to ${to}`;
}
