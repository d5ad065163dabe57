import type { Confidence, Rival, Severity, Side } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { requiredInVain } from "../verdict/requirements.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import type { Facts } from "./facts.ts";
import type { PassiveAttempt } from "./passive-facts.ts";
import { dialled, quoteDial, quoteReply } from "./quote.ts";

/**
 * What must have been seen before an address that is not the peer's counts as wrong: `nothing` where its class alone proves it,
 * `failure` where the dial there must have failed, `proof` where the same port must also have answered at the peer's address.
 */
export type Burden = "nothing" | "failure" | "proof";

/** What one rule of this family looks for. */
export interface NamedAddress {
  /** What must be seen before this address counts as this rule's fault; null where it is none. Not asked of the peer's own address. */
  burden(attempt: NamedAttempt): Burden | null;
  /** The side at fault. */
  at: Side;
  /** The most that can be said from one vantage point; `certain` where left out. */
  atMost?: Confidence;
  /** What else it could be. */
  rivals?: (attempt: NamedAttempt) => Rival[];
}

/** A PASV attempt whose reply named an endpoint. */
export type NamedAttempt = PassiveAttempt & {
  /** The endpoint the server named. */
  advertised: NonNullable<PassiveAttempt["advertised"]>;
  /** Class of the address it named. */
  named: NonNullable<PassiveAttempt["named"]>;
};

/**
 * The common judgement about the address in a 227. What became of the dials decides whether it is wrong and how sure that is; a port
 * that is closed at the peer's address as well is a fault of its own, for another rule.
 */
export function judgeNamedAddress(facts: Facts, rule: NamedAddress): Judgement {
  const named = namedAttempts(facts);
  if (named.length === 0) return nothingNamed(facts);
  const hits = named.filter((attempt) => !attempt.namesPeer && isWrong(attempt, rule.burden(attempt)));
  const hit = hits.find(({ atPeer }) => atPeer?.outcome === "connected") ?? hits[0];
  if (hit === undefined) return { kind: "absent" };
  const { atAdvertised, atPeer } = hit;
  const failedThere = atAdvertised !== null && !reachedAsNamed(hit);
  const proven = failedThere && (atPeer?.outcome === "connected" || rule.burden(hit) === "nothing");
  return {
    kind: "present",
    confidence: proven ? (rule.atMost ?? "certain") : "likely",
    at: rule.at,
    args: {
      advertised: hit.advertised.address,
      peer: hit.record.address,
      port: hit.advertised.port,
      ports: [...new Set(hits.map(({ advertised }) => advertised.port))],
      modes: [...new Set(hits.map(({ record }) => record.mode))],
      atAdvertised: atAdvertised?.outcome ?? null,
      atPeer: atPeer?.outcome ?? null,
      reached: reachedAsNamed(hit),
    },
    because: hits.map(({ record }) => record.id),
    seen: seenAt(hit),
    rivals: rule.rivals?.(hit) ?? [],
  };
}

function isWrong(attempt: NamedAttempt, burden: Burden | null): boolean {
  const failedThere = attempt.atAdvertised !== null && !reachedAsNamed(attempt);
  switch (burden) {
    case null:
      return false;
    case "nothing":
      return true;
    case "failure":
      return failedThere;
    case "proof":
      return failedThere && attempt.atPeer?.outcome === "connected";
  }
}

/** How bad a wrong address is: an address that works from here will still fail for clients elsewhere. */
export function addressSeverity(facts: Facts, args: Args): Severity {
  return args["reached"] === true && !requiredInVain(facts, modesIn(args))
    ? "warning"
    : severityOf(facts, modesIn(args));
}

/** The attempts whose reply named an address: PASV, and an EPSV that was answered with a 227. */
export function namedAttempts(facts: Facts): NamedAttempt[] {
  return facts.passive.filter(
    (attempt): attempt is NamedAttempt =>
      attempt.advertised !== null && attempt.named !== null && (attempt.record.mode === "pasv" || !attempt.namesPeer),
  );
}

/** Whether this client could follow the address to the end. */
function reachedAsNamed(attempt: PassiveAttempt): boolean {
  return attempt.atAdvertised?.outcome === "connected" && attempt.summary.result === "works";
}

/** Why nothing can be said about an address in a 227. */
function nothingNamed(facts: Facts): Judgement {
  if (!facts.evidence.policy.modes.includes("pasv"))
    return { kind: "not-applicable", reason: "PASV was not to be tried" };
  if (facts.addresses.length > 0 && facts.addresses.every(({ family }) => family === "ipv6")) {
    return { kind: "not-applicable", reason: "PASV cannot name an IPv6 address" };
  }
  return { kind: "undetermined", missing: "no address in a reply to PASV was seen" };
}

/** The 227, and what the two dials came to. */
function seenAt(attempt: NamedAttempt): string[] {
  const reply = attempt.record.offer?.exchange.replies.at(-1);
  const { atAdvertised, atPeer, namesPeer } = attempt;
  const dials: string[] = [];
  if (atAdvertised !== null) {
    const other =
      namesPeer || atPeer === null ? "" : `; the same port at ${atPeer.endpoint.address}: ${dialled(atPeer)}`;
    dials.push(`${quoteDial(atAdvertised)}${other}`);
  } else if (atPeer !== null) dials.push(quoteDial(atPeer));
  return [...(reply === undefined ? [] : [quoteReply(reply)]), ...dials];
}

/** One sentence on what became of the data port itself, from the args of a finding of this family. */
export function portSentence(args: Args): string {
  const port = `Port ${args["port"]} at ${args["peer"]}`;
  switch (args["atPeer"]) {
    case "connected":
      return `${port} answered, so the port is open and only the address is wrong.`;
    case "timed-out":
    case "refused":
    case "unreachable":
      return `${port} did not open either, so mending the address alone will not be enough.`;
    default:
      return `Whether the same port is open at ${args["peer"]} was not tested.`;
  }
}

/** One sentence on who can work until it is mended. */
export function whoWorks(facts: Facts, args: Args): string {
  if (args["reached"] === true) return "It happens to work from here; elsewhere it will not.";
  const others = args["atAdvertised"] === "timed-out" ? "the others hang" : "the others fail";
  const who = [
    ...(facts.rows.some(({ mode, result }) => mode === "epsv" && result === "works") ? ["use EPSV"] : []),
    // A port that opens is not enough: the listing must have come.
    ...(facts.rows.some(({ result }) => result === "repaired") ? ["ignore that address"] : []),
  ];
  return who.length === 0 ? "" : `Clients that ${listed(who, "or")} work; ${others}.`;
}
