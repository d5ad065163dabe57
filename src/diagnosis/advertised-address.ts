import { formatEndpoint } from "../model/endpoint.ts";
import type { Side } from "../model/report.ts";
import type { Args, Judgement, Present } from "./define-rule.ts";
import type { Facts } from "./facts.ts";
import type { PassiveAttempt } from "./passive-facts.ts";
import { dialled, quoteDial, quoteReply } from "./quote.ts";

/** What one rule of this family looks for. */
export interface NamedAddress {
  /** Whether the address named is this rule's fault; only asked of an address that is not the peer's. */
  fits(attempt: NamedAttempt): boolean;
  /** The side at fault. */
  at: Side;
  /** What makes the address wrong by itself; without it, only a dial that failed there and not at the peer's is proof. */
  provenByClass: boolean;
}

/** A PASV attempt whose reply named an endpoint. */
export type NamedAttempt = PassiveAttempt & {
  advertised: NonNullable<PassiveAttempt["advertised"]>;
  named: NonNullable<PassiveAttempt["named"]>;
};

/**
 * The common judgement about the address in a 227: it is not the control peer's and it is of a class that cannot be right for that
 * peer. What became of the dials decides how sure that is, never whether the closed ports behind it are a fault of their own.
 */
export function judgeNamedAddress(facts: Facts, rule: NamedAddress): Judgement {
  const named = namedAttempts(facts);
  const first = named[0];
  if (first === undefined) return nothingNamed(facts);
  const hits = named.filter((attempt) => !attempt.namesPeer && rule.fits(attempt));
  const hit = hits.find(({ atPeer }) => atPeer?.outcome === "connected") ?? hits[0];
  if (hit === undefined) return { kind: "absent" };
  const { atAdvertised, atPeer } = hit;
  const works = reachedAsNamed(hit);
  const failedThere = atAdvertised !== null && !works;
  if (!rule.provenByClass && !failedThere)
    return { kind: "absent", note: "the address named can be reached from here" };
  const onlyAddress = failedThere && atPeer?.outcome === "connected";
  return {
    kind: "present",
    confidence: onlyAddress || (rule.provenByClass && failedThere) ? "certain" : "likely",
    at: rule.at,
    args: {
      advertised: hit.advertised.address,
      peer: hit.record.address,
      port: hit.advertised.port,
      ports: [...new Set(hits.map(({ advertised }) => advertised.port))],
      atAdvertised: atAdvertised?.outcome ?? null,
      atPeer: atPeer?.outcome ?? null,
    },
    because: hits.map(({ record }) => record.id),
    seen: seenAt(hit),
    rivals: [],
  };
}

/** The PASV attempts whose reply named an endpoint. */
export function namedAttempts(facts: Facts): NamedAttempt[] {
  return facts.passive.filter(
    (attempt): attempt is NamedAttempt =>
      attempt.record.mode === "pasv" && attempt.advertised !== null && attempt.named !== null,
  );
}

/** Whether this client could follow the address to the end. */
export function reachedAsNamed(attempt: PassiveAttempt): boolean {
  return attempt.atAdvertised?.outcome === "connected" && attempt.summary.result === "works";
}

/** Why nothing can be said about an address in a 227. */
export function nothingNamed(facts: Facts): Judgement {
  if (!facts.evidence.policy.modes.includes("pasv"))
    return { kind: "not-applicable", reason: "PASV was not to be tried" };
  if (facts.addresses.length > 0 && facts.addresses.every(({ family }) => family === "ipv6")) {
    return { kind: "not-applicable", reason: "PASV cannot name an IPv6 address" };
  }
  return { kind: "undetermined", missing: "no address in a reply to PASV was seen" };
}

/** The 227, and what the two dials came to. */
export function seenAt(attempt: NamedAttempt): string[] {
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
  const port = Number(args["port"]);
  const peer = String(args["peer"]);
  switch (args["atPeer"]) {
    case "connected":
      return `The same port at ${formatEndpoint({ address: peer, port })} answered, so the port is open and only the address is wrong.`;
    case "timed-out":
    case "refused":
    case "unreachable":
      return `The same port at ${formatEndpoint({ address: peer, port })} did not open either, so mending the address alone will not be enough.`;
    default:
      return `Whether the same port at ${peer} is open was not tested.`;
  }
}

/** One sentence on who can work until it is mended. */
export function whoWorks(facts: Facts, args: Args): string {
  if (facts.rows.some(({ mode, result }) => mode === "epsv" && result === "works")) {
    return "Clients that use EPSV or ignore that address work; the others hang.";
  }
  return args["atPeer"] === "connected" ? "Clients that ignore that address work; the others hang." : "";
}

/** Joins sentences, leaving empty ones out. */
export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** For a rule that is a special case of another of this family. */
export function alsoPossible(judgement: Judgement, rivals: Present["rivals"]): Judgement {
  return judgement.kind === "present" ? { ...judgement, rivals: [...judgement.rivals, ...rivals] } : judgement;
}
