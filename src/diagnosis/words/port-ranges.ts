import { takenPorts } from "../../fingerprint/port-ranges.ts";
import type { PortRange } from "../../model/evidence.ts";
import { listed } from "../../model/words.ts";
import { liesIn } from "../facts/port-survey.ts";
import type { SweptPorts } from "../facts/swept-ports.ts";

/** More parts are told by their number and the largest of them. */
const NAMED_AT_MOST = 3;
/** With more stopped ports than these it is no single service's rule. */
const FEW = 16;

/** `49152-50000`, or `5060` for one port. */
export function rangeInWords({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/** `40000-40011 and 40038-40050`; of many the largest. */
export function rangesInWords(ranges: readonly PortRange[]): string {
  if (ranges.length <= NAMED_AT_MOST) return listed(ranges.map(rangeInWords));
  const [largest] = [...ranges].sort((a, b) => b.to - b.from - (a.to - a.from));
  return `${ranges.length} parts${largest === undefined ? "" : `, the largest ${rangeInWords(largest)}`}`;
}

/** Where a swept range begins and ends to be reachable: `49152-50000 answer, above nothing does`. */
export function borderInWords({ reached, stopped, stoppedBy }: SweptPorts): string {
  const [first, only] = [reached[0], stopped[0]];
  const not = stoppedBy === "rejected" ? "a firewall refuses (ICMP)" : "nothing does";
  if (reached.length === 1 && stopped.length === 1 && first !== undefined && only !== undefined) {
    return `${rangeInWords(first)} answer, ${only.from > first.to ? "above" : "below"} ${not}`;
  }
  if (stopped.length === 1 && only !== undefined) {
    return `all answer but ${rangeInWords(only)}, where ${not}`;
  }
  return reached.length === 1 && first !== undefined
    ? `${rangeInWords(first)} answer, below and above ${not}`
    : `${rangesInWords(reached)} answer, ${rangesInWords(stopped)} do not`;
}

/** Which of a few closed ports are known for something else; empty where none is, or where they are many. */
export function takenInWords(closed: readonly PortRange[]): string {
  const count = closed.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (count > FEW) return "";
  const known = takenPorts.filter(({ port }) => liesIn(port, closed));
  if (known.length === 0) return "";
  const inspected = known.some(({ how }) => how === "inspected");
  return ` ${listed(known.map(({ port, service }) => `${port} is known for ${service}`))}: ${inspected ? "firewalls inspect such ports, or have rules for them" : "firewalls often have rules for such ports"}.`;
}
