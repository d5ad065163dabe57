import type { PartialReply, ReplyRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import { tenth } from "../model/milliseconds.ts";
import { hexOf, isText } from "../model/raw-bytes.ts";
import type { Connection, SecureConnection } from "../system/ports.ts";
import { type ParsedReply, ReplyReader } from "./reply-reader.ts";

/** Where a session writes what is said. */
export interface SessionLog {
  /** Milliseconds since the start of the run. */
  now(): number;
  /** Hides secrets; `cut` says that the text was cut off, maybe in the middle of one. */
  redact(text: string, cut?: boolean): string;
  /** One line of the transcript. */
  line(direction: "sent" | "received" | "note", text: string): void;
  /** A reply that fitted no command. */
  unexpected(reply: ReplyRecord): void;
  /** Clear text came where TLS should be. */
  foreign?(text: string): void;
  /** The other side ended TLS with an alert. */
  alert?(name: string): void;
  /** The session is over. */
  ended(outcome: Outcome): void;
}

/** What comes over a control connection: a reply, something that is none, or word that no more will come. */
export type StreamEvent =
  | { kind: "reply"; reply: ReplyRecord }
  /** `fatal`: beyond the reader's limits, nothing readable is to be expected behind it. */
  | { kind: "noise"; fatal: boolean }
  | { kind: "none"; outcome: Outcome; code: string | null };

const LF = 0x0a;
/** What is kept of the first bytes: enough to know another service by them, whose banners are one short line. */
export const FIRST_BYTES = 256;
/** Bytes without a reply in them (blank lines, NULs) that are read before the server is given up. */
const EMPTY_BYTES = 1024 * 1024;

/** The replies of one control connection, written down as they come. */
export class ReplyStream {
  #connection: Connection;
  readonly #log: SessionLog;
  #reader = new ReplyReader();
  readonly #events: StreamEvent[] = [];
  /** Replies as the server sent them: hiding a secret such as `123` would break the numbers of a 227. */
  readonly #words = new WeakMap<ReplyRecord, readonly string[]>();
  #ended: Outcome | null = null;
  #firstBytes = "";
  /** The last bytes read, and how much was read before them. */
  #latest: Uint8Array = new Uint8Array();
  #latestAt = 0;
  /** When bytes came last, in milliseconds since the start of the run. */
  #heardMs = 0;
  #partial: (PartialReply & { atMs: number }) | null = null;
  /** Where replies end in what was read. */
  readonly #ends = new WeakMap<ReplyRecord, number>();

  constructor(connection: Connection, log: SessionLog) {
    this.#connection = connection;
    this.#log = log;
  }

  /** How the connection ended; null while it lasts. */
  get ended(): Outcome | null {
    return this.#ended;
  }

  /** The first bytes received, latin1, at most `FIRST_BYTES`; they may hold secrets. */
  get firstBytes(): string {
    return this.#firstBytes;
  }

  /** The end of what had come of a reply when it was given up, redacted, and when that came; null where none was. */
  get partial(): (PartialReply & { atMs: number }) | null {
    return this.#partial;
  }

  /** Whether half a line or reply has come. */
  get pending(): boolean {
    return this.#reader.pending;
  }

  /** Whether something has been read that nobody has asked for yet. */
  get waiting(): boolean {
    return this.#events.length > 0;
  }

  /** Takes all that has been read and that nobody has asked for. */
  takeWaiting(): StreamEvent[] {
    return this.#events.splice(0);
  }

  /** Reads on from another connection; half a reply of the former one is dropped. */
  switchTo(connection: Connection): void {
    this.#connection = connection;
    this.#reader = new ReplyReader();
  }

  /** Gives an event back: it will be the next one. */
  putBack(event: StreamEvent): void {
    this.#events.unshift(event);
  }

  /** The lines of a reply as they were received, secrets included. */
  wordsOf(reply: ReplyRecord): readonly string[] {
    return this.#words.get(reply) ?? reply.lines;
  }

  /** What came in one packet with the end of a reply, behind it. */
  behind(reply: ReplyRecord): Uint8Array {
    const end = this.#ends.get(reply);
    return end === undefined ? new Uint8Array() : this.#latest.subarray(Math.max(0, end - this.#latestAt));
  }

  /**
   * The next event. `afterRead` may replace the signal once bytes have come; with `keepsPending` half a reply stays
   * pending when the limit passes, because the waiting will go on.
   */
  async next(
    signal: AbortSignal,
    { afterRead, keepsPending }: { afterRead?: () => AbortSignal; keepsPending?: boolean } = {},
  ): Promise<StreamEvent> {
    let current = signal;
    for (let empty = 0; ; ) {
      const waiting = this.#events.shift();
      if (waiting !== undefined) return waiting;
      // What we closed ourselves gives no answer either.
      if (this.#ended !== null) {
        return { kind: "none", outcome: this.#ended === "ok" ? "closed" : this.#ended, code: null };
      }
      const answer = await this.#connection.read(current);
      switch (answer.kind) {
        case "data":
          this.#receive(answer.bytes);
          current = afterRead?.() ?? current;
          empty += answer.bytes.length;
          if (this.#events.length === 0 && empty > EMPTY_BYTES) return { kind: "noise", fatal: true };
          break;
        case "end":
          this.#flush();
          this.end("closed");
          break;
        case "failed": {
          const { outcome, code } = answer.failure;
          if (outcome !== "timed-out" && outcome !== "cancelled") this.#tellAlert();
          if (outcome === "protocol-error") this.#tellForeign();
          if (keepsPending !== true || outcome !== "timed-out") this.#flush();
          if (outcome !== "timed-out" && outcome !== "cancelled") this.end(outcome);
          else if (this.#events.length === 0) return { kind: "none", outcome, code };
          else this.#events.push({ kind: "none", outcome, code });
        }
      }
    }
  }

  /** A server that dies may write its last words past TLS (vsftpd's 500 OOPS). */
  #tellForeign(): void {
    const text = "foreign" in this.#connection ? (this.#connection as SecureConnection).foreign : null;
    if (text === null) return;
    const shown = this.#log.redact(text.trimEnd(), true);
    this.#log.foreign?.(this.#log.redact(text, true));
    if (isText(text)) {
      this.#log.line("note", "clear text came instead of TLS:");
      this.#log.line("received", shown);
    } else {
      this.#log.line("note", `what came is neither TLS nor text; first bytes (hex): ${hexOf(shown)}`);
    }
  }

  /** A server that does not like what it sees only behind the handshake says so by an alert (RFC 8446 section 6.2). */
  #tellAlert(): void {
    const alert = "alert" in this.#connection ? (this.#connection as SecureConnection).alert : null;
    if (alert === null) return;
    this.#log.alert?.(alert);
    this.#log.line("note", `the other side ended TLS with the alert ${alert}`);
  }

  /** Writes down how the connection ended; the first reason counts. */
  end(outcome: Outcome): void {
    if (this.#ended !== null) return;
    this.#ended = outcome;
    this.#log.ended(outcome);
    if (outcome !== "ok") this.#log.line("note", `control connection ended: ${outcome}`);
  }

  #receive(bytes: Uint8Array): void {
    if (this.#firstBytes.length < FIRST_BYTES) {
      const room = FIRST_BYTES - this.#firstBytes.length;
      this.#firstBytes += Buffer.from(bytes.subarray(0, room)).toString("latin1");
    }
    this.#heardMs = this.#log.now();
    this.#latestAt += this.#latest.length;
    this.#latest = bytes;
    // Line by line, to know where each reply ends.
    for (let from = 0; from < bytes.length; ) {
      const lf = bytes.indexOf(LF, from);
      const to = lf === -1 ? bytes.length : lf + 1;
      this.#take(this.#reader.push(bytes.subarray(from, to)), this.#latestAt + to);
      from = to;
    }
  }

  #flush(): void {
    if (!this.#reader.pending) return;
    const events = this.#reader.end();
    const last = events.at(-1);
    const text = last?.kind === "reply" ? last.reply.lines.at(-1) : last?.text;
    if (text !== undefined) {
      this.#partial = {
        text: this.#log.redact(text.slice(0, FIRST_BYTES), true),
        quietMs: tenth(this.#log.now() - this.#heardMs),
        atMs: this.#heardMs,
      };
    }
    this.#take(events, this.#latestAt + this.#latest.length);
  }

  #take(events: ReturnType<ReplyReader["push"]>, end: number): void {
    for (const event of events) {
      if (event.kind === "reply") {
        for (const line of event.reply.lines) this.#log.line("received", line);
        const reply = this.#record(event.reply);
        this.#ends.set(reply, end);
        this.#events.push({ kind: "reply", reply });
      } else {
        this.#log.line("received", event.text);
        this.#log.line("note", `not an FTP reply (${event.problem})`);
        this.#events.push({ kind: "noise", fatal: event.problem !== "not-a-reply" });
      }
    }
  }

  #record(reply: ParsedReply): ReplyRecord {
    const cut = reply.oddities.includes("truncated");
    const record: ReplyRecord = {
      code: reply.code,
      lines: reply.lines.map((line) => this.#log.redact(line, cut)),
      oddities: [...reply.oddities],
      atMs: this.#log.now(),
    };
    this.#words.set(record, reply.lines);
    return record;
  }
}
