import type { OtherPortsRecord, PortRange, SweepRecord, SweptInterval, SweptState } from "../../model/evidence.ts";
import type { Facts } from "./facts.ts";
import { type DialledAttempt, offeredPorts } from "./passive-ports.ts";

/** What `ftp-doctor ports` found out. */
export interface PortSurvey {
  /** Sweeps that may be believed. */
  sweeps: SweepRecord[];
  /** Sweeps of hosts that accept a connection on every port, and so tell nothing. */
  accepting: SweepRecord[];
  /** Whether ports on which nothing can be accepted connections as well, where no sweep asked: offers that opened tell nothing then. */
  unlikely: boolean;
  /** Ports of the sweeps by what they answered. */
  counts: Record<SweptState, number>;
  /** Offers whose port opened. */
  opened: DialledAttempt[];
  /** Offers whose port opened and was open all the same when nothing was offered any more: who answered is not known. */
  doubtful: DialledAttempt[];
  /** Offers whose port did not. */
  failed: DialledAttempt[];
}

/** Whether the run was to find out about passive ports and nothing else. */
export function isPortSurvey({ evidence }: Pick<Facts, "evidence">): boolean {
  return evidence.policy.ports != null;
}

/** Everything that was learned of passive ports. */
export function surveyOf(facts: Facts): PortSurvey {
  const all = facts.addresses.flatMap(({ sweeps }) => sweeps);
  const accepting = all.filter(acceptsAll);
  const sweeps = all.filter((sweep) => !accepting.includes(sweep));
  const offers = offeredPorts(facts).flatMap(({ attempts }) => attempts);
  const doubtful = answeredAnyway(offers, sweeps);
  return {
    sweeps,
    accepting,
    unlikely: facts.addresses.some(({ otherPorts }) =>
      otherPorts.some((record) => isTarpitControl(record) && acceptsUnlikely(record)),
    ),
    counts: countStates(sweeps.flatMap(({ intervals }) => intervals)),
    opened: offers.filter((offer) => offer.answer === "open" && !doubtful.includes(offer)),
    doubtful,
    failed: offers.filter(({ answer }) => answer !== "open"),
  };
}

/** So many different ports are no accident: another session may happen to listen on one that was just offered, or the server still does. */
const NO_ACCIDENT = 3;

/**
 * Offers of ports that a sweep found open, made behind the end of the sessions that offered them. The server could listen on
 * these, so no other service of its host does: something before it answers.
 */
function answeredAnyway(offers: readonly DialledAttempt[], sweeps: readonly SweepRecord[]): DialledAttempt[] {
  return sweeps.flatMap(({ address, intervals }) => {
    const open = rangesOf(intervals, (state) => state === "open");
    const hits = offers.filter(
      ({ record, answer, atPeer }) =>
        record.address === address && answer === "open" && liesIn(atPeer.endpoint.port, open),
    );
    return new Set(hits.map(({ atPeer }) => atPeer.endpoint.port)).size < NO_ACCIDENT ? [] : hits;
  });
}

/**
 * Whether a host accepts connections on every port, also on those where nothing can be: something before it answers in its
 * place. A range that is in use as a whole is not to be taken for that, so ports elsewhere must accept too.
 */
export function acceptsAll({ intervals, elsewhere }: SweepRecord): boolean {
  const tried = intervals.filter(({ state }) => state !== "untried");
  const others = elsewhere.filter(({ state }) => state !== "untried");
  return (
    tried.length > 0 &&
    tried.every(({ state }) => state === "open") &&
    others.length > 0 &&
    others.every(({ state }) => state === "open")
  );
}

/** With more, no border parts the ports that refuse from those that open. */
const BLOCKS_AT_MOST = 2;

/**
 * Ports that look closed, and of which those that the server offered refuse: resets that come from something before the server. As far
 * as the offers tell, from the first to the last that refuses, and on to the end of the range where none opens.
 */
export function disguised(
  { address, range, intervals }: SweepRecord,
  { opened, doubtful, failed }: Pick<PortSurvey, "opened" | "doubtful" | "failed">,
): PortRange[] {
  const closed = rangesOf(intervals, (state) => state === "closed");
  const [refusing, opening] = [failed.filter(({ answer }) => answer === "refused"), [...opened, ...doubtful]].map(
    (offers) => offers.filter(({ record }) => record.address === address).map(({ atPeer }) => atPeer.endpoint.port),
  );
  const [refused = [], open = []] = [refusing?.filter((port) => liesIn(port, closed)), opening];
  if (refused.some((port) => open.includes(port))) return [];
  const blocks: PortRange[] = [];
  let from = range.from;
  // Between two ports that open lies one block, which the ports that refuse narrow down.
  for (const next of [...new Set(open), Number.POSITIVE_INFINITY].sort((a, b) => a - b)) {
    const inside = refused.filter((port) => port >= from && port < next);
    if (inside.length > 0) {
      blocks.push({
        from: from === range.from ? from : Math.min(...inside),
        to: next > range.to ? range.to : Math.max(...inside),
      });
    }
    from = next + 1;
  }
  if (blocks.length > BLOCKS_AT_MOST) return [];
  return blocks.flatMap((block) =>
    closed
      .map((part) => ({ from: Math.max(part.from, block.from), to: Math.min(part.to, block.to) }))
      .filter(({ from, to }) => from <= to),
  );
}

/** Whether it is a trial of random ports that came to an answer. */
export function isTarpitControl({ purpose, status, tried }: OtherPortsRecord): boolean {
  return purpose === "tarpit-control" && status === "done" && tried.length >= 2;
}

/** Whether every one of the ports accepted. A closed one refuses; one that resets has accepted before (a SYN proxy that then finds nobody behind it). */
export function acceptsUnlikely({ tried }: OtherPortsRecord): boolean {
  return tried.every(({ outcome }) => outcome === "connected" || outcome === "reset" || outcome === "closed");
}

/** Ports by state. */
export function countStates(intervals: readonly SweptInterval[]): Record<SweptState, number> {
  const counts: Record<SweptState, number> = { open: 0, closed: 0, filtered: 0, rejected: 0, untried: 0 };
  for (const interval of intervals) counts[interval.state] += portsIn(interval);
  return counts;
}

/** How many ports a range holds. */
export function portsIn({ from, to }: PortRange): number {
  return to - from + 1;
}

/** Whether packets come through to the port: on an idle server nothing listens there, and the host itself says so. */
export function isReached(state: SweptState): boolean {
  return state === "open" || state === "closed";
}

/** Whether something stops the packets on their way. */
export function isStopped(state: SweptState): boolean {
  return state === "filtered" || state === "rejected";
}

/** The ranges whose state is wanted, neighbours joined. */
export function rangesOf(intervals: readonly SweptInterval[], wanted: (state: SweptState) => boolean): PortRange[] {
  const ranges: PortRange[] = [];
  for (const { from, to, state } of intervals) {
    if (!wanted(state)) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === from) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges;
}

/** The parts of the ranges that lie outside of `hole`. */
export function outsideOf(ranges: readonly PortRange[], hole: PortRange): PortRange[] {
  return ranges
    .flatMap(({ from, to }) => [
      { from, to: Math.min(to, hole.from - 1) },
      { from: Math.max(from, hole.to + 1), to },
    ])
    .filter(({ from, to }) => from <= to);
}

/** Whether the port lies in one of the ranges. */
export function liesIn(port: number, ranges: readonly PortRange[]): boolean {
  return ranges.some(({ from, to }) => port >= from && port <= to);
}
