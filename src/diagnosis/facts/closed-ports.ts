import type { Rival, Side } from "../../model/report.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import type { Args, Judgement } from "../define-rule.ts";
import type { Facts } from "./facts.ts";
import {
  type DialledAttempt,
  idsOf,
  nothingDialled,
  type OfferedPorts,
  offeredPorts,
  portArgs,
  seenOf,
} from "./passive-ports.ts";
import type { Closed } from "./port-pattern.ts";
import { liesIn } from "./port-survey.ts";
import { type SweptPorts, sweptPorts } from "./swept-ports.ts";

/** What a rule on closed passive ports adds to the common judgement. */
export interface ClosedPorts {
  /** How every port at the address must have answered. */
  state: Closed;
  /** The side at fault. */
  at: Side;
  /** What else it could be. */
  rivals: (attempts: readonly DialledAttempt[], facts: Facts) => Rival[];
}

/** The common judgement where every port offered at an address, or every port swept there, fails in the same way. */
export function judgeClosedPorts(facts: Facts, rule: ClosedPorts): Judgement {
  const offered = offeredPorts(facts);
  const everySweep = sweptPorts(facts);
  const hits = offered
    .filter((at) => at.pattern.kind === "closed" && stateOf(at, at.pattern.state, everySweep) === rule.state)
    .flatMap(({ attempts }) => attempts);
  const swept = everySweep.filter(({ reach, stoppedBy }) => reach === "none" && stoppedBy === rule.state);
  if (hits.length === 0 && swept.length === 0) {
    return offered.length === 0 ? nothingDialled(facts) : { kind: "absent" };
  }
  return {
    kind: "present",
    // One vantage point cannot tell the server's firewall from the client's own.
    confidence: "likely",
    at: rule.at,
    args: { ...portArgs(hits), ...sweptArgs(swept, hits) },
    because: [...idsOf(hits), ...swept.map(({ record }) => record.id)],
    seen: [...seenOf(hits), ...seenSweeps(swept)],
    rivals: rule.rivals(hits, facts),
  };
}

/**
 * How the ports offered are closed. Systems call an ICMP "port unreachable" (what Linux rejects with by default) a refusal, as they call a
 * reset; a sweep can tell them apart, because only so many ICMP errors are sent.
 */
function stateOf({ address, attempts }: OfferedPorts, state: Closed, swept: readonly SweptPorts[]): Closed {
  if (state !== "refused") return state;
  const isRejected = swept.some(
    ({ record, stopped, reach, stoppedBy }) =>
      record.address === address &&
      reach === "none" &&
      stoppedBy === "rejected" &&
      attempts.every(({ atPeer }) => liesIn(atPeer.endpoint.port, stopped)),
  );
  return isRejected ? "rejected" : state;
}

/** Nothing where there was no sweep; the server's address and the limit of a dial from the sweep where nothing was offered. */
function sweptArgs(swept: readonly SweptPorts[], hits: readonly DialledAttempt[]): Args {
  const [first] = swept;
  if (first === undefined) return {};
  const addresses = [...new Set([...hits, ...swept].map(({ record }) => record.address))];
  return {
    swept: rangeInWords(first.record.range),
    sweptPorts: first.record.range.to - first.record.range.from + 1,
    peer: addresses[0] ?? null,
    addresses,
    limitMs: Math.max(first.record.limitMs, ...hits.map(({ atPeer }) => atPeer.limitMs)),
  };
}

/** More parts of a sweep are counted. */
const SEEN_AT_MOST = 4;

/** What sweeps came to, as `seen`. */
export function seenSweeps(swept: readonly Pick<SweptPorts, "record">[]): string[] {
  return swept.map(({ record }) => {
    const parts = record.intervals.slice(0, SEEN_AT_MOST).map((part) => `${rangeInWords(part)} ${part.state}`);
    const rest = record.intervals.length - parts.length;
    return `${record.address}: ${listed(rest > 0 ? [...parts, `${rest} parts more`] : parts)}`;
  });
}

/** The sentence on a sweep that goes behind the one on the offers; empty where there was none. */
export function sweptInWords(args: Args): string {
  if (typeof args["swept"] !== "string") return "";
  return ` Of the range ${args["swept"]} every port was tried (${args["sweptPorts"]}), and not one could be reached.`;
}

/** Whether the ports were swept and none of those offered is spoken of. */
export function noOffer(args: Args): boolean {
  return typeof args["swept"] === "string" && Array.isArray(args["ports"]) && args["ports"].length === 0;
}
