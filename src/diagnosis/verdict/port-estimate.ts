import { type WellKnownRange, wellKnownRanges } from "../../fingerprint/port-ranges.ts";
import type { LooksLike, PortEstimate } from "../../model/report.ts";
import { type Allocation, ENOUGH_OFFERS, type PortOffer } from "../facts/allocation.ts";
import type { Facts } from "../facts/facts.ts";
import { boundsOfRandom, estimateRange, type RangeEstimate } from "../facts/range-estimate.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { remarksOn } from "../words/port-remarks.ts";

/** From here on ports are said to be all odd because they are chosen so: as many coins fall alike once in 32 times. */
const ALL_ODD = 6;
/**
 * So sure it must be that a well-known range is not the one before it is ruled out: of few offers less, for wide ranges
 * swallow narrow ones then.
 */
const ruledOutFrom = (offers: number): number => (offers < 20 ? 0.95 : 0.99);

/** What the offers tell of the server's range; null where there were too few of them. */
export function summariseEstimate(facts: Facts): PortEstimate | null {
  const { address, offers } = mostOffers(facts);
  if (address === null || offers.length < ENOUGH_OFFERS) return null;
  const ports = offers.map(({ port }) => port);
  const estimate = estimateRange(offers);
  const product = facts.addresses.find((at) => at.address === address)?.product?.name ?? null;
  const looksLike = wellKnown(ports, estimate, product);
  return {
    address,
    samples: ports.length,
    distinct: new Set(ports).size,
    allocation: estimate.allocation.kind,
    basis: basisOf(estimate.allocation, ports),
    from: estimate.within?.from ?? null,
    to: estimate.within?.to ?? null,
    confidence: estimate.confidence,
    likely: looksLike === null ? estimate.likely : { from: looksLike.from, to: looksLike.to },
    looksLike: looksLike === null ? null : shown(looksLike),
    remarks: remarksOn(ports, estimate, looksLike),
  };
}

/** The offers of the address that has the most, in the order in which they were made. */
function mostOffers(facts: Facts): { address: string | null; offers: PortOffer[] } {
  const byAddress = new Map<string, (PortOffer & { atMs: number })[]>();
  for (const { record, advertised } of everyPassive(facts)) {
    // A control port that is offered by mistake comes from no range.
    if (advertised === null || record.offer === null || advertised.port === facts.evidence.target.port) continue;
    const { mode, session, address } = record;
    const offer = { port: advertised.port, mode, session, atMs: record.offer.exchange.sentMs };
    byAddress.set(address, [...(byAddress.get(address) ?? []), offer]);
  }
  const [most] = [...byAddress].sort(([, a], [, b]) => b.length - a.length);
  return most === undefined
    ? { address: null, offers: [] }
    : { address: most[0], offers: most[1].sort((a, b) => a.atMs - b.atMs) };
}

function basisOf(allocation: Allocation, ports: readonly number[]): string {
  const count = ports.length;
  switch (allocation.kind) {
    case "fixed":
      return `the same port in ${count} offers, on several sessions`;
    case "sequential":
      return `${count} offers in a row, each ${allocation.direction === "up" ? "higher" : "lower"} than the one before${allocation.turned ? ", and once around at the end of the range" : ""}`;
    case "random":
      return `${count} offers without any order`;
    case "unknown":
      return allocation.why;
  }
}

/** A range that the offers fill as they would if they came from it. */
function wellKnown(
  ports: readonly number[],
  { allocation }: RangeEstimate,
  product: string | null,
): WellKnownRange | null {
  if (allocation.kind !== "random") return null;
  const within = boundsOfRandom(ports, ruledOutFrom(ports.length));
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  const allOdd = ports.length >= ALL_ODD && ports.every((port) => port % 2 === 1);
  const fits = ({ from, to, oddOnly, only }: WellKnownRange): boolean =>
    from <= lowest &&
    to >= highest &&
    from >= within.from &&
    to <= within.to &&
    (oddOnly !== true || allOdd) &&
    (only === undefined || only.some((name) => name === product));
  return wellKnownRanges.find(fits) ?? null;
}

function shown({ from, to, whose, origin }: WellKnownRange): LooksLike {
  return { from, to, whose, origin };
}
