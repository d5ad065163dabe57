import type { Socket } from "node:net";
import type { Endpoint } from "../model/endpoint.ts";
import { type Failure, failure } from "../model/failure.ts";
import { abortFailure, onAbort } from "./abort.ts";
import { classifySocketError, codeOf } from "./classify.ts";
import type { Connection, ReadAnswer } from "./ports.ts";

const CLOSED_HERE = failure("cancelled", null, "closed on this side");
const NOTHING = new Uint8Array(0);
const ENDED_HERE = failure("local-error", null, "this side has already ended the connection");

/**
 * A connection over an open socket that was made with `allowHalfOpen`. The socket stays in paused mode: Node then takes
 * no more from the system than its small buffer holds (64 KiB at most, and one chunk), and the peer is held up by TCP
 * itself. What Node has buffered stays readable behind a reset, so the last words of a server that resets are not lost.
 */
export class SocketConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  /** What every further read answers, once there is nothing more to come. */
  #last: ReadAnswer | null = null;
  #ended = false;
  /** Node called it the end; whether it was one is another question. */
  #endReported = false;
  #failure: Failure | null = null;
  #closedHere = false;
  #reading = false;
  #wake: () => void = () => {};

  constructor(socket: Socket, local: Endpoint, remote: Endpoint) {
    this.#socket = socket;
    this.local = local;
    this.remote = remote;
    // These stay for the socket's whole life: an "error" nobody listens to would end the process.
    socket.on("error", (error) => {
      // Behind the peer's FIN the system says EPIPE of a reset: what was sent had come to its end by then.
      if (this.#endReported && codeOf(error) === "EPIPE") this.#ended = true;
      else this.#failure ??= classifySocketError(error, "stream");
      this.#wake();
    });
    socket.on("readable", () => this.#wake());
    socket.on("end", () => {
      this.#endReported = true;
      this.#confirmEnd();
    });
    socket.on("close", () => this.#wake());
  }

  async read(signal: AbortSignal): Promise<ReadAnswer> {
    if (this.#reading) throw new Error("a second read on a connection that is being read");
    this.#reading = true;
    try {
      for (;;) {
        const answer = this.#next(signal);
        if (answer !== null) return answer;
        await this.#change(signal);
      }
    } finally {
      this.#reading = false;
    }
  }

  async write(bytes: Uint8Array): Promise<Failure | null> {
    if (this.#closedHere) return CLOSED_HERE;
    if (this.#failure !== null) return this.#failure;
    if (this.#socket.writableEnded) return ENDED_HERE;
    return new Promise((resolve) => {
      this.#socket.write(bytes, (error) => {
        // Node calls a write that a destroyed socket gave up a success: whether it was is for the socket to say.
        if (this.#closedHere) resolve(CLOSED_HERE);
        else if (this.#failure !== null) resolve(this.#failure);
        else if (this.#socket.errored !== null) resolve(classifySocketError(this.#socket.errored, "stream"));
        else if (error !== undefined && error !== null) resolve(classifySocketError(error, "stream"));
        else resolve(null);
      });
    });
  }

  end(): void {
    if (!this.#socket.writableEnded && !this.#socket.destroyed) this.#socket.end();
  }

  close(options: { reset?: boolean } = {}): void {
    if (this.#closedHere) return;
    this.#closedHere = true;
    if (options.reset === true && !this.#socket.destroyed) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    this.#wake();
  }

  /** What a read can answer now, null where it has to wait. */
  #next(signal: AbortSignal): ReadAnswer | null {
    if (this.#last !== null) return this.#last;
    if (this.#closedHere) {
      this.#last = { kind: "failed", failure: CLOSED_HERE };
      return this.#last;
    }
    // Before taking bytes: what an ended read would take, nobody would get.
    if (signal.aborted) return { kind: "failed", failure: abortFailure(signal) };
    const bytes: Uint8Array | null = this.#socket.read();
    if (bytes !== null) return { kind: "data", bytes };
    if (this.#ended) this.#last = { kind: "end" };
    else if (this.#failure !== null) this.#last = { kind: "failed", failure: this.#failure };
    return this.#last;
  }

  /**
   * libuv calls it the end when a reset is noticed together with the last bytes (POLLHUP behind a partial read), and the error stays in
   * the system unread. A write of nothing puts nothing on the wire, and fetches that error.
   */
  #confirmEnd(): void {
    const confirmed = () => {
      if (this.#failure === null) this.#ended = true;
      this.#wake();
    };
    if (this.#socket.writableEnded || this.#socket.destroyed) confirmed();
    else this.#socket.write(NOTHING, (error) => (codeOf(error) === "ECONNRESET" ? this.#wake() : confirmed()));
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        release();
        resolve();
      };
      const release = onAbort(signal, wake);
      this.#wake = wake;
    });
  }
}
