import type { Exchange, ReplyOddity, ReplyRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import type { Clock, Connection } from "../system/ports.ts";
import type { Command } from "./commands.ts";
import { fits } from "./fitting.ts";
import { type ParsedReply, ReplyReader } from "./reply-reader.ts";

/** Where a session writes what is said. */
export interface SessionLog {
  /** Milliseconds since the start of the run. */
  now(): number;
  /** Hides secrets. */
  redact(text: string): string;
  /** One line of the transcript. */
  line(direction: "sent" | "received" | "note", text: string): void;
  /** A reply that fitted no command. */
  unexpected(reply: ReplyRecord): void;
  /** The session is over. */
  ended(outcome: Outcome): void;
}

/** The first thing a server said. */
export interface Greeting {
  outcome: Outcome;
  code: string | null;
  reply: ReplyRecord | null;
  firstBytes: string;
}

type Event =
  | { kind: "reply"; reply: ReplyRecord }
  | { kind: "noise"; fatal: boolean }
  | { kind: "none"; outcome: Outcome; code: string | null };

const FIRST_BYTES = 256;
/** How long to wait for a reply behind bytes that cannot begin one: another service has nothing more to say. */
const NOISE_GRACE_MS = 2_000;
/** How long a line must be idle before a conversation that lost step is taken up again. */
const IDLE_MS = 300;
/** A server that keeps talking is not waited for. */
const EXTRA_REPLIES = 16;

/**
 * One control connection (RFC 959): one command in flight, every reply kept. A session that timed out, lost step or
 * was told 421 is no longer `usable` and must be dropped.
 */
export class Session {
  readonly connection: Connection;
  readonly #clock: Clock;
  readonly #log: SessionLog;
  readonly #reader = new ReplyReader();
  readonly #events: Event[] = [];
  #ended: Outcome | null = null;
  #usable = true;
  #firstBytes = "";

  constructor(connection: Connection, clock: Clock, log: SessionLog) {
    this.connection = connection;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether another command may be sent. */
  get usable(): boolean {
    return this.#usable && this.#ended === null;
  }

  /** Waits for the greeting; a 120 is followed by the 220 it announces. */
  async greeting(limitMs: number, signal: AbortSignal): Promise<Greeting> {
    const limit = this.#clock.limit(limitMs, signal);
    let grace: ReturnType<Clock["limit"]> | null = null;
    try {
      for (;;) {
        const event = await this.#next((grace ?? limit).signal, () => {
          // Bytes that cannot begin a reply: another service. It gets a short while, not the whole patience.
          if (grace === null && this.#firstBytes !== "" && !/^[\s\d\xff\0]/.test(this.#firstBytes)) {
            grace = this.#clock.limit(Math.min(NOISE_GRACE_MS, limitMs), limit.signal);
          }
          return (grace ?? limit).signal;
        });
        if (event.kind === "reply") {
          if (event.reply.oddities.includes("unfinished")) continue;
          if (event.reply.code === 120) continue;
          if (event.reply.code !== 220) this.#usable = false;
          return this.#greeted("ok", null, event.reply);
        }
        if (event.kind === "noise") {
          if (event.fatal) return this.#greeted("protocol-error", null, null);
          grace ??= this.#clock.limit(Math.min(NOISE_GRACE_MS, limitMs), limit.signal);
          continue;
        }
        const noisy = grace !== null && event.outcome === "timed-out";
        return this.#greeted(noisy ? "protocol-error" : event.outcome, event.code, null);
      }
    } finally {
      limit.clear();
      (grace as ReturnType<Clock["limit"]> | null)?.clear();
    }
  }

  #greeted(outcome: Outcome, code: string | null, reply: ReplyRecord | null): Greeting {
    if (outcome !== "ok") this.#usable = false;
    return { outcome, code, reply, firstBytes: this.#firstBytes };
  }

  /** Sends a command and waits for its final reply, `limitMs` for each reply. */
  async exchange(command: Command, limitMs: number, signal: AbortSignal): Promise<Exchange> {
    const exchange = await this.begin(command);
    while (exchange.outcome === "ok") {
      const limit = this.#clock.limit(limitMs, signal);
      const answered = await this.answer(exchange, limit.signal);
      limit.clear();
      if (answered !== "preliminary") break;
    }
    return exchange;
  }

  /** Sends a command; its replies are then waited for with `answer`. The outcome is `ok` unless sending failed. */
  async begin(command: Command): Promise<Exchange> {
    this.#setAsideEarlyReplies();
    this.#log.line("sent", command.shown);
    const exchange: Exchange = { command: command.shown, sentMs: this.#log.now(), outcome: "ok", replies: [], ms: 0 };
    const failure = this.usable ? await this.connection.write(command.line) : null;
    if (!this.usable) exchange.outcome = this.#ended ?? "closed";
    // A failed write is told by the read as well, with whatever the server still said; only a dead socket ends here.
    else if (failure !== null && failure.outcome !== "reset") exchange.outcome = failure.outcome;
    return exchange;
  }

  /**
   * Waits for the next reply to an exchange and adds it. `none` means that no more will come: the outcome says why.
   * A reply that cannot belong to the command is set aside, and the one behind it is taken once the line is idle.
   */
  async answer(exchange: Exchange, signal: AbortSignal): Promise<"preliminary" | "final" | "none"> {
    for (let extras = 0; ; ) {
      const event = await this.#next(signal);
      exchange.ms = Math.round((this.#log.now() - exchange.sentMs) * 10) / 10;
      if (event.kind === "noise" && !event.fatal && extras < EXTRA_REPLIES) {
        extras += 1;
        continue;
      }
      if (event.kind !== "reply") {
        this.#usable = false;
        exchange.outcome = event.kind === "noise" ? "protocol-error" : event.outcome;
        return "none";
      }
      const { reply } = event;
      if (reply.oddities.includes("unfinished")) {
        exchange.replies.push(reply);
        continue;
      }
      if (!fits(reply.code, exchange.command) && extras < EXTRA_REPLIES) {
        extras += 1;
        this.#setAside(reply, "extra");
        if (!(await this.#waitsForMore(signal))) {
          exchange.outcome = "protocol-error";
          this.#usable = false;
          return "none";
        }
        continue;
      }
      exchange.replies.push(reply);
      if (reply.code < 200) return "preliminary";
      if (reply.code === 421) this.#usable = false;
      return "final";
    }
  }

  /** Says goodbye where that is still possible and closes. */
  async quit(command: Command, limitMs: number): Promise<void> {
    if (this.usable) {
      const limit = this.#clock.limit(limitMs);
      const exchange = await this.begin(command);
      if (exchange.outcome === "ok") await this.answer(exchange, limit.signal);
      limit.clear();
    }
    this.close();
  }

  /** Closes without a word. */
  close(): void {
    this.#usable = false;
    this.#over("ok");
    this.connection.close();
  }

  /** After a reply out of place: whether another one comes before the line has been idle for a while. */
  async #waitsForMore(signal: AbortSignal): Promise<boolean> {
    if (this.#events.some((event) => event.kind === "reply")) return true;
    const limit = this.#clock.limit(IDLE_MS, signal);
    const event = await this.#next(limit.signal);
    limit.clear();
    if (event.kind === "none") return false;
    this.#events.unshift(event);
    return true;
  }

  #setAsideEarlyReplies(): void {
    for (const event of this.#events.splice(0)) if (event.kind === "reply") this.#setAside(event.reply, "early");
  }

  #setAside(reply: ReplyRecord, oddity: ReplyOddity): void {
    this.#log.unexpected({ ...reply, oddities: [...new Set([...reply.oddities, oddity])] });
  }

  /** The next event; `afterRead` may replace the signal once bytes have come. */
  async #next(signal: AbortSignal, afterRead?: () => AbortSignal): Promise<Event> {
    let current = signal;
    for (;;) {
      const waiting = this.#events.shift();
      if (waiting !== undefined) return waiting;
      if (this.#ended !== null) return { kind: "none", outcome: this.#ended, code: null };
      const answer = await this.connection.read(current);
      switch (answer.kind) {
        case "data":
          this.#receive(answer.bytes);
          current = afterRead?.() ?? current;
          break;
        case "end":
          this.#flush();
          this.#over("closed");
          break;
        case "failed": {
          const { outcome, code } = answer.failure;
          this.#flush();
          if (outcome !== "timed-out" && outcome !== "cancelled") this.#over(outcome);
          else if (this.#events.length === 0) return { kind: "none", outcome, code };
          else this.#events.push({ kind: "none", outcome, code });
        }
      }
    }
  }

  #receive(bytes: Uint8Array): void {
    if (this.#firstBytes.length < FIRST_BYTES) {
      const room = FIRST_BYTES - this.#firstBytes.length;
      this.#firstBytes += Buffer.from(bytes.subarray(0, room)).toString("latin1");
    }
    this.#take(this.#reader.push(bytes));
  }

  #flush(): void {
    if (this.#reader.pending) this.#take(this.#reader.end());
  }

  #take(events: ReturnType<ReplyReader["push"]>): void {
    for (const event of events) {
      if (event.kind === "reply") {
        for (const line of event.reply.lines) this.#log.line("received", line);
        this.#events.push({ kind: "reply", reply: this.#record(event.reply) });
      } else {
        this.#log.line("received", event.text);
        this.#log.line("note", `not an FTP reply (${event.problem})`);
        this.#events.push({ kind: "noise", fatal: event.problem !== "not-a-reply" });
      }
    }
  }

  #record(reply: ParsedReply): ReplyRecord {
    return {
      code: reply.code,
      lines: reply.lines.map((line) => this.#log.redact(line)),
      oddities: [...reply.oddities],
      atMs: this.#log.now(),
    };
  }

  #over(outcome: Outcome): void {
    if (this.#ended !== null) return;
    this.#ended = outcome;
    this.#log.ended(outcome);
    if (outcome !== "ok") this.#log.line("note", `control connection ended: ${outcome}`);
  }
}
