import type { Connection } from "../system/ports.ts";
import { Notice } from "./notice.ts";

/** Longest command line taken; RFC 959 names no limit, 4 KiB is PATH_MAX and what servers take. */
const MAX_LINE_BYTES = 4096;

/** A line of the client, or why there is none. */
export type LineAnswer = { kind: "line"; text: string } | { kind: "too-long" } | { kind: "end" };

/** Telnet's IAC with a command (RFC 854): clients send IAC IP IAC DM before ABOR. */
const TELNET_COMMAND = /\xff(?:[\xfb-\xfe][\s\S]|[^\xff])/g;

/** Cuts what the client sends into lines, holding at most one line and one chunk. */
export class LineReader {
  #connection: Connection;
  readonly #signal: AbortSignal;
  /** Ends the read that is under way, because the connection is about to be another. */
  #held = new AbortController();
  /** Settles when there is a connection to read from again; null while there is one. */
  #paused: { over: Promise<void>; end: () => void } | null = null;
  #reading: Promise<unknown> = Promise.resolve();
  readonly #heard = new Notice();
  #pending = "";
  #skipping = false;
  #ended = false;

  /** Settles when the first bytes came, or the client ended. */
  readonly heard: Promise<void>;

  constructor(connection: Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
    this.heard = this.#heard.wait();
  }

  /** The next line without its end; LF alone ends a line too. A last line without an end is dropped. */
  async next(): Promise<LineAnswer> {
    for (;;) {
      const end = this.#pending.indexOf("\n");
      if (end >= 0) {
        const line = this.#pending.slice(0, end);
        this.#pending = this.#pending.slice(end + 1);
        if (this.#skipping || end > MAX_LINE_BYTES) {
          this.#skipping = false;
          return { kind: "too-long" };
        }
        return { kind: "line", text: line.replace(/\r$/, "").replace(TELNET_COMMAND, "") };
      }
      if (this.#pending.length > MAX_LINE_BYTES) {
        this.#skipping = true;
        this.#pending = "";
      }
      if (!(await this.#fill())) return { kind: "end" };
    }
  }

  /** Stops reading, and forgets what came behind the last line: in clear it must not count under TLS (CVE-2011-0411). */
  async hold(): Promise<void> {
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#paused = { over, end };
    this.#held.abort();
    await this.#reading;
    this.#pending = "";
  }

  /** Reads on, from this connection. */
  goOn(connection: Connection): void {
    this.#connection = connection;
    this.#held = new AbortController();
    this.#paused?.end();
    this.#paused = null;
  }

  /** Waits for more bytes; false when the client ended or failed. */
  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    await this.#paused?.over;
    const held = this.#held.signal;
    const reading = this.#connection.read(AbortSignal.any([this.#signal, held]));
    this.#reading = reading;
    const answer = await reading;
    if (answer.kind === "failed" && held.aborted && !this.#signal.aborted) return true;
    this.#heard.give();
    if (answer.kind !== "data") {
      this.#ended = true;
      return false;
    }
    this.#pending += Buffer.from(answer.bytes).toString("latin1");
    return true;
  }
}
