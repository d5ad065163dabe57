import { Duplex } from "node:stream";
import type { Connection } from "../../system/ports.ts";

/** A connection of ours as Node's TLS wants it: a stream. */
export class ConnectionStream extends Duplex {
  readonly #connection: Connection;
  readonly #over = new AbortController();

  constructor(connection: Connection) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
  }

  override _read(): void {
    void this.#connection.read(this.#over.signal).then((answer) => {
      if (answer.kind === "data") this.push(answer.bytes);
      else if (answer.kind === "end") this.push(null);
      else if (!this.#over.signal.aborted) this.destroy(new Error(answer.failure.detail));
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    void this.#connection.write(chunk).then((failure) => done(failure === null ? null : new Error(failure.detail)));
  }

  override _final(done: () => void): void {
    this.#connection.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort();
    done(error);
  }
}
