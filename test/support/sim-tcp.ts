import type { Endpoint } from "../../src/model/endpoint.ts";
import { type Failure, failure } from "../../src/model/failure.ts";
import { abortFailure, onAbort } from "../../src/system/abort.ts";
import { classifySocketError } from "../../src/system/classify.ts";
import type { TimeSource } from "../../src/system/clock.ts";
import type { AcceptAnswer, Connection, Listener, ReadAnswer } from "../../src/system/ports.ts";

/** Bytes that may be on the way and unread in one direction: the receive window and the buffers of both systems. */
export const WINDOW_BYTES = 256 * 1024;

/** Bytes that travel, and are read, in one go. */
const SEGMENT_BYTES = 16 * 1024;

const MAX_WAITING = 16;

const CLOSED_HERE = failure("cancelled", null, "closed on this side");
const ENDED_HERE = failure("local-error", null, "this side has already ended the connection");

/** What the way does to bytes of one direction: other bytes instead, `reset` for both ends, `hang` for silence from here on. */
export type PassBytes = (bytes: Uint8Array) => Uint8Array | "reset" | "hang";

/** The failure that the real network would make of a system error. */
export function systemFailure(code: string, operation: "connect" | "listen" | "stream"): Failure {
  return classifySocketError(Object.assign(new Error(code), { code }), operation);
}

interface Outgoing {
  bytes: Uint8Array;
  taken: (failure: Failure | null) => void;
}

/** One end of a simulated TCP connection; two of them are joined with `join`. */
export class SimConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #time: TimeSource;
  readonly #latencyMs: number;
  /** What the way does to the bytes this end sends. */
  readonly #pass: PassBytes;
  #peer: SimConnection | null = null;
  #inbox: Uint8Array[] = [];
  /** Bytes the peer has sent that nobody has read yet, those on the way included. */
  #unreadBytes = 0;
  #outgoing: Outgoing[] = [];
  #peerEnded = false;
  #endWanted = false;
  #endSent = false;
  #hanging = false;
  #closedHere = false;
  #failure: Failure | null = null;
  #last: ReadAnswer | null = null;
  #reading = false;
  #wake: () => void = () => {};

  constructor(time: TimeSource, latencyMs: number, local: Endpoint, remote: Endpoint, pass: PassBytes) {
    this.#time = time;
    this.#latencyMs = latencyMs;
    this.local = local;
    this.remote = remote;
    this.#pass = pass;
  }

  /** Joins the two ends of one connection. */
  static join(a: SimConnection, b: SimConnection): void {
    a.#peer = b;
    b.#peer = a;
  }

  /** Whether the real one would still hold a socket. */
  get isOpen(): boolean {
    return !this.#closedHere && this.#failure === null && !(this.#peerEnded && this.#endSent);
  }

  async read(signal: AbortSignal): Promise<ReadAnswer> {
    if (this.#reading) throw new Error("a second read on a connection that is being read");
    this.#reading = true;
    try {
      for (;;) {
        const answer = this.#next(signal);
        if (answer !== null) return answer;
        await new Promise<void>((resolve) => {
          const release = onAbort(signal, () => this.#wake());
          this.#wake = () => {
            release();
            resolve();
          };
        });
      }
    } finally {
      this.#reading = false;
    }
  }

  write(bytes: Uint8Array): Promise<Failure | null> {
    if (this.#closedHere) return Promise.resolve(CLOSED_HERE);
    if (this.#failure !== null) return Promise.resolve(this.#failure);
    if (this.#endWanted) return Promise.resolve(ENDED_HERE);
    return new Promise((taken) => {
      this.#outgoing.push({ bytes: bytes.slice(), taken });
      this.#flush();
    });
  }

  end(): void {
    this.#endWanted = true;
    this.#flush();
  }

  close(options: { reset?: boolean } = {}): void {
    if (this.#closedHere) return;
    this.#closedHere = true;
    // As Linux does it: who closes with unread bytes tells the peer that they were lost.
    if (options.reset === true || this.#inbox.length > 0) this.#deliver((peer) => peer.#fail());
    else if (!this.#endSent) this.#deliver((peer) => peer.#hearEnd());
    this.#endSent = true;
    this.#giveUpWrites(CLOSED_HERE);
    this.#inbox = [];
    this.#wake();
  }

  #next(signal: AbortSignal): ReadAnswer | null {
    if (this.#last !== null) return this.#last;
    if (this.#closedHere) {
      this.#last = { kind: "failed", failure: CLOSED_HERE };
      return this.#last;
    }
    if (signal.aborted) return { kind: "failed", failure: abortFailure(signal) };
    const bytes = this.#inbox.shift();
    if (bytes !== undefined) {
      this.#unreadBytes -= bytes.length;
      const peer = this.#peer;
      if (peer !== null) peer.#flush();
      return { kind: "data", bytes };
    }
    if (this.#peerEnded) this.#last = { kind: "end" };
    else if (this.#failure !== null) this.#last = { kind: "failed", failure: this.#failure };
    return this.#last;
  }

  /** Sends what the window has room for. */
  #flush(): void {
    const peer = this.#peer;
    if (peer === null || this.#closedHere || this.#failure !== null) return;
    for (let head = this.#outgoing[0]; head !== undefined; head = this.#outgoing[0]) {
      while (head.bytes.length > 0) {
        if (peer.#unreadBytes >= WINDOW_BYTES) return;
        const segment = head.bytes.subarray(0, SEGMENT_BYTES);
        head.bytes = head.bytes.subarray(segment.length);
        this.#transmit(segment, peer);
        if (this.#failure !== null) return;
      }
      this.#outgoing.shift();
      head.taken(null);
    }
    if (this.#endWanted && !this.#endSent) {
      this.#endSent = true;
      this.#deliver((receiver) => receiver.#hearEnd());
    }
  }

  #transmit(segment: Uint8Array, peer: SimConnection): void {
    const passed = this.#hanging ? "hang" : this.#pass(segment);
    if (passed === "reset") {
      this.#deliver((receiver) => receiver.#fail());
      this.#fail();
      return;
    }
    if (passed === "hang") {
      // Never acknowledged, so the window fills up and the writer is held up, as in a real black hole.
      this.#hanging = true;
      peer.#unreadBytes += segment.length;
      return;
    }
    if (passed.length === 0) return;
    peer.#unreadBytes += passed.length;
    this.#deliver((receiver) => receiver.#hearBytes(passed));
  }

  /** One fixed latency for each direction keeps everything in order. */
  #deliver(arrive: (peer: SimConnection) => void): void {
    const peer = this.#peer;
    if (peer !== null && !this.#hanging) this.#time.after(this.#latencyMs, () => arrive(peer));
  }

  #hearBytes(bytes: Uint8Array): void {
    if (this.#closedHere) this.#deliver((peer) => peer.#fail());
    else if (this.#failure === null) {
      this.#inbox.push(bytes);
      this.#wake();
    }
  }

  #hearEnd(): void {
    this.#peerEnded = true;
    this.#wake();
  }

  #fail(): void {
    if (this.#closedHere || this.#failure !== null) return;
    this.#failure = systemFailure("ECONNRESET", "stream");
    this.#giveUpWrites(this.#failure);
    this.#wake();
  }

  #giveUpWrites(reason: Failure): void {
    for (const { taken } of this.#outgoing.splice(0)) taken(reason);
  }
}

/** A simulated listening socket. */
export class SimListener implements Listener {
  readonly local: Endpoint;
  readonly #onClose: () => void;
  readonly #callers: SimConnection[] = [];
  readonly #acceptors: ((answer: AcceptAnswer) => void)[] = [];
  #closed = false;

  constructor(local: Endpoint, onClose: () => void) {
    this.local = local;
    this.#onClose = onClose;
  }

  accept(signal: AbortSignal): Promise<AcceptAnswer> {
    if (this.#closed) return Promise.resolve(LISTENER_CLOSED);
    if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
    const connection = this.#callers.shift();
    if (connection !== undefined) return Promise.resolve({ ok: true, connection });
    return new Promise((resolve) => {
      const take = (answer: AcceptAnswer) => {
        release();
        resolve(answer);
      };
      const release = onAbort(signal, () => {
        this.#acceptors.splice(this.#acceptors.indexOf(take), 1);
        resolve({ ok: false, failure: abortFailure(signal) });
      });
      this.#acceptors.push(take);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    for (const caller of this.#callers.splice(0)) caller.close();
    for (const take of this.#acceptors.splice(0)) take(LISTENER_CLOSED);
  }

  /** Somebody called. */
  called(connection: SimConnection): void {
    const take = this.#acceptors.shift();
    if (take !== undefined) take({ ok: true, connection });
    else if (this.#callers.length < MAX_WAITING) this.#callers.push(connection);
    else connection.close();
  }
}

const LISTENER_CLOSED: AcceptAnswer = { ok: false, failure: failure("cancelled", null, "the listener was closed") };
