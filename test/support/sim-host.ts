import { isIP } from "node:net";
import { type Endpoint, familyOf, formatEndpoint } from "../../src/model/endpoint.ts";
import { type Failure, failure } from "../../src/model/failure.ts";
import { abortFailure, onAbort } from "../../src/system/abort.ts";
import type { TimeSource } from "../../src/system/clock.ts";
import type { ConnectAnswer, ConnectOptions, Listener, Network, ResolveAnswer } from "../../src/system/ports.ts";
import { secure } from "../../src/system/secure.ts";
import { type OwnTrouble, simDials } from "./sim-dials.ts";
import type { Attempt, Flow, NameRecords, Rewrite } from "./sim-network.ts";
import {
  findRoute,
  isLoopback,
  type Match,
  matches,
  type Nat,
  type Place,
  type Route,
  type Rule,
  type Verdict,
} from "./sim-routes.ts";
import { type PassBytes, SimConnection, SimListener, systemFailure } from "./sim-tcp.ts";

/** A machine's own state. */
export interface HostState extends Place {
  listeners: Map<string, SimListener>;
  nextPort: number;
  /** Sockets it may open. */
  sockets: number;
  /** What becomes of its many dials on the machine itself. */
  troubled: OwnTrouble;
}

/** What all machines share. */
export interface WorldState {
  time: TimeSource;
  hosts: HostState[];
  names: Map<string, NameRecords>;
  nats: Nat[];
  rules: Rule[];
  rewrites: { match: Match; rewrite: Rewrite }[];
  /** The first that fits counts. */
  latencies: { between: readonly [string, string] | null; ms: number }[];
  attempts: Attempt[];
  ends: { host: string; connection: SimConnection }[];
}

/** The network as one machine of the world sees it. */
export function networkOf(world: WorldState, host: HostState): Network {
  return {
    addresses: () => [...host.addresses],
    resolve: (name, family, signal) => resolveIn(world, name, family, signal),
    listen: async (at) => listenAt(host, at),
    connect: (to, options) => connectFrom(world, host, to, options),
    dialMany: (to, options) =>
      simDials((endpoint, how) => connectFrom(world, host, endpoint, how), world.time, host.troubled, to, options),
    socketsLeft: () => host.sockets,
    secure,
  };
}

function resolveIn(
  world: WorldState,
  name: string,
  family: "ipv4" | "ipv6",
  signal: AbortSignal,
): Promise<ResolveAnswer> {
  const plain = name.toLowerCase().replace(/\.$/, "");
  const records = /(^|\.)localhost$/.test(plain) ? { ipv4: ["127.0.0.1"], ipv6: ["::1"] } : world.names.get(plain);
  const found = records?.[family] ?? failure("not-found", records === undefined ? "ENOTFOUND" : "ENODATA");
  const answer: ResolveAnswer = Array.isArray(found)
    ? { ok: true, addresses: [...found] }
    : { ok: false, failure: found };
  return untilAborted(world.time, signal, records?.delayMs ?? 2 * latencyBetween(world, null, null), answer);
}

function untilAborted<A>(
  time: TimeSource,
  signal: AbortSignal,
  ms: number,
  answer: A,
): Promise<A | { ok: false; failure: Failure }> {
  if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
  return new Promise((resolve) => {
    const cancel = time.after(ms, () => {
      release();
      resolve(answer);
    });
    const release = onAbort(signal, () => {
      cancel();
      resolve({ ok: false, failure: abortFailure(signal) });
    });
  });
}

const ANY_ADDRESS = { ipv4: "0.0.0.0", ipv6: "::" } as const;

function listenAt(host: HostState, at: Endpoint): { ok: true; listener: Listener } | { ok: false; failure: Failure } {
  const any = ANY_ADDRESS[familyOf(at.address)];
  if (at.address !== any && !isOwn(host, at.address)) {
    return { ok: false, failure: systemFailure("EADDRNOTAVAIL", "listen") };
  }
  const local = at.port === 0 ? { address: at.address, port: freePort(host) } : at;
  const key = formatEndpoint(local);
  const taken = [...host.listeners.values()].some(
    (other) =>
      other.local.port === local.port &&
      familyOf(other.local.address) === familyOf(local.address) &&
      (other.local.address === local.address || other.local.address === any || local.address === any),
  );
  if (taken) return { ok: false, failure: systemFailure("EADDRINUSE", "listen") };
  const listener = new SimListener(local, () => host.listeners.delete(key));
  host.listeners.set(key, listener);
  return { ok: true, listener };
}

function connectFrom(
  world: WorldState,
  host: HostState,
  to: Endpoint,
  options: ConnectOptions,
): Promise<ConnectAnswer> {
  if (isIP(to.address) === 0) throw new TypeError(`connect wants an IP literal, not ${JSON.stringify(to.address)}`);
  const { signal } = options;
  const attempt: Attempt = { atMs: world.time.now(), from: host.name, to, outcome: null };
  if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
  world.attempts.push(attempt);
  return new Promise((resolve) => {
    // Set once the other side has taken the call: an abort then has something to hang up.
    let caller: SimConnection | null = null;
    let over = false;
    const settle = (answer: ConnectAnswer) => {
      over = true;
      release();
      attempt.outcome = answer.ok ? "connected" : answer.failure.outcome;
      resolve(answer);
    };
    const failLater = (ms: number, code: string) =>
      world.time.after(ms, () => over || settle({ ok: false, failure: systemFailure(code, "connect") }));
    const release = onAbort(signal, () => {
      settle({ ok: false, failure: abortFailure(signal) });
      caller?.close({ reset: true });
    });

    const source = sourceFor(host, to, options.localAddress);
    if (!source.ok) {
      failLater(0, source.code);
      return;
    }
    const call = (resendAfterMs: readonly number[]) => {
      const route = findRoute(host, source.address, to, world.hosts, world.nats, world.rules);
      const latencyMs = latencyBetween(world, host, route.kind === "open" ? route.place : null);
      if (route.kind === "stopped") {
        const code = CODE_OF_VERDICT[route.verdict];
        const [again, ...rest] = resendAfterMs;
        if (code !== null) failLater(2 * latencyMs, code);
        else if (again !== undefined) world.time.after(again, () => over || call(rest));
        return;
      }
      world.time.after(latencyMs, () => {
        if (over) return;
        const listener = listenerAt(route.place, route.called);
        if (listener === undefined) {
          failLater(latencyMs, "ECONNREFUSED");
          return;
        }
        const ends = openEnds(world, host, route, latencyMs);
        caller = ends.caller;
        // Before anything the called side may send, for the caller must hear of the connection first.
        world.time.after(latencyMs, () => over || settle({ ok: true, connection: ends.caller }));
        listener.called(ends.called);
      });
    };
    call(RESENT_AFTER_MS);
  });
}

/** A SYN that is lost is sent again (RFC 6298 section 2), the second time twice as long after. */
const RESENT_AFTER_MS = [1_000, 2_000];

const CODE_OF_VERDICT: Readonly<Record<Verdict, string | null>> = {
  drop: null,
  reset: "ECONNREFUSED",
  unreachable: "EHOSTUNREACH",
  "no-route": "ENETUNREACH",
  prohibited: "EACCES",
};

function openEnds(
  world: WorldState,
  host: HostState,
  route: Extract<Route<HostState>, { kind: "open" }>,
  latencyMs: number,
): { caller: SimConnection; called: SimConnection } {
  const port = freePort(host);
  const flow: Flow = {
    caller: { address: route.source, port },
    callerSeen: { address: route.sourceSeen, port },
    dialled: route.dialled,
    called: route.called,
  };
  const sources = [route.source, route.sourceSeen];
  const rewrites = world.rewrites
    .filter(({ match }) => matches(match, host, route.place, sources, route.dialled, route.called))
    .map(({ rewrite }) => rewrite);
  const pass =
    (direction: "from-caller" | "from-called"): PassBytes =>
    (bytes) => {
      let passed: ReturnType<PassBytes> = bytes;
      for (const rewrite of rewrites) if (passed instanceof Uint8Array) passed = rewrite(direction, passed, flow);
      return passed;
    };
  const caller = new SimConnection(world.time, latencyMs, flow.caller, flow.dialled, pass("from-caller"));
  const called = new SimConnection(world.time, latencyMs, flow.called, flow.callerSeen, pass("from-called"));
  SimConnection.join(caller, called);
  world.ends.push({ host: host.name, connection: caller }, { host: route.place.name, connection: called });
  return { caller, called };
}

/** The address a connection comes from, or the code with which the system says that there is none. */
function sourceFor(
  host: HostState,
  to: Endpoint,
  wanted: string | undefined,
): { ok: true; address: string } | { ok: false; code: string } {
  if (wanted !== undefined) {
    if (familyOf(wanted) !== familyOf(to.address)) return { ok: false, code: "EINVAL" };
    return isOwn(host, wanted) ? { ok: true, address: wanted } : { ok: false, code: "EADDRNOTAVAIL" };
  }
  if (isOwn(host, to.address)) return { ok: true, address: to.address };
  const address = host.addresses.find((own) => familyOf(own) === familyOf(to.address));
  return address === undefined ? { ok: false, code: "ENETUNREACH" } : { ok: true, address };
}

function isOwn(host: Place, address: string): boolean {
  return isLoopback(address) || host.addresses.includes(address);
}

function listenerAt(host: HostState, at: Endpoint): SimListener | undefined {
  const any = { address: ANY_ADDRESS[familyOf(at.address)], port: at.port };
  return host.listeners.get(formatEndpoint(at)) ?? host.listeners.get(formatEndpoint(any));
}

/** Each port once: the simulated connections are too few to come round. */
function freePort(host: HostState): number {
  host.nextPort += 1;
  return host.nextPort;
}

function latencyBetween(world: WorldState, a: Place | null, b: Place | null): number {
  if (a !== null && a === b) return 0;
  const fitting = world.latencies.find(
    ({ between }) => between === null || (between.includes(a?.name ?? "") && between.includes(b?.name ?? "")),
  );
  return fitting?.ms ?? 1;
}
