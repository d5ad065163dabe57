import type { DialRecord } from "../model/evidence.ts";
import type { Rival, Side } from "../model/report.ts";
import { listed } from "../model/words.ts";
import type { Args, Judgement } from "./define-rule.ts";
import type { Facts } from "./facts.ts";
import type { PassiveAttempt } from "./passive-facts.ts";
import { quoteDial, quoteReply } from "./quote.ts";

/** A passive attempt whose port was dialled at the address of the control connection, where the server itself is. */
export type DialledAttempt = PassiveAttempt & { atPeer: DialRecord };

/** How a port that does not open answers: `filtered` with silence, `refused` with a reset, `rejected` with an ICMP error. */
export type Closed = "filtered" | "refused" | "rejected";

/** The passive ports offered at one address, each tried at that address. */
export interface OfferedPorts {
  /** IP literal of the server. */
  address: string;
  /** The attempts whose dial says something about its port. */
  attempts: DialledAttempt[];
  /** How those answered that did not open; `open` where at least one did. Where the answers differ, the more frequent, silence among equals. */
  state: Closed | "open";
}

/** The ports dialled at each address; only dials to the server's own address say anything about its ports. */
export function offeredPorts(facts: Facts): OfferedPorts[] {
  const dialled = facts.passive.filter(
    (attempt): attempt is DialledAttempt => attempt.atPeer !== null && answerOf(attempt.atPeer) !== null,
  );
  const addresses = [...new Set(dialled.map(({ record }) => record.address))];
  return addresses.map((address) => {
    const attempts = dialled.filter(({ record }) => record.address === address);
    return { address, attempts, state: stateOf(attempts) };
  });
}

/** What the answer to a dial says about the port; null where it says nothing. */
export function answerOf(dial: DialRecord): Closed | "open" | null {
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

function stateOf(attempts: readonly DialledAttempt[]): OfferedPorts["state"] {
  const count = (state: Closed | "open"): number => attempts.filter(({ atPeer }) => answerOf(atPeer) === state).length;
  if (count("open") > 0) return "open";
  const states: readonly Closed[] = ["filtered", "refused", "rejected"];
  return states.reduce((best, state) => (count(state) > count(best) ? state : best));
}

/** What a rule on closed passive ports adds to the common judgement. */
export interface ClosedPorts {
  /** How every port at the address must have answered. */
  state: Closed;
  /** The side at fault. */
  at: Side;
  /** What else it could be. */
  rivals: (attempts: readonly DialledAttempt[], facts: Facts) => Rival[];
}

/** The common judgement where every port offered at an address fails in the same way. */
export function judgeClosedPorts(facts: Facts, rule: ClosedPorts): Judgement {
  const offered = offeredPorts(facts);
  if (offered.length === 0) return nothingDialled(facts);
  const hits = offered.filter(({ state }) => state === rule.state).flatMap(({ attempts }) => attempts);
  if (hits.length === 0) return { kind: "absent" };
  return {
    kind: "present",
    // One vantage point cannot tell the server's firewall from the client's own.
    confidence: "likely",
    at: rule.at,
    args: portArgs(hits),
    because: hits.map(({ record }) => record.id),
    seen: seenOf(hits),
    rivals: rule.rivals(hits, facts),
  };
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
    limitMs: Math.max(...attempts.map(({ atPeer }) => atPeer.limitMs)),
  };
}

/** The reply that offered a port and what its dial came to, for the first three dials. */
export function seenOf(attempts: readonly DialledAttempt[]): string[] {
  const first = attempts[0]?.record.offer?.exchange.replies.at(-1);
  return [
    ...(first === undefined ? [] : [quoteReply(first)]),
    ...attempts.slice(0, 3).map(({ atPeer }) => quoteDial(atPeer)),
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

/** `port 40007`, `ports 40003 and 40007`. */
export function portsInWords(args: Args): string {
  const ports = Array.isArray(args["ports"]) ? args["ports"] : [];
  return `${ports.length === 1 ? "port" : "ports"} ${listed(ports.map(String))}`;
}

/** The client's own egress filter, which looks the same from here. */
export function clientEgress(facts: Facts, seen: "silence" | "a refusal"): Rival {
  const { host } = facts.evidence.target;
  return {
    cause: "pasv-client-egress-blocked",
    toTellApart: `Probe ${host} from another network, or another FTP server from here: ${seen} for every server means the filter is on this side.`,
  };
}
