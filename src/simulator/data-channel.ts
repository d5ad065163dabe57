import type { Endpoint } from "../model/endpoint.ts";
import type { PortRange } from "../model/evidence.ts";
import type { Failure } from "../model/failure.ts";
import type { Clock, Connection, Listener, Network } from "../system/ports.ts";
import type { PassivePort, Transfer } from "./behaviour.ts";
import { closeGently, unlessAborted } from "./connection-end.ts";
import type { OpenSilentPort } from "./silent-port.ts";
import { type SecuredConnection, serveTls } from "./tls/server-side.ts";
import type { SessionTls } from "./tls/session-tls.ts";

/** What every data channel of one simulator shares. */
export interface DataSurroundings {
  /** Where it listens and calls. */
  network: Network;
  /** What its waits are measured by. */
  clock: Clock;
  /** Ends with the simulator. */
  stopped: AbortSignal;
  /** Ports to listen on; null for any. */
  passivePorts: PortRange | null;
  /** How long a data connection is waited for, in milliseconds. */
  dataTimeoutMs: number;
  /** The simulator's one silent port for an address, opened when first needed. */
  openSilentPort: OpenSilentPort;
}

/** What became of getting the data connection. */
export type OpenAnswer =
  | { kind: "open" }
  /** Nobody came, or the client could not be called; the reason in the words of errno. */
  | { kind: "failed"; reason: string; port: number | null }
  /** Somebody else than the control connection's client came; hung up on. */
  | { kind: "foreign" }
  /** TLS did not come about on it, or not as it must; the reply that says so. */
  | { kind: "unprotected"; text: string }
  | { kind: "aborted" };

/** Data is written in pieces, so that an abort between two of them is seen. */
const CHUNK_BYTES = 16 * 1024;

type Pending = { kind: "passive"; listener: Listener | null } | { kind: "active"; to: Endpoint; from: string };

/** The data channel of one control connection: set up by PASV, EPSV, PORT or EPRT, used by one transfer. */
export class DataChannel {
  readonly #surroundings: DataSurroundings;
  readonly #control: Connection;
  #pending: Pending | null = null;
  #connection: Connection | SecuredConnection | null = null;
  #endsSilently = false;
  #offers = 0;

  constructor(surroundings: DataSurroundings, control: Connection) {
    this.#surroundings = surroundings;
    this.#control = control;
  }

  /** How the next transfer's data connection will be made; null where nothing was set up. */
  get kind(): Transfer["kind"] | null {
    return this.#pending?.kind ?? null;
  }

  /** The client's port in active mode; null in passive mode. */
  get activePort(): number | null {
    return this.#pending?.kind === "active" ? this.#pending.to.port : null;
  }

  /** Prepares a passive port and answers with its number; null where none could be had. */
  async offer(stand: (ordinal: number) => PassivePort): Promise<number | null> {
    this.drop();
    this.#offers += 1;
    const address = this.#control.local.address;
    const what = stand(this.#offers);
    if (what === "silent") {
      this.#pending = { kind: "passive", listener: null };
      return (await this.#surroundings.openSilentPort(address)).port;
    }
    const listener = await this.#listen(address);
    if (listener === null) return null;
    if (what === "closed") listener.close();
    this.#pending = { kind: "passive", listener: what === "closed" ? null : listener };
    return listener.local.port;
  }

  /** Remembers whom to call and from which local address. */
  callTo(to: Endpoint, from: string | null): void {
    this.drop();
    this.#pending = { kind: "active", to, from: from ?? this.#control.local.address };
  }

  /** Gets the data connection: takes the client's call or calls it. */
  async open(signal: AbortSignal): Promise<OpenAnswer> {
    const pending = this.#pending;
    if (pending === null) return { kind: "failed", reason: "nothing was set up", port: null };
    const limit = this.#surroundings.clock.limit(this.#surroundings.dataTimeoutMs, signal);
    try {
      return pending.kind === "passive"
        ? await this.#takeCall(pending.listener, limit.signal)
        : await this.#call(pending.to, pending.from, limit.signal);
    } finally {
      limit.clear();
    }
  }

  /** Puts the data connection under TLS, as PROT P has it (RFC 4217 section 9). */
  async protect({ policy, context }: SessionTls, signal: AbortSignal): Promise<OpenAnswer> {
    const connection = this.#connection;
    if (connection === null || policy.data === "clear") return { kind: "open" };
    const limit = this.#surroundings.clock.limit(this.#surroundings.dataTimeoutMs, signal);
    try {
      if (policy.data === "stalled") {
        while ((await connection.read(limit.signal)).kind === "data");
        return { kind: "unprotected", text: "425 No TLS on the data connection" };
      }
      const secured = await serveTls(connection, context, limit.signal);
      if (secured === null) {
        return { kind: "unprotected", text: "522 The TLS handshake on the data connection failed" };
      }
      this.#connection = secured;
      this.#endsSilently = policy.silentEnd;
      return policy.reuseRequired && !secured.resumed
        ? { kind: "unprotected", text: "522 SSL connection failed: session reuse required" }
        : { kind: "open" };
    } finally {
      limit.clear();
    }
  }

  /** Sends data, one character per byte; false when the connection is gone or the signal aborted. */
  async send(text: string, signal: AbortSignal): Promise<boolean> {
    for (let at = 0; at < text.length; at += CHUNK_BYTES) {
      if (this.#connection === null || signal.aborted) return false;
      const write = this.#connection.write(Buffer.from(text.slice(at, at + CHUNK_BYTES), "latin1"));
      if ((await unlessAborted(write, signal, false)) !== null) return false;
    }
    return this.#connection !== null;
  }

  /** Ends the data connection, in order or with a reset. */
  end(reset: boolean): void {
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) {
      if (reset) connection.close({ reset: true });
      else {
        if (this.#endsSilently && "below" in connection) connection.below.end();
        else connection.end();
        void closeGently(connection, this.#surroundings.clock, this.#surroundings.stopped);
      }
    }
    if (this.#pending?.kind === "passive") this.#pending.listener?.close();
    this.#pending = null;
  }

  /** Forgets what was set up and hangs up. */
  drop(): void {
    this.#connection?.close();
    this.#connection = null;
    this.end(false);
  }

  async #listen(address: string): Promise<Listener | null> {
    const { network, passivePorts: range } = this.#surroundings;
    if (range === null) {
      const answer = await network.listen({ address, port: 0 });
      return answer.ok ? answer.listener : null;
    }
    const size = range.to - range.from + 1;
    // Each offer begins at another port, so that repeated offers show the range as those of real servers do.
    for (let step = 0; step < size; step += 1) {
      const port = range.from + ((this.#control.remote.port + this.#offers * 7 + step) % size);
      const answer = await network.listen({ address, port });
      if (answer.ok) return answer.listener;
    }
    return null;
  }

  async #takeCall(listener: Listener | null, signal: AbortSignal): Promise<OpenAnswer> {
    if (listener === null) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      return this.#failed("timed-out", null);
    }
    const answer = await listener.accept(signal);
    if (!answer.ok) return this.#failed(answer.failure.outcome, null);
    if (answer.connection.remote.address !== this.#control.remote.address) {
      answer.connection.close();
      return { kind: "foreign" };
    }
    this.#connection = answer.connection;
    return { kind: "open" };
  }

  async #call(to: Endpoint, from: string, signal: AbortSignal): Promise<OpenAnswer> {
    const answer = await this.#surroundings.network.connect(to, { signal, localAddress: from });
    if (!answer.ok) return this.#failed(answer.failure.outcome, to.port);
    this.#connection = answer.connection;
    return { kind: "open" };
  }

  #failed(outcome: Failure["outcome"], port: number | null): OpenAnswer {
    return outcome === "cancelled" ? { kind: "aborted" } : { kind: "failed", reason: errnoText(outcome), port };
  }
}

/** strerror(3)'s words, which servers put behind their 425. */
function errnoText(outcome: Failure["outcome"]): string {
  switch (outcome) {
    case "refused":
      return "Connection refused";
    case "unreachable":
      return "No route to host";
    case "timed-out":
      return "Connection timed out";
    default:
      return "Connection reset by peer";
  }
}
