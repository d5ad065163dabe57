import type { DialRecord, TransferRecord } from "../../model/evidence.ts";
import type { Protection } from "../../model/mode.ts";
import { listed } from "../../model/words.ts";
import type { Args, Judgement } from "../define-rule.ts";
import type { Facts } from "./facts.ts";
import type { PassiveAttempt } from "./passive-facts.ts";
import { type Closed, type PortPattern, patternOf } from "./port-pattern.ts";
import { protectionDecides } from "./protections.ts";
import { quoteDial, quoteReply } from "./quote.ts";
import { type RepeatedOffer, repeatedOffers } from "./repeated-offers.ts";

/**
 * A passive attempt, or one of several offers, whose port was dialled at the address of the control connection, where
 * the server itself is.
 */
export type DialledAttempt = PassiveAttempt & {
  /** The dial there. */
  atPeer: DialRecord;
  /** How the port answered. */
  answer: Closed | "open";
};

/** The passive ports offered at one address, each tried at that address. */
export interface OfferedPorts {
  /** IP literal of the server. */
  address: string;
  /** The protection under which all of these were offered, where the protection decides what opens; null where it does not. */
  protection: Protection | null;
  /** The attempts and repeated offers whose dial says something about its port. */
  attempts: DialledAttempt[];
  /** How they answered as a whole. */
  pattern: PortPattern;
}

/** The ports dialled at each address; only dials to the server's own address say anything about its ports. */
export function offeredPorts(facts: Facts): OfferedPorts[] {
  const dialled = [...facts.passive.flatMap((attempt) => answered(attempt, answerOf)), ...repeatedPorts(facts)];
  const addresses = [...new Set(dialled.map(({ record }) => record.address))];
  return addresses.flatMap((address) => {
    const here = dialled.filter(({ record }) => record.address === address);
    if (!protectionDecides(here)) return portsOf(address, null, here);
    return (["clear", "tls"] as const).map((protection) =>
      portsOf(
        address,
        protection,
        here.filter(({ record }) => record.protection === protection),
      ),
    );
  });
}

function portsOf(address: string, protection: Protection | null, here: readonly DialledAttempt[]): OfferedPorts {
  const pattern = patternHere(here);
  // Where the answers differ, a port that was named for another address was not offered here.
  const own = here.filter(({ namesPeer }) => namesPeer);
  const differs =
    pattern.kind !== "open" && pattern.kind !== "closed" && !(pattern.kind === "by-mode" && pattern.silent === "epsv");
  return differs && own.length > 0
    ? { address, protection, attempts: own, pattern: patternHere(own) }
    : { address, protection, attempts: [...here], pattern };
}

function patternHere(attempts: readonly DialledAttempt[]): PortPattern {
  return patternOf(
    attempts.map(({ record, atPeer, answer }) => ({
      port: atPeer.endpoint.port,
      mode: record.mode,
      answer,
      fromMs: atPeer.startedMs,
      toMs: endOf(atPeer, record.transfer),
    })),
  );
}

/** When a dial and all that came of it was over, in milliseconds since the start of the run. */
export function endOf(dial: DialRecord, transfer: TransferRecord | null): number {
  return Math.max(dial.startedMs + dial.ms, transfer === null ? 0 : transfer.exchange.sentMs + transfer.exchange.ms);
}

/** The ports of repeated offers. */
function repeatedPorts(facts: Facts): DialledAttempt[] {
  const offers = repeatedOffers(facts);
  const refused = (attempt: PassiveAttempt): boolean => attempt.atPeer?.outcome === "refused";
  // Offers side by side end each other's listeners, so that a port which can be reached refuses; a listener that stood must not.
  const refusing = new Set(
    [...facts.passive, ...offers.filter(({ order }) => order !== "side-by-side")]
      .filter(refused)
      .map(({ record }) => record.address),
  );
  const meaning =
    ({ order, record }: RepeatedOffer) =>
    (dial: DialRecord) => {
      if (order !== "side-by-side" || dial.outcome !== "refused") return answerOf(dial);
      return refusing.has(record.address) ? null : "open";
    };
  const proven = offers.filter((offer) => !isReplaced(offer, offers) && !isOverrun(offer, offers));
  return proven.flatMap((offer) => answered(offer, meaning(offer)));
}

/**
 * A firewall that opens ports as it reads the replies opens one at a time: of offers side by side only the last then
 * answers, and the silence of those before it says nothing.
 */
function isReplaced(offer: RepeatedOffer, offers: readonly RepeatedOffer[]): boolean {
  if (offer.order !== "side-by-side" || offer.atPeer?.outcome !== "timed-out") return false;
  const beside = offers.filter(({ record }) => record.id === offer.record.id);
  const last = beside.at(-1);
  return (
    last?.atPeer?.outcome === "connected" &&
    // What was offered in another mode as well, or again, was dialled there.
    beside.every(({ atPeer }) => atPeer === last.atPeer || atPeer === null || atPeer.outcome === "timed-out")
  );
}

/**
 * A server offers few ports again and again; where it is dialled on one of them several times at once, it takes a few
 * and leaves the others waiting.
 */
function isOverrun({ order, record, atPeer }: RepeatedOffer, offers: readonly RepeatedOffer[]): boolean {
  if (order !== "side-by-side" || atPeer?.outcome !== "timed-out") return false;
  return offers.some(
    (other) =>
      other.order === "side-by-side" &&
      other.record.address === record.address &&
      other.atPeer?.endpoint.port === atPeer.endpoint.port &&
      (other.atPeer.outcome === "connected" || other.atPeer.outcome === "refused"),
  );
}

function answered(attempt: PassiveAttempt, meaning: (dial: DialRecord) => Closed | "open" | null): DialledAttempt[] {
  const { atPeer } = attempt;
  const answer = atPeer === null ? null : meaning(atPeer);
  return atPeer === null || answer === null ? [] : [{ ...attempt, atPeer, answer }];
}

/** What the answer to a dial says about the port; null where it says nothing. */
function answerOf(dial: DialRecord): Closed | "open" | null {
  switch (dial.outcome) {
    case "connected":
      return "open";
    case "timed-out":
      return "filtered";
    case "refused":
      return "refused";
    case "unreachable":
      return "rejected";
    // Accepted and then cut, or not even tried: no word on the port.
    default:
      return null;
  }
}

/** Values for the words of a finding about passive ports. */
export function portArgs(attempts: readonly DialledAttempt[]): Args {
  const ports = [...new Set(attempts.map(({ atPeer }) => atPeer.endpoint.port))].sort((a, b) => a - b);
  const addresses = [...new Set(attempts.map(({ record }) => record.address))];
  return {
    peer: addresses[0] ?? null,
    addresses,
    ports,
    modes: [...new Set(attempts.map(({ record }) => record.mode))],
    limitMs: Math.max(0, ...attempts.map(({ atPeer }) => atPeer.limitMs)),
  };
}

/** The ids of the records, each once. */
export function idsOf(attempts: readonly PassiveAttempt[]): string[] {
  return [...new Set(attempts.map(({ record }) => record.id))];
}

/** The reply that offered a port and what its dial came to, for the first three dials. */
export function seenOf(attempts: readonly DialledAttempt[]): string[] {
  const first = attempts[0]?.record.offer?.exchange.replies.at(-1);
  return [
    ...(first === undefined ? [] : [quoteReply(first)]),
    ...[...new Set(attempts.map(({ atPeer }) => quoteDial(atPeer)))].slice(0, 3),
  ];
}

/** Why nothing can be said about passive ports. */
export function nothingDialled(facts: Facts): Judgement {
  const { modes } = facts.evidence.policy;
  if (!modes.includes("epsv") && !modes.includes("pasv")) {
    return { kind: "not-applicable", reason: "passive mode was not to be tried" };
  }
  return { kind: "undetermined", missing: "no passive port was dialled at the server's address" };
}

/** More of them are told by their number and their ends. */
const NAMED_AT_MOST = 4;

/** `port 40007`, `ports 40003 and 40007`, `ports (12 of them, from 40001 to 49877)`, `ports 40000-40050` where they were swept alone. */
export function portsInWords(args: Args): string {
  const ports = Array.isArray(args["ports"]) ? args["ports"].map(Number) : [];
  if (ports.length === 0 && typeof args["swept"] === "string") return `ports ${args["swept"]}`;
  if (ports.length === 1) return `port ${ports[0]}`;
  return `ports ${ports.length > NAMED_AT_MOST ? `(${ports.length} of them, from ${Math.min(...ports)} to ${Math.max(...ports)})` : listed(ports.map(String))}`;
}
