import type { PortRange } from "../../model/evidence.ts";
import { type Allocation, allocationOf, type PortOffer } from "./allocation.ts";

/** What offers tell of the range they come from. */
export interface RangeEstimate {
  /** How the server takes its ports. */
  allocation: Allocation;
  /** The whole range lies in here, with `confidence`; null where the offers do not tell. */
  within: PortRange | null;
  /** Probability that the whole range lies in `within`; null where that is null. */
  confidence: number | null;
  /** The likeliest range: round numbers, where there are some within reach; null where `within` is. */
  likely: PortRange | null;
}

/** Confidence of the bounds, where the number of offers allows it. */
export const CONFIDENCE = 0.9;
/** Beyond that no number of offers leads: other clients take ports too. */
const NEVER_SURER = 0.99;
const HIGHEST = 65_535;
/** Ports below are given out to nobody who does not ask for one by number. */
const UNPRIVILEGED = 1024;
/** What people write into configuration files, the roundest first. */
const ROUND = [10_000, 5000, 1000, 500, 100, 50, 10, 5];
/** Bounds that are no round numbers and well known. */
const KNOWN_BOUNDS = [1024, 1025, 32_768, 49_152, 60_999, 65_534, 65_535];

/**
 * The range behind offered ports, given in the order in which they were offered. Pure; claims no more than the number of offers allows.
 */
export function estimateRange(offers: readonly PortOffer[]): RangeEstimate {
  const allocation = allocationOf(offers);
  const ports = offers.map(({ port }) => port);
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  switch (allocation.kind) {
    case "fixed":
      return estimated(allocation, { from: lowest, to: lowest }, { from: lowest, to: lowest }, 1 - allocation.chance);
    case "random": {
      const within = boundsOfRandom(ports, CONFIDENCE);
      return estimated(allocation, within, roundest(within, { from: lowest, to: highest }), CONFIDENCE);
    }
    case "sequential": {
      if (!allocation.turned) return { allocation, within: null, confidence: null, likely: null };
      // Where others take ports in between, the last before the end and the first behind it lie as far from the ends as the steps are wide.
      const beyond = allocation.step - 1;
      const within = clamped(lowest - beyond, highest + beyond, lowest);
      // The step over the end is the widest as likely as two others together: a wide one meets the end sooner than a narrow one.
      const others = ports.length - 2;
      return estimated(allocation, within, roundest(within, { from: lowest, to: highest }), others / (others + 2));
    }
    case "unknown":
      return { allocation, within: null, confidence: null, likely: null };
  }
}

/** Between these the whole range lies with `confidence`, of which the ports were drawn at random. */
export function boundsOfRandom(ports: readonly number[], confidence: number): PortRange {
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  const reach = Math.ceil(reachBeyond(ports.length, confidence) * (highest - lowest + 1));
  return clamped(lowest - reach, highest + reach, lowest);
}

function estimated(allocation: Allocation, within: PortRange, likely: PortRange, confidence: number): RangeEstimate {
  const rounded = Math.floor(Math.min(NEVER_SURER, confidence) * 100) / 100;
  return { allocation, within, likely, confidence: rounded };
}

function clamped(from: number, to: number, lowest: number): PortRange {
  return { from: Math.max(lowest >= UNPRIVILEGED ? UNPRIVILEGED : 1, from), to: Math.min(HIGHEST, to) };
}

/**
 * By which part of the observed span the bounds are moved outwards on either side, so that both ends of the range are covered with
 * `confidence`. Of n draws from a uniform distribution, the gaps below the smallest, between the extremes and above the largest are to
 * each other as two exponential variables and the sum of n-1 more: both outer gaps stay below c times the inner with probability
 * 1 - 2 (1+c)^-(n-1) + (1+2c)^-(n-1).
 */
function reachBeyond(draws: number, confidence: number): number {
  const covered = (c: number): number => 1 - 2 * (1 + c) ** (1 - draws) + (1 + 2 * c) ** (1 - draws);
  let [low, high] = [0, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (covered(middle) < confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The roundest bounds between those observed and the outermost; those observed where none is round. */
function roundest(within: PortRange, observed: PortRange): PortRange {
  const span = observed.to - observed.from;
  return {
    from: bestBound(within.from, observed.from, span, "down"),
    to: bestBound(observed.to, within.to, span, "up"),
  };
}

function bestBound(from: number, to: number, span: number, direction: "up" | "down"): number {
  const nearest = (candidates: readonly number[]): number | undefined =>
    candidates.length === 0 ? undefined : direction === "down" ? Math.max(...candidates) : Math.min(...candidates);
  const among = (candidates: readonly number[]): number[] => candidates.filter((port) => port >= from && port <= to);
  const known = nearest(among(KNOWN_BOUNDS));
  if (known !== undefined) return known;
  for (const step of ROUND) {
    // Rounder than the range is wide says nothing.
    if (step > Math.max(10, 2 * span)) continue;
    const first = Math.ceil(from / step) * step;
    const found = nearest(
      among(Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, i) => first + i * step)),
    );
    if (found !== undefined) return found;
  }
  return direction === "down" ? to : from;
}
