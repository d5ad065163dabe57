import { afterEach, expect } from "vitest";
import { type ProbeHooks, type ProbeOptions, parseTarget, probe } from "../../src/index.ts";
import type { Evidence, ExperimentRecord, RecordOf } from "../../src/model/evidence.ts";
import { Secret } from "../../src/model/secret.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";
import type { Clock, Machine } from "../../src/system/ports.ts";
import { type SimHost, type SimWorld, simWorld } from "../support/sim-network.ts";
import { type ScriptedServer, type ServerScript, scriptedServer } from "./scripted-server.ts";

export const CLIENT = "198.51.100.10";
export const SERVER = "203.0.113.5";
export const SERVER6 = "2001:db8::5";

/** A client and a server on a simulated internet. */
export interface Stage {
  world: SimWorld;
  clock: Clock;
  client: SimHost;
  server: SimHost;
  /** Starts the simulator at the server, healthy or with faults. */
  simulator(fault?: string | string[], options?: Partial<SimulatorOptions>): Promise<Simulator>;
  /** Starts a server that answers as the script says, and healthily where it says nothing. */
  scripted(script: ServerScript, address?: string): Promise<ScriptedServer>;
  /** Probes the server from the client. */
  probe(options?: Partial<ProbeOptions>, hooks?: ProbeHooks, target?: string, machine?: Machine): Promise<Evidence>;
}

const running: { stop(): Promise<void> }[] = [];
const worlds: SimWorld[] = [];

const warnings: string[] = [];
process.on("warning", (warning) => warnings.push(String(warning)));

/** Nobody may leave anything open, whatever the test was about. */
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const world of worlds.splice(0)) {
    await world.clock.sleep(10_000);
    expect(world.open()).toEqual([]);
  }
  // Node warns of listeners that pile up on a signal.
  expect(warnings.splice(0)).toEqual([]);
});

export function stage(): Stage {
  const world = simWorld();
  worlds.push(world);
  const client = world.host("client", [CLIENT, "2001:db8::10"]);
  const server = world.host("server", [SERVER, SERVER6, "203.0.113.6"]);
  const { clock } = world;
  return {
    world,
    clock,
    client,
    server,
    async simulator(fault = [], options = {}) {
      const started = await startSimulator({
        network: server.network,
        clock,
        fault,
        host: SERVER,
        port: 21,
        account: ACCOUNT,
        ...options,
      });
      running.push(started);
      return started;
    },
    async scripted(script, address = SERVER) {
      const started = await scriptedServer(server.network, clock, { address, port: 21 }, script);
      running.push(started);
      return started;
    },
    async probe(options = {}, hooks = {}, target = SERVER, machine = client.machine) {
      const parsed = parseTarget(target);
      if (!parsed.ok) throw new Error(parsed.problem);
      const evidence = await probe(parsed.target, options, hooks, machine);
      expectSound(evidence);
      return evidence;
    },
  };
}

/** The account of the simulator, no part of which stands in any text of a server. */
export const ACCOUNT = { user: "kunde7", password: "Xk9-qu!tz" };
/** The same for a probe. */
export const credentials = () => ({ user: ACCOUNT.user, password: new Secret(ACCOUNT.password) });

/** The records of one experiment. */
export function recordsOf<E extends ExperimentRecord["experiment"]>(evidence: Evidence, experiment: E): RecordOf<E>[] {
  return evidence.experiments.filter((record): record is RecordOf<E> => record.experiment === experiment);
}

/** The records of some experiments, one of each at least: what is said of each would be said of none otherwise. */
export function eachOf<const K extends ExperimentRecord["experiment"]>(
  evidence: Evidence,
  ...experiments: readonly K[]
): RecordOf<K>[] {
  return experiments.flatMap((experiment) => {
    const records = recordsOf(evidence, experiment);
    expect(records, experiment).not.toEqual([]);
    return records;
  });
}

/** The record of one mode. */
export function passiveOf(evidence: Evidence, mode: "epsv" | "pasv"): RecordOf<"passive"> {
  return only(recordsOf(evidence, "passive").filter((record) => record.mode === mode));
}

/** The record of one mode. */
export function activeOf(evidence: Evidence, mode: "eprt" | "port"): RecordOf<"active"> {
  return only(recordsOf(evidence, "active").filter((record) => record.mode === mode));
}

function only<T>(records: T[]): T {
  const [record] = records;
  if (record === undefined || records.length !== 1) throw new Error(`${records.length} records where one was expected`);
  return record;
}

/** Whether bytes moved and the closing reply came. */
export function worked(record: RecordOf<"passive"> | RecordOf<"active">): boolean {
  const code = record.transfer?.exchange.replies.at(-1)?.code ?? 0;
  return record.transfer?.dataOutcome === "ok" && record.transfer.bytes > 0 && code >= 200 && code < 300;
}

/** The modes that worked, in the order in which the mode table shows them. */
export function workingModes(evidence: Evidence): string[] {
  const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
  return attempts.filter(worked).map((record) => record.mode);
}

/** Commands of one session, as its transcript has them. */
export function sent(evidence: Evidence, session = 0): string[] {
  return (evidence.sessions[session]?.transcript ?? [])
    .filter(({ direction }) => direction === "sent")
    .map(({ text }) => text);
}

/** What holds for every evidence whatsoever. */
export function expectSound(evidence: Evidence): void {
  const ids = evidence.experiments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const record of evidence.experiments) {
    expect(record.status, `${record.id}: ${record.note}`).not.toBe("crashed");
    expect(record.durationMs).toBeGreaterThanOrEqual(0);
    expect(record.startedMs + record.durationMs).toBeLessThanOrEqual(evidence.durationMs + 0.1);
    // A complete run cancels nothing, unless its half minute was used up.
    const whole = evidence.complete && evidence.durationMs < 28_000;
    if (whole) expect(record.status).not.toBe("cancelled");
    for (const exchange of exchangesOf(record)) {
      const last = exchange.replies.at(-1);
      // `ok` says that a final reply came.
      if (exchange.outcome === "ok") expect(last?.code, `${record.id} ${exchange.command}`).toBeGreaterThanOrEqual(200);
      if (whole) expect(exchange.outcome).not.toBe("cancelled");
      for (const reply of exchange.replies) expect(reply.lines.join("").length).toBeLessThanOrEqual(2_300);
    }
    if ("transfer" in record && record.transfer !== null) {
      expect(record.transfer.sample.length).toBeLessThanOrEqual(2_048);
      expect(record.transfer.dataOutcome === null).toBe(record.transfer.over === null);
    }
  }
  for (const session of evidence.sessions) {
    expect(session.ended, `${session.id} was left open`).not.toBeNull();
    expect(session.transcript.length).toBeLessThanOrEqual(401);
  }
  expect(JSON.stringify(evidence)).not.toContain(ACCOUNT.password);
}

/** Every exchange of a record. */
export function exchangesOf(record: ExperimentRecord) {
  switch (record.experiment) {
    case "resolve":
    case "control":
      return [];
    case "identify":
      return [record.feat, record.syst, record.auth].filter((exchange) => exchange !== null);
    case "login":
      return record.exchanges;
    case "secure":
      return [...record.auth, record.pbsz, record.prot].filter((exchange) => exchange !== null);
    case "directory":
      return record.status === "done" ? [record.exchange] : [];
    case "passive":
      return [record.offer?.exchange, record.transfer?.exchange].filter((exchange) => exchange !== undefined);
    case "active":
      return [record.exchange, record.transfer?.exchange].filter(
        (exchange) => exchange !== null && exchange !== undefined,
      );
    case "offers":
      return record.samples.flatMap(({ offer, transfer }) => [
        offer.exchange,
        ...(transfer === null ? [] : [transfer.exchange]),
      ]);
    case "remapped-ports":
      return record.trials.flatMap(({ offer, transfer }) => [
        offer.exchange,
        ...(transfer === null ? [] : [transfer.exchange]),
      ]);
    case "other-ports":
      return [];
    case "ladder":
      return record.steps.flatMap(({ offer, transfer }) =>
        [offer?.exchange, transfer?.exchange].filter((exchange) => exchange !== undefined),
      );
    case "sweep":
    case "active-ports":
      return [];
    case "hold":
      return [record.exchange, record.keptBusy?.last].filter((exchange) => exchange !== null && exchange !== undefined);
    case "tls-versions":
      return record.trials.flatMap(({ auth }) => auth ?? []);
    case "tls-matrix":
      return record.trials.flatMap(({ prot, offer, transfer }) =>
        [prot, offer?.exchange, transfer?.exchange].filter((exchange) => exchange !== null && exchange !== undefined),
      );
    case "ccc":
      return [record.exchange, record.offer?.exchange, record.transfer?.exchange].filter(
        (exchange) => exchange !== null && exchange !== undefined,
      );
  }
}
