import type { ActivePortState, ActiveReach } from "../../model/report.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";

/** Which of our own ports the server can call, in a sentence or two that can be forwarded; null where none was tried. */
export function summariseCalls(facts: Facts): string | null {
  const { host } = facts.evidence.target;
  const sentences = calledPorts(facts).flatMap((reach) => reachInWords(reach, host) ?? []);
  return sentences.length === 0 ? null : sentences.join(" ");
}

/** One sentence for one address. */
function reachInWords({ everyPort, counts, intervals, ...range }: ActiveReach, host: string): string | null {
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.untried;
  if (tried === 0) return null;
  const where = (...states: readonly ActivePortState[]) =>
    listed(intervals.filter(({ state }) => states.includes(state)).map(rangeInWords));
  const which = `${everyPort ? "ports" : `${tried} ports within`} ${rangeInWords(range)}`;
  const called = counts.works + counts.cut;
  if (called === tried) return `${host} can call all of this machine's ${which} that were tried.`;
  const rest = [
    ...(counts.blocked === 0
      ? []
      : [`no call arrived at ${where("blocked")}: a firewall or NAT on this side, or the server's own, stops it`]),
    ...(counts.refused === 0 ? [] : [`the server refuses to call ${where("refused")}`]),
    ...(counts.busy === 0 ? [] : [`${where("busy")} could not be listened on`]),
  ].join("; ");
  return `Of this machine's ${which}, ${host} can call ${called === 0 ? "none" : where("works", "cut")}; ${rest}.`;
}
