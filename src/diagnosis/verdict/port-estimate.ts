import { takenPorts, type WellKnownRange, wellKnownRanges } from "../../fingerprint/port-ranges.ts";
import type { PortRange } from "../../model/evidence.ts";
import type { LooksLike, PortEstimate, PortRemark } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Allocation, ENOUGH_OFFERS, type PortOffer } from "../facts/allocation.ts";
import type { Facts } from "../facts/facts.ts";
import { boundsOfRandom, estimateRange, type RangeEstimate } from "../facts/range-estimate.ts";
import { everyPassive } from "../facts/repeated-offers.ts";

/** With fewer, two or three clients at a time use a range up: each transfer holds a port, and keeps it for a while after. */
const FEW_PORTS = 10;
/** From here on ports are said to be all odd because they are chosen so: as many coins fall alike once in 32 times. */
const ALL_ODD = 6;
/**
 * So sure it must be that a well-known range is not the one before it is ruled out: of few offers less, for wide ranges
 * swallow narrow ones then.
 */
const ruledOutFrom = (offers: number): number => (offers < 20 ? 0.95 : 0.99);
/** More are counted. */
const NAMED_AT_MOST = 4;

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

function remarksOn(
  ports: readonly number[],
  { allocation, within }: RangeEstimate,
  looksLike: WellKnownRange | null,
): PortRemark[] {
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  return [
    ...noRange(looksLike),
    ...fewPorts(within),
    ...predictable(allocation),
    // What lies between two ports of one range is of the range.
    ...(allocation.kind === "unknown" ? taken(ports, null) : taken(ports, { from: lowest, to: highest })),
    ...privileged(ports),
  ];
}

function noRange(looksLike: WellKnownRange | null): PortRemark[] {
  if (looksLike === null || looksLike.origin === "setting") return [];
  const { from, to, origin } = looksLike;
  return origin === "product" && to - from < 1000
    ? []
    : [
        {
          kind: "no-range",
          text: `The server seems to have no passive range of its own: a firewall would have to open all of ${from}-${to} for it.`,
          ports: [],
        },
      ];
}

function fewPorts(within: PortRange | null): PortRemark[] {
  const atMost = within === null ? FEW_PORTS : within.to - within.from + 1;
  if (atMost >= FEW_PORTS) return [];
  return [
    {
      kind: "few-ports",
      text: `The range has ${atMost === 1 ? "one port" : `no more than ${atMost} ports`}: as many transfers at a time use it up, and each port stays in use for a while afterwards.`,
      ports: [],
    },
  ];
}

/** RFC 2577 section 8 calls it port stealing. */
function predictable(allocation: Allocation): PortRemark[] {
  if (allocation.kind !== "sequential" && allocation.kind !== "fixed") return [];
  return [
    {
      kind: "predictable",
      text: "The next port can be guessed, so that somebody else may connect to it first and take the data (RFC 2577 section 8); TLS on the data connection, or ports at random, prevent it.",
      ports: [],
    },
  ];
}

function taken(ports: readonly number[], range: PortRange | null): PortRemark[] {
  const hit = takenPorts.filter(({ port }) =>
    range === null ? ports.includes(port) : port >= range.from && port <= range.to,
  );
  if (hit.length === 0) return [];
  // Those that devices touch by themselves come first.
  const ordered = [...hit].sort((a, b) => Number(b.how === "inspected") - Number(a.how === "inspected"));
  const named = ordered.slice(0, NAMED_AT_MOST).map(({ port, service }) => `${port} (${service})`);
  const rest = hit.length - named.length;
  return [
    {
      kind: "taken-ports",
      text: `The range holds ports that firewalls inspect or other services use: ${listed(rest > 0 ? [...named, `${rest} more`] : named)}. A transfer that meets one of them may fail though all others work.`,
      ports: hit.map(({ port }) => port),
    },
  ];
}

function privileged(ports: readonly number[]): PortRemark[] {
  const low = [...new Set(ports.filter((port) => port < 1024))].sort((a, b) => a - b);
  if (low.length === 0) return [];
  return [
    {
      kind: "privileged",
      text: "Ports below 1024 belong to services of their own: firewalls let few of them through.",
      ports: low,
    },
  ];
}
