import { type Endpoint, formatEndpoint } from "../../src/model/endpoint.ts";
import type { Failure, Outcome } from "../../src/model/failure.ts";
import { createClock } from "../../src/system/clock.ts";
import type { Clock, Machine, Network } from "../../src/system/ports.ts";
import { virtualTime } from "./sim-clock.ts";
import type { OwnTrouble } from "./sim-dials.ts";
import { type HostState, networkOf, type WorldState } from "./sim-host.ts";
import type { Match, Nat, Rule } from "./sim-routes.ts";
import type { PassBytes } from "./sim-tcp.ts";

/** What a name leads to in each family: its addresses, or the failure that asking for them gives. Absent: not found. */
export interface NameRecords {
  ipv4?: string[] | Failure;
  ipv6?: string[] | Failure;
  /** Until the answer comes; two latencies without it, `Infinity` for a resolver that is silent. */
  delayMs?: number;
}

/** The endpoints of one connection, as both sides see them. */
export interface Flow {
  /** The caller, in its own eyes. */
  caller: Endpoint;
  /** The caller, in the eyes of whom it called. */
  callerSeen: Endpoint;
  /** Whom the caller dialled. */
  dialled: Endpoint;
  /** Whom that led to. */
  called: Endpoint;
}

/**
 * What a middlebox does to the bytes of a connection: other bytes in their place, none (an empty array), `reset` to cut
 * both ends off, `hang` to let nothing more through in this direction. Bytes come as written, in pieces of 16 KiB at most.
 */
export type Rewrite = (
  direction: "from-caller" | "from-called",
  bytes: Uint8Array,
  flow: Flow,
) => ReturnType<PassBytes>;

/** Where a machine stands, and what it can do. */
export interface HostOptions {
  /** Network it stands in; on the open internet without it. */
  inside?: string;
  /** Sockets that its program may open, as it is told; 1,000 without it. */
  sockets?: number;
  /** Why a dial of many fails on the machine itself, when so many are in flight; none does without it. */
  troubled?: OwnTrouble;
}

/** A machine of the world. */
export interface SimHost {
  readonly name: string;
  readonly network: Network;
  /** The whole machine, as `probe` wants it. */
  readonly machine: Machine;
}

/** One connection attempt, for counting them. */
export interface Attempt {
  atMs: number;
  /** The caller's name. */
  from: string;
  to: Endpoint;
  /** Null while it is under way. */
  outcome: Outcome | null;
}

/** A simulated internet; see `simWorld`. */
export interface SimWorld {
  /** The clock of everybody in it. */
  readonly clock: Clock;
  /** Adds a machine; with `inside` it stands in that network, and its private addresses are seen there alone. */
  host(name: string, addresses: string[], options?: HostOptions): SimHost;
  /** Adds a name to the DNS. */
  name(host: string, records: NameRecords): void;
  /** Adds a NAT. */
  nat(nat: Nat): void;
  /** Adds a firewall's rule, behind those there are; the answer takes it away again. */
  rule(rule: Rule): () => void;
  /** Puts a middlebox on connections that are opened from now on. */
  rewrite(match: Match, rewrite: Rewrite): void;
  /** One-way latency, 1 ms at first: of all ways, or between two hosts. Only for connections that are opened from now on. */
  latency(ms: number, between?: readonly [string, string]): void;
  /** Every connection attempt so far. */
  readonly attempts: readonly Attempt[];
  /** Listeners and ends of connections that nobody has closed, in words; empty when nothing leaked. */
  open(): string[];
}

/**
 * A simulated internet in virtual time: real TCP semantics, no real waiting. An example:
 *
 *     const world = simWorld();
 *     const client = world.host("client", ["198.51.100.10", "2001:db8::10"]);
 *     const server = world.host("server", ["10.0.0.2"], { inside: "lan" });
 *     world.nat({ inside: "lan", address: "203.0.113.5", forward: [{ ports: 21, to: "10.0.0.2" }] });
 *     world.rule({ to: "server", ports: [40000, 40100], action: "drop" });
 *     world.name("ftp.example.com", { ipv4: ["203.0.113.5"], ipv6: failure("lookup-failed", "ESERVFAIL") });
 *     world.rewrite({ ports: 21 }, (direction, bytes) => (direction === "from-called" ? lie(bytes) : bytes));
 *
 *     const listening = await server.network.listen({ address: "10.0.0.2", port: 21 });
 *     const { signal, clear } = world.clock.limit(30_000);
 *     const answer = await client.network.connect({ address: "203.0.113.5", port: 21 }, { signal });
 *     // … later: expect(world.open()).toEqual([]);
 *
 * An address nobody has is silent. A host without `inside` stands on the open internet.
 */
export function simWorld(): SimWorld {
  const time = virtualTime();
  const world: WorldState = {
    time,
    hosts: [],
    names: new Map(),
    nats: [],
    rules: [],
    rewrites: [],
    latencies: [{ between: null, ms: 1 }],
    attempts: [],
    ends: [],
  };
  const clock = createClock(time);
  return {
    clock,
    host: (name, addresses, options = {}) => {
      const host: HostState = {
        name,
        addresses,
        inside: options.inside,
        listeners: new Map(),
        nextPort: 50_000,
        sockets: options.sockets ?? 1_000,
        troubled: options.troubled ?? (() => null),
      };
      world.hosts.push(host);
      const network = networkOf(world, host);
      // No chance in a test: always the middle.
      return { name, network, machine: { network, clock, platform: "linux", random: () => 0.5 } };
    },
    name: (host, records) => world.names.set(host.toLowerCase(), records),
    nat: (nat) => world.nats.push(nat),
    rule: (rule) => {
      world.rules.push(rule);
      return () => world.rules.splice(world.rules.indexOf(rule), 1);
    },
    rewrite: (match, rewrite) => world.rewrites.push({ match, rewrite }),
    latency: (ms, between) => world.latencies.unshift({ between: between ?? null, ms }),
    attempts: world.attempts,
    open: () => [
      ...world.hosts.flatMap((host) =>
        [...host.listeners.values()].map(({ local }) => `${host.name} listens at ${formatEndpoint(local)}`),
      ),
      ...world.ends
        .filter(({ connection }) => connection.isOpen)
        .map(({ host, connection }) => `${host} holds a connection with ${formatEndpoint(connection.remote)}`),
    ],
  };
}
