import type { Exchange, ReplyOddity, ReplyRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Clock, Connection } from "../system/ports.ts";
import type { Command } from "./commands.ts";
import { fits } from "./fitting.ts";
import { awaitGreeting, type Greeting } from "./greeting.ts";
import { ReplyStream, type SessionLog } from "./reply-stream.ts";

export type { Greeting } from "./greeting.ts";
export type { SessionLog } from "./reply-stream.ts";

/** The end follows the last word in the next packet, where it follows at all. */
const HANGING_UP_MS = 20;
/** So long it may take behind a 421, with which a server announces it. */
const LEAVING_MS = 2_000;
/** How long a line must be idle before a conversation that lost step is taken up again. */
const IDLE_MS = 300;
/** A server that keeps talking out of turn, or keeps promising a reply (1xx), is not waited for. */
const EXTRA_REPLIES = 16;

/**
 * One control connection (RFC 959): one command in flight, every reply kept. A session that timed out, lost step or
 * was told 421 is no longer `usable` and must be dropped.
 */
export class Session {
  #connection: Connection;
  readonly #clock: Clock;
  readonly #log: SessionLog;
  readonly #idleMs: number;
  readonly #replies: ReplyStream;
  #usable = true;
  #turnedAway = false;
  /** The last reply was negative. */
  #refused = false;

  /** `roundTripMs` is the way's own delay, to which the waiting for a straggling reply is fitted. */
  constructor(connection: Connection, clock: Clock, log: SessionLog, roundTripMs = 0) {
    this.#connection = connection;
    this.#clock = clock;
    this.#log = log;
    this.#replies = new ReplyStream(connection, log);
    this.#idleMs = IDLE_MS + 2 * roundTripMs;
  }

  /** What it speaks over; its ends tell where data connections may go. */
  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Goes on over TLS, which was made of the present connection. What was read before and not asked for is set aside:
   * nobody vouches for clear text behind which TLS began.
   */
  upgrade(secured: Connection): void {
    this.#setAsideEarlyReplies();
    this.#connection = secured;
    this.#replies.switchTo(secured);
    this.#log.line("note", "control connection is under TLS from here on");
  }

  /** Goes on in clear over `connection`, which was given back by TLS (RFC 4217 section 6). */
  downgrade(connection: Connection): void {
    this.#setAsideEarlyReplies();
    this.#connection = connection;
    this.#replies.switchTo(connection);
    this.#log.line("note", "control connection is in clear from here on");
  }

  /** Whether another command may be sent. */
  get usable(): boolean {
    return this.#usable && this.#replies.ended === null;
  }

  /** Whether anything at all has come from the server. */
  get heard(): boolean {
    return this.#replies.firstBytes !== "";
  }

  /** Whether the server said 421: it wants to serve fewer of us, or nobody. */
  get turnedAway(): boolean {
    return this.#turnedAway;
  }

  /** The lines of a reply of this session as they were received, secrets included: to be read, never to be kept. */
  wordsOf(reply: ReplyRecord): readonly string[] {
    return this.#replies.wordsOf(reply);
  }

  /** What came in one packet with a reply, behind it: where TLS begins at that reply, it belongs to TLS. */
  behind(reply: ReplyRecord): Uint8Array {
    return this.#replies.behind(reply);
  }

  /** Waits for the greeting; a 120 is followed by the 220 it announces. */
  async greeting(limitMs: number, signal: AbortSignal): Promise<Greeting> {
    const greeting = await awaitGreeting(this.#replies, this.#clock, limitMs, signal);
    if (greeting.reply?.code === 421) this.#turnAway();
    if (greeting.outcome !== "ok" || greeting.reply?.code !== 220) this.#usable = false;
    return greeting;
  }

  /** Sends a command and waits for its final reply; `limitMs` begins anew with the first preliminary one, once. */
  async exchange(command: Command, limitMs: number, signal: AbortSignal): Promise<Exchange> {
    const exchange = await this.begin(command);
    let limit = this.#clock.limit(limitMs, signal);
    while (exchange.outcome === "ok" && (await this.answer(exchange, limit.signal)) === "preliminary") {
      if (exchange.replies.length > 1) continue;
      limit.clear();
      limit = this.#clock.limit(limitMs, signal);
    }
    limit.clear();
    return exchange;
  }

  /** Sends a command; its replies are then waited for with `answer`. The outcome is `ok` unless sending failed. */
  async begin(command: Command): Promise<Exchange> {
    this.#setAsideEarlyReplies();
    const exchange: Exchange = { command: command.shown, sentMs: this.#log.now(), outcome: "ok", replies: [], ms: 0 };
    if (!this.usable) {
      const { ended } = this.#replies;
      exchange.outcome = ended === null || ended === "ok" ? "closed" : ended;
      return exchange;
    }
    this.#log.line("sent", command.shown);
    const failure = await this.#connection.write(command.line);
    // A failed write is told by the read as well, with whatever the server still said; only a dead socket ends here.
    if (failure !== null && failure.outcome !== "reset") {
      exchange.outcome = failure.outcome;
      this.#usable = false;
    }
    return exchange;
  }

  /**
   * Waits for the next reply to an exchange and adds it. `none` means that no more will come: the outcome says why.
   * A reply that cannot belong to the command is set aside, and the one behind it is taken once the line is idle.
   */
  async answer(exchange: Exchange, signal: AbortSignal): Promise<"preliminary" | "final" | "none"> {
    for (let extras = 0; ; ) {
      const event = await this.#replies.next(signal);
      exchange.ms = tenth(this.#log.now() - exchange.sentMs);
      if (event.kind === "none") return this.#unanswered(exchange, event.outcome);
      if (event.kind === "noise") {
        if (event.fatal || ++extras > EXTRA_REPLIES) return this.#unanswered(exchange, "protocol-error");
        continue;
      }
      const { reply } = event;
      if (reply.oddities.includes("unfinished")) {
        exchange.replies.push(reply);
        continue;
      }
      if (!fits(reply.code, exchange)) {
        this.#setAside(reply, "extra");
        if (++extras > EXTRA_REPLIES) return this.#unanswered(exchange, "protocol-error");
        const silence = await this.#waitForMore(signal);
        if (silence !== null) return this.#unanswered(exchange, silence);
        continue;
      }
      exchange.replies.push(reply);
      this.#refused = reply.code >= 400;
      if (reply.code === 421) this.#turnAway();
      if (reply.code >= 200) return "final";
      if (exchange.replies.length > EXTRA_REPLIES) return this.#unanswered(exchange, "protocol-error");
      return "preliminary";
    }
  }

  /** No final reply will come: the session is out of step from here on. */
  #unanswered(exchange: Exchange, outcome: Outcome): "none" {
    this.#usable = false;
    exchange.outcome = outcome;
    const { partial } = this.#replies;
    if (partial !== null && partial.atMs >= exchange.sentMs) {
      exchange.partial = { text: partial.text, quietMs: partial.quietMs };
    }
    return "none";
  }

  /**
   * Gives a server that has just said no the moment it takes to hang up as well: whoever asks next would otherwise take
   * the end for the answer to their own question.
   */
  async settle(signal: AbortSignal): Promise<void> {
    if (!this.usable || !this.#refused || this.#replies.waiting) return;
    this.#refused = false;
    const limit = this.#clock.limit(HANGING_UP_MS, signal);
    const event = await this.#replies.next(limit.signal, { keepsPending: true });
    limit.clear();
    if (event.kind !== "none") this.#replies.putBack(event);
  }

  /**
   * Asks nothing for as long as the limit: the first thing the server says meanwhile, and how it ended the connection;
   * null for either where it did not. Ends early where there is nothing more to wait for.
   */
  async idle(limitMs: number, signal: AbortSignal): Promise<{ said: ReplyRecord | null; ended: Outcome | null }> {
    let said: ReplyRecord | null = null;
    let limit = this.#clock.limit(limitMs, signal);
    try {
      for (let extras = 0; extras <= EXTRA_REPLIES; extras += 1) {
        const event = await this.#replies.next(limit.signal);
        if (event.kind === "none") return { said, ended: this.#replies.ended };
        if (event.kind !== "reply") continue;
        said ??= event.reply;
        if (event.reply.code !== 421) continue;
        // The end follows its announcement, where it follows at all.
        this.#turnAway();
        limit.clear();
        limit = this.#clock.limit(Math.min(LEAVING_MS, limitMs), signal);
      }
      return { said, ended: null };
    } finally {
      limit.clear();
    }
  }

  /** Says goodbye where that is still possible and closes; an aborted `signal` leaves no time to hear the answer. */
  async quit(command: Command, limitMs: number, signal?: AbortSignal): Promise<void> {
    if (this.usable) {
      const limit = this.#clock.limit(limitMs, signal);
      const exchange = await this.begin(command);
      if (exchange.outcome === "ok") await this.answer(exchange, limit.signal);
      limit.clear();
    }
    this.close();
  }

  /** Closes without a word. */
  close(): void {
    this.#usable = false;
    this.#replies.end("ok");
    this.#connection.close();
  }

  /**
   * After a reply out of place: null as soon as something else has come, or why nothing did. That the line was idle for
   * a while makes it a `protocol-error`: what was set aside was the only answer there is.
   */
  async #waitForMore(signal: AbortSignal): Promise<Outcome | null> {
    if (this.#replies.waiting) return null;
    const limit = this.#clock.limit(this.#idleMs, signal);
    const event = await this.#replies.next(limit.signal, { keepsPending: true });
    limit.clear();
    if (event.kind !== "none") this.#replies.putBack(event);
    else if (event.outcome !== "timed-out" || signal.aborted) return event.outcome;
    // The first bytes of another reply are there: that is worth the whole limit.
    else if (!this.#replies.pending) return "protocol-error";
    return null;
  }

  #setAsideEarlyReplies(): void {
    for (const event of this.#replies.takeWaiting()) if (event.kind === "reply") this.#setAside(event.reply, "early");
  }

  #turnAway(): void {
    this.#turnedAway = true;
    this.#usable = false;
  }

  #setAside(reply: ReplyRecord, oddity: ReplyOddity): void {
    if (reply.code === 421) this.#turnAway();
    this.#log.unexpected({ ...reply, oddities: [...new Set([...reply.oddities, oddity])] });
  }
}
