import { type Endpoint, formatEndpoint } from "../model/endpoint.ts";
import type { PortRange } from "../model/evidence.ts";
import type { Clock, Connection, Network } from "../system/ports.ts";
import { combine } from "./behaviour.ts";
import type { Account } from "./conversation.ts";
import type { DataSurroundings } from "./data-channel.ts";
import { readFaults } from "./faults/index.ts";
import { serve } from "./session.ts";
import { type OpenSilentPort, openSilentPort, type SilentPort } from "./silent-port.ts";
import { SimulatorProblem } from "./simulator-problem.ts";
import { ORDINARY_TLS, type TlsIdentity } from "./tls/policy.ts";
import { TlsContexts } from "./tls/server-side.ts";
import { WORDINGS, type WordingName } from "./wordings/index.ts";

/** How to start a simulator; only the ports to the world are needed. */
export interface SimulatorOptions {
  /** Where it listens and calls: the real network, or a simulated one. */
  network: Network;
  /** What pauses and limits are measured by. */
  clock: Clock;
  /** Name of a fault, or several that act together; `name=value` where a fault takes a value. None is healthy. */
  fault?: string | readonly string[];
  /** IP literal to listen on; 127.0.0.1 without it. */
  host?: string;
  /** Control port; any free one without it. */
  port?: number;
  /** Whose words to use; those that the fault belongs to, or its own, without it. */
  wording?: WordingName;
  /** The account beside anonymous; demo with password demo without it. */
  account?: Account;
  /** Key and certificate to offer TLS with; none without it, unless a fault brings TLS with it. */
  tls?: TlsIdentity;
  /** Ports for passive mode; any without it. */
  passivePorts?: PortRange;
  /** Address to name in 227 where it is not the one the client reached, as behind a NAT that is configured well. */
  publicAddress?: string;
  /** How long a data connection is waited for; 60 s without it, as vsftpd does. */
  dataTimeoutMs?: number;
  /** Opens the port for the fault `passive-ports-silent`; on the real network without it. */
  openSilentPort?: OpenSilentPort;
}

/** A command line that a client sent. */
export interface SimulatorLogLine {
  /** 1 for the simulator's first control connection, 2 for the next, ... */
  connection: number;
  /** Without its line end; the arguments of PASS and ACCT replaced. */
  line: string;
}

/** A running simulator. */
export interface Simulator {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** Name of the fault that is on, several joined with `+`; null for a healthy server. */
  readonly fault: string | null;
  /** Commands seen, in order of arrival; the newest 10,000. */
  readonly log: readonly SimulatorLogLine[];
  /** Control connections taken so far. */
  readonly connections: number;
  /** Ends every connection and frees everything. */
  stop(): Promise<void>;
}

/** Starts a simulator. Throws `SimulatorProblem` for an unknown fault, an unusable value or a port that cannot be had. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const faults = readFaults(options.fault ?? []);
  const wording = WORDINGS[options.wording ?? faults.find((fault) => fault.wording !== null)?.wording ?? "own"];
  const at = { address: options.host ?? "127.0.0.1", port: options.port ?? 0 };
  const listening = await options.network.listen(at);
  if (!listening.ok) {
    throw new SimulatorProblem(`cannot listen on ${formatEndpoint(at)}: ${listening.failure.detail}`);
  }
  const { listener } = listening;
  const stop = new AbortController();
  const silentPorts = new SilentPorts(options.openSilentPort ?? openSilentPort);
  const contexts = new TlsContexts();
  const offered = options.tls === undefined ? null : { ...ORDINARY_TLS, identity: options.tls };
  const log: SimulatorLogLine[] = [];
  const tasks = new Set<Promise<void>>();
  let ordinal = 0;
  let conversations = 0;

  const surroundings: DataSurroundings = {
    network: options.network,
    clock: options.clock,
    stopped: stop.signal,
    passivePorts: options.passivePorts ?? null,
    dataTimeoutMs: options.dataTimeoutMs ?? 60_000,
    openSilentPort: (address) => silentPorts.open(address),
  };

  function take(connection: Connection): void {
    ordinal += 1;
    conversations += 1;
    const view = { ordinal, open: conversations, remote: connection.remote };
    const behaviour = combine(faults.map((fault) => fault.behave(view)));
    const policy = behaviour.tls(offered);
    const task = serve({
      connection,
      clock: options.clock,
      surroundings,
      behaviour,
      tls:
        policy === null ? null : { policy, context: contexts.of(policy.identity), active: false, protectsData: false },
      wording,
      account: options.account ?? { user: "demo", password: "demo" },
      publicAddress: options.publicAddress ?? null,
      onCommand(line) {
        log.push({ connection: view.ordinal, line });
        if (log.length > MAX_LOG_LINES) log.shift();
      },
      onOver() {
        conversations -= 1;
      },
    }).finally(() => tasks.delete(task));
    tasks.add(task);
  }

  const accepting = (async () => {
    while (!stop.signal.aborted) {
      const answer = await listener.accept(stop.signal);
      if (answer.ok) take(answer.connection);
      else if (!stop.signal.aborted) await options.clock.sleep(ACCEPT_PAUSE_MS, stop.signal);
    }
  })();

  return {
    endpoint: listener.local,
    fault: faults.length === 0 ? null : faults.map((fault) => fault.name).join("+"),
    log,
    get connections() {
      return ordinal;
    },
    async stop() {
      stop.abort();
      listener.close();
      await accepting;
      await Promise.all(tasks);
      await silentPorts.close();
    },
  };
}

/** An accept can fail for want of descriptors; trying again at once would burn the processor. */
const ACCEPT_PAUSE_MS = 50;
const MAX_LOG_LINES = 10_000;

/** One silent port per address, opened when first needed and shared by all sessions. */
class SilentPorts {
  readonly #open: OpenSilentPort;
  readonly #ports = new Map<string, Promise<SilentPort>>();

  constructor(open: OpenSilentPort) {
    this.#open = open;
  }

  open(address: string): Promise<SilentPort> {
    const known = this.#ports.get(address) ?? this.#open(address);
    this.#ports.set(address, known);
    return known;
  }

  async close(): Promise<void> {
    for (const opening of this.#ports.values()) await opening.then((port) => port.close()).catch(() => {});
  }
}
