import { Session } from "../../src/ftp/session.ts";
import type { ReplyRecord } from "../../src/model/evidence.ts";
import { failure, type Outcome } from "../../src/model/failure.ts";
import { abortFailure, onAbort } from "../../src/system/abort.ts";
import { createClock } from "../../src/system/clock.ts";
import type { Clock, Connection, ReadAnswer } from "../../src/system/ports.ts";
import { virtualTime } from "../support/sim-clock.ts";

/** A connection whose far end is the test itself: no network, no latency. */
export class Spoken implements Connection {
  readonly local = { address: "198.51.100.10", port: 50_000 };
  readonly remote = { address: "203.0.113.5", port: 21 };
  /** What we wrote, one entry per write. */
  readonly written: string[] = [];
  closed = false;
  /** What the next write answers. */
  writeFailure: Outcome | null = null;
  readonly #answers: ReadAnswer[] = [];
  #wake: () => void = () => {};

  /** The far end says this, in one packet. */
  hear(text: string): void {
    this.#give({ kind: "data", bytes: Buffer.from(text, "latin1") });
  }

  /** The far end ends its side. */
  hearEnd(): void {
    this.#give({ kind: "end" });
  }

  /** The far end resets. */
  hearReset(): void {
    this.#give({ kind: "failed", failure: failure("reset", "ECONNRESET") });
  }

  #give(answer: ReadAnswer): void {
    this.#answers.push(answer);
    this.#wake();
  }

  async read(signal: AbortSignal): Promise<ReadAnswer> {
    for (;;) {
      if (this.closed) return { kind: "failed", failure: failure("cancelled") };
      if (signal.aborted) return { kind: "failed", failure: abortFailure(signal) };
      const next = this.#answers[0];
      if (next !== undefined) {
        // The end and a reset stay.
        if (next.kind === "data") this.#answers.shift();
        return next;
      }
      await new Promise<void>((resolve) => {
        const release = onAbort(signal, () => this.#wake());
        this.#wake = () => {
          release();
          resolve();
        };
      });
    }
  }

  async write(bytes: Uint8Array) {
    if (this.writeFailure !== null && this.writeFailure !== "ok" && this.writeFailure !== "connected")
      return failure(this.writeFailure);
    this.written.push(Buffer.from(bytes).toString("utf8"));
    return null;
  }

  end(): void {}

  close(): void {
    this.closed = true;
    this.#wake();
  }
}

/** A session over such a connection, and everything it writes down. */
export function spokenSession(roundTripMs = 0): {
  far: Spoken;
  clock: Clock;
  session: Session;
  lines: string[];
  unexpected: ReplyRecord[];
  ended: Outcome[];
} {
  const far = new Spoken();
  const clock = createClock(virtualTime());
  const lines: string[] = [];
  const unexpected: ReplyRecord[] = [];
  const ended: Outcome[] = [];
  const session = new Session(
    far,
    clock,
    {
      now: () => clock.now(),
      redact: (text) => text.replaceAll("hidden", "[secret]"),
      line: (direction, text) => lines.push(`${direction} ${text}`),
      unexpected: (reply) => unexpected.push(reply),
      ended: (outcome) => ended.push(outcome),
    },
    roundTripMs,
  );
  return { far, clock, session, lines, unexpected, ended };
}

/** A signal that never aborts. */
export const never = (): AbortSignal => new AbortController().signal;
