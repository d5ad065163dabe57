import { isPublic } from "../../src/model/address.ts";
import { type Endpoint, familyOf } from "../../src/model/endpoint.ts";

/** One port, or a range of them with both ends in it. */
export type Ports = number | readonly [number, number];

/** Which connections something is about; what is left out matches all. */
export interface Match {
  /** Who calls: a host's name, an inside network's name, or the source address as sent or as translated. */
  from?: string;
  /** Who is called: a host's name, an inside network's name, or the address as dialled or as translated. */
  to?: string;
  /** The port as dialled or as translated. */
  ports?: Ports;
}

/**
 * What answers a SYN: nobody (`drop`), a TCP reset or ICMP port-unreachable (`reset`: ECONNREFUSED), ICMP
 * host-unreachable (`unreachable`: EHOSTUNREACH), no route (`no-route`: ENETUNREACH), or ICMPv6 admin-prohibited
 * (`prohibited`: EACCES).
 */
export type Verdict = "drop" | "reset" | "unreachable" | "no-route" | "prohibited";

/** A firewall's rule; the first that matches counts, and what no rule matches passes. */
export interface Rule extends Match {
  action: Verdict;
  /** Asked for each connection that would match; false lets it pass. For limits, that count. */
  when?: () => boolean;
}

/** Ports of a NAT's public address that lead to an inside address. */
export interface Forward {
  ports: Ports;
  /** Inside address. */
  to: string;
  /** First port there; the same ports without it. */
  toPort?: number;
}

/** A NAT in front of an inside network. */
export interface Nat {
  /** Name of the network behind it, as given to its hosts. */
  inside: string;
  /** Public address: dialled from outside, and the source of what leaves. */
  address: string;
  /** Forwarded ports; none without it. */
  forward?: readonly Forward[];
  /** Another source address for what leaves. */
  outgoing?: string;
  /** Whether the inside may dial the public address (hairpin); dropped without it. */
  hairpin?: boolean;
  /** What becomes of ports that are not forwarded; `drop` without it. */
  otherwise?: Verdict;
}

/** Where a machine stands. */
export interface Place {
  name: string;
  addresses: readonly string[];
  /** Network it is in; undefined on the open internet. */
  inside: string | undefined;
}

/** Where a SYN goes, with the addresses that either side sees; or what becomes of it. */
export type Route<P extends Place> =
  | { kind: "open"; place: P; dialled: Endpoint; called: Endpoint; source: string; sourceSeen: string }
  | { kind: "stopped"; verdict: Verdict };

export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** The way of a SYN from a source address to a dialled endpoint. */
export function findRoute<P extends Place>(
  from: P,
  source: string,
  dialled: Endpoint,
  places: readonly P[],
  nats: readonly Nat[],
  rules: readonly Rule[],
): Route<P> {
  if (isLoopback(dialled.address) || from.addresses.includes(dialled.address)) {
    return { kind: "open", place: from, dialled, called: dialled, source, sourceSeen: source };
  }
  const nat = nats.find(({ address }) => address === dialled.address);
  const called = nat === undefined ? dialled : translate(nat, dialled);
  const place = places.find(
    (candidate) =>
      called !== null && candidate.addresses.includes(called.address) && sees(from, candidate, called, nat),
  );
  const sourceSeen = leave(from, source, place, nat, nats);
  const stop = rules.find(
    (rule) => matches(rule, from, place, [source, sourceSeen], dialled, called) && rule.when?.() !== false,
  );
  if (stop !== undefined) return { kind: "stopped", verdict: stop.action };
  if (nat !== undefined && from.inside === nat.inside && nat.hairpin !== true)
    return { kind: "stopped", verdict: "drop" };
  if (called === null) return { kind: "stopped", verdict: nat?.otherwise ?? "drop" };
  if (place === undefined) return { kind: "stopped", verdict: "drop" };
  return { kind: "open", place, dialled, called, source, sourceSeen };
}

/** Whether a rule or rewrite is about this connection. */
export function matches(
  match: Match,
  from: Place,
  to: Place | undefined,
  sources: readonly string[],
  dialled: Endpoint,
  called: Endpoint | null,
): boolean {
  const callers = [from.name, from.inside, ...sources];
  const targets = [to?.name, to?.inside, dialled.address, called?.address];
  return (
    (match.from === undefined || callers.includes(match.from)) &&
    (match.to === undefined || targets.includes(match.to)) &&
    (match.ports === undefined ||
      within(match.ports, dialled.port) ||
      (called !== null && within(match.ports, called.port)))
  );
}

function translate(nat: Nat, dialled: Endpoint): Endpoint | null {
  const forward = nat.forward?.find(({ ports }) => within(ports, dialled.port));
  if (forward === undefined) return null;
  const first = typeof forward.ports === "number" ? forward.ports : forward.ports[0];
  return { address: forward.to, port: (forward.toPort ?? first) + dialled.port - first };
}

/** Private addresses are seen from the same network and through its NAT alone; public ones from everywhere. */
function sees(from: Place, candidate: Place, called: Endpoint, nat: Nat | undefined): boolean {
  return from.inside === candidate.inside || isPublic(called.address) || nat?.inside === candidate.inside;
}

/** The source that the other side sees: a NAT hides private ones that leave their network, or turn round in it. */
function leave(from: Place, source: string, to: Place | undefined, via: Nat | undefined, nats: readonly Nat[]): string {
  if (from.inside === undefined || isPublic(source) || (to?.inside === from.inside && via === undefined)) return source;
  const own = nats.find((nat) => nat.inside === from.inside && familyOf(nat.address) === familyOf(source));
  return own?.outgoing ?? own?.address ?? source;
}

function within(ports: Ports, port: number): boolean {
  return typeof ports === "number" ? ports === port : ports[0] <= port && port <= ports[1];
}
