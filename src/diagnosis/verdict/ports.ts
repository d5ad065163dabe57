import type { PortRange, RemappedTrial, SweepRecord } from "../../model/evidence.ts";
import type { PortEstimate, PortInterval, PortRemark, PortSweep, PortsSummary } from "../../model/report.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";
import {
  acceptsAll,
  countStates,
  disguised,
  isReached,
  isStopped,
  liesIn,
  outsideOf,
  rangesOf,
  surveyOf,
} from "../facts/port-survey.ts";
import { boundsOfRandom } from "../facts/range-estimate.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { remarksOnDeclared } from "../words/port-remarks.ts";
import { summariseEstimate } from "./port-estimate.ts";

/**
 * The passive ports offered, repeated offers included, in the order of the offers, each with what became of the dial. Where two addresses were dialled on one
 * port, the one that connected tells the port's state: the other only tells of the address.
 */
export function summarisePorts(facts: Facts): PortsSummary {
  const offers = everyPassive(facts);
  const active = calledPorts(facts);
  const offered = offers.flatMap(({ record, advertised }) => {
    if (advertised === null || record.dialled.length === 0) return [];
    const dial =
      record.dialled.find(({ outcome }) => outcome === "connected") ??
      record.dialled.find(({ role }) => role === "peer") ??
      record.dialled[0];
    return dial === undefined ? [] : [{ port: advertised.port, outcome: dial.outcome }];
  });
  const ports = offers.flatMap(({ advertised }) => (advertised === null ? [] : [advertised.port]));
  const estimate = summariseEstimate(facts);
  const survey = surveyOf(facts);
  const doubtful = survey.doubtful.map(({ atPeer }) => atPeer.endpoint.port);
  const sweeps = facts.addresses.flatMap((address) =>
    address.sweeps.map((sweep) =>
      summariseSweep(sweep, {
        offered: offeredAt(facts, address.address),
        own: offeredAt(facts, address.address).filter((port) => !doubtful.includes(port)),
        answeredAnyway:
          survey.doubtful.some(({ record }) => record.address === address.address) &&
          !survey.opened.some(({ record }) => record.address === address.address),
        within: estimate?.address === address.address ? boundsOf(estimate, offeredAt(facts, address.address)) : null,
        control: facts.evidence.target.port,
        proven: survey.opened.some(({ record }) => record.address === address.address),
        refusedAnyway: disguised(sweep, survey),
        told: estimate?.address === address.address ? estimate.remarks : [],
        forwarder: address.remaps.some(({ trials }) => trials.some(isForwarder)),
      }),
    ),
  );
  return {
    offered,
    observed: ports.length === 0 ? null : { min: Math.min(...ports), max: Math.max(...ports) },
    estimate,
    swept: sweeps[0] ?? null,
    sweeps,
    ...(active.length === 0 ? {} : { active }),
  };
}

function offeredAt(facts: Facts, address: string): number[] {
  return everyPassive(facts).flatMap(({ record, advertised }) =>
    record.address === address && advertised !== null ? [advertised.port] : [],
  );
}

/** What is known of the ports of an address beside its sweep. */
interface KnownPorts {
  /** Ports that the server offered there. */
  offered: readonly number[];
  /** Those of them on which the server itself may still have listened. */
  own: readonly number[];
  /** Whether all that opened are answered whether offered or not. */
  answeredAnyway: boolean;
  /** Where its range lies, as far as the offers tell. */
  within: PortRange | null;
  /** The control port. */
  control: number;
  /** Whether an offer opened there. */
  proven: boolean;
  /** Ports that refuse in the server's place. */
  refusedAnyway: PortRange[];
  /** What was said of the range that its offers show. */
  told: readonly PortRemark[];
  /** Whether what accepts there is known to pass connections on to the server, and to hang up where that does not listen. */
  forwarder: boolean;
}

function isForwarder({ passedOver, transfer }: RemappedTrial): boolean {
  return passedOver > 0 && transfer?.dataOutcome === "ok";
}

/** A sweep as the report tells of it. */
function summariseSweep(
  sweep: SweepRecord,
  { offered, own, answeredAnyway, within, control, proven, refusedAnyway, told, forwarder }: KnownPorts,
): PortSweep {
  const { range, intervals, address, rate, durationMs, slowdowns, stopped, limitedErrors } = sweep;
  const { untried, ...counts } = countStates(intervals);
  const believed = !acceptsAll(sweep);
  const reached = rangesOf(intervals, isReached);
  const open = rangesOf(intervals, (state) => state === "open");
  return {
    from: range.from,
    to: range.to,
    counts,
    intervals: intervals.flatMap(({ from, to, state }): PortInterval[] =>
      state === "untried" ? [] : [{ from, to, state }],
    ),
    address,
    untried,
    believed,
    proven,
    refusedAnyway,
    unreachable: rangesOf(intervals, isStopped),
    taken:
      believed && !forwarder && !answeredAnyway ? open.flatMap((range) => withoutOwn(range, [...own, control])) : [],
    answeredAnyway,
    // Where not one offer lies in the range swept, another one is meant, which is said of it.
    neverOffered:
      within === null || untried > 0 || !offered.some((port) => liesIn(port, [range]))
        ? null
        : outsideOf(reached, within),
    remarks: remarksOnDeclared(range, told),
    offeredOutside: [...new Set(offered)].filter((port) => !liesIn(port, [range])).sort((a, b) => a - b),
    rate,
    durationMs,
    slowdowns: slowdowns.length,
    stopped,
    assumedRejected: limitedErrors?.assumed ?? null,
  };
}

/** So sure it must be that a port lies outside of the server's range: one report of a thousand may be wrong in it. */
const SURE = 0.999;

/** The bounds outside of which the range that the offers come from does not lie; null where they do not tell. */
function boundsOf({ from, to, allocation }: PortEstimate, offered: readonly number[]): PortRange | null {
  if (from === null || to === null) return null;
  return allocation === "random" ? boundsOfRandom(offered, SURE) : { from, to };
}

/** A range without the ports that the server itself may listen on: those it just offered, and its control port. */
function withoutOwn(range: PortRange, own: readonly number[]): PortRange[] {
  return own.reduce((rest: PortRange[], port) => outsideOf(rest, { from: port, to: port }), [range]);
}
