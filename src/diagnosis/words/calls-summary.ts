import type { ActivePortInterval, ActivePortState, ActiveReach } from "../../model/report.ts";
import { FAMILY, listed, portsInWords, triedInWords } from "../../model/words.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";

/** Which of our own ports the server can call, in a sentence or two that can be forwarded; null where none was tried. */
export function summariseCalls(facts: Facts): string | null {
  const { host } = facts.evidence.target;
  const all = calledPorts(facts);
  // One address per family stands for the others.
  const over = ({ family }: ActiveReach) => (all.length > 1 ? ` over ${FAMILY[family]}` : "");
  const sentences = all.flatMap((reach) => reachInWords(reach, `${host}${over(reach)}`) ?? []);
  return sentences.length === 0 ? null : sentences.join(" ");
}

/** One sentence for one address. */
function reachInWords({ everyPort, counts, intervals, ...range }: ActiveReach, host: string): string | null {
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.untried;
  if (tried === 0) return null;
  const where = (those: readonly ActivePortInterval[]) => listed(those.map(triedInWords));
  const of = (...states: readonly ActivePortState[]) => intervals.filter(({ state }) => states.includes(state));
  const called = counts.works + counts.cut;
  const single = range.from === range.to;
  if (called === tried) {
    const which = single ? "" : everyPort ? "all of " : `all ${tried} that were tried of `;
    return `${host} can call ${which}this machine's ${portsInWords(range)}.`;
  }
  const blocked = of("blocked");
  const silent = blocked.filter(({ gaveUpAtOnce }) => gaveUpAtOnce !== true);
  const gaveUp = blocked.filter(({ gaveUpAtOnce }) => gaveUpAtOnce === true);
  const rest = [
    ...(silent.length === 0
      ? []
      : [`no call arrived at ${where(silent)}: a firewall or NAT on this side, or the server's own, stops it`]),
    ...(gaveUp.length === 0
      ? []
      : [
          `it gave up calling ${where(gaveUp)} at once: a firewall refuses the call, or the server is still busy with calls of a run before`,
        ]),
    ...(counts.refused === 0 ? [] : [`it refuses to call ${where(of("refused"))}`]),
    ...(counts.busy === 0 ? [] : [`${where(of("busy"))} could not be listened on`]),
  ].join("; ");
  if (single) return `${host} cannot call this machine's ${portsInWords(range)}: ${rest}.`;
  const which = everyPort ? portsInWords(range) : `${portsInWords(range)}, of which ${tried} were tried`;
  return `Of this machine's ${which}, ${host} can call ${called === 0 ? "none" : where(of("works", "cut"))}; ${rest}.`;
}
