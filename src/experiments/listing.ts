import { type Command, command } from "../ftp/commands.ts";
import { receive, send } from "../ftp/data-channel.ts";
import { formatEndpoint } from "../model/endpoint.ts";
import type { TimelineEvent, TransferRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import type { Connection } from "../system/ports.ts";
import { note, type SessionContext } from "./context.ts";
import { type DataProtection, ordinaryProtection, protect } from "./data-protection.ts";
import { ReplyPatience } from "./reply-patience.ts";

/**
 * After a negative reply the data connection gets this long, and some round trips, to end by itself, which tells who
 * hung up; and so long a server gets for its closing reply when we hung up on its silence.
 */
const AFTERMATH_MS = 500;
/**
 * A closing reply gets at least this long after the end of the data, however late in the listing's limit that was: it
 * is sent behind it at once, and a busy server or a lost packet (RFC 6298: 1 s) may delay it.
 */
const CLOSING_MS = 2_000;

/** A listing under way: the command is sent, its replies are being waited for. */
export interface Listing {
  /** What is known of it so far; filled in place. */
  transfer: TransferRecord;
  /** Resolves with the code of the first final reply, or null when none will come. */
  concluded: Promise<number | null>;
  /** Moves the data; resolves when data and replies are both over. */
  carry(connection: Connection): Promise<void>;
  /** There will be no data connection; stops waiting after what is already known. */
  abandon(): void;
}

/** What is transferred; a listing of the present directory where nothing is said. */
export interface TransferKind {
  /** The transfer command. */
  command: Command;
  /** Bytes to send; null or left out for what is received. */
  upload?: Uint8Array | null;
  /** What is received beyond this is cut off; 8 MiB where left out. */
  mostBytes?: number;
  /** How its data connection is protected; as PROT was agreed on, offering the sessions in turn, where left out. */
  protection?: DataProtection;
  /** Keep the beginning of what is received, which a user's file is not for; true where left out. */
  keepsSample?: boolean;
}

/** The listing of the directory that the session is in. */
export const LIST: TransferKind = { command: command("LIST") };

/**
 * Sends LIST, or another transfer command, and begins to wait for its replies, beside whatever happens on the data
 * connection. `onBegun` gets the record as soon as there is one, so that a stop in the middle keeps what is known. The
 * first reply, the data and the closing reply share the limit of a step, counted anew from the data connection's
 * beginning.
 */
export async function beginListing(
  context: SessionContext,
  timeline: TimelineEvent[],
  onBegun: (transfer: TransferRecord) => void,
  kind: TransferKind = LIST,
): Promise<Listing> {
  note(context, timeline, "command", kind.command.shown);
  const exchange = await context.open.session.begin(kind.command);
  const transfer: TransferRecord = { exchange, over: null, dataOutcome: null, bytes: 0, firstByteMs: null, sample: "" };
  onBegun(transfer);
  return new ListingUnderWay(context, timeline, transfer, kind);
}

/** A transfer whose command was sent. */
class ListingUnderWay implements Listing {
  readonly transfer: TransferRecord;
  readonly concluded: Promise<number | null>;
  readonly #context: SessionContext;
  readonly #timeline: TimelineEvent[];
  readonly #kind: TransferKind;
  readonly #patience: ReplyPatience;
  /** Aborted by the first reply. */
  readonly #replied = new AbortController();
  /** What whoever hung up, or was hung up on, is given to show it. */
  readonly #aftermathMs: number;

  constructor(context: SessionContext, timeline: TimelineEvent[], transfer: TransferRecord, kind: TransferKind) {
    const { run, open } = context;
    this.#context = context;
    this.#timeline = timeline;
    this.transfer = transfer;
    this.#kind = kind;
    this.#aftermathMs = AFTERMATH_MS + 2 * open.connectMs;
    this.#patience = new ReplyPatience(run.clock, run.signal);
    this.#patience.waitFor(run.limits.stepMs);
    this.concluded = this.#awaitFinal().finally(() => {
      this.#replied.abort();
      this.#patience.end();
    });
  }

  async carry(connection: Connection): Promise<void> {
    const { run } = this.#context;
    this.transfer.over = connection.remote;
    this.#patience.rest();
    const hungUp = new AbortController();
    const moving = this.#move(connection);
    const outliving = this.concluded.then(async (code) => {
      // The server may say that it has sent everything before we have read it: the listing's limit is enough then.
      if (code !== null && code < 400) return;
      await run.clock.sleep(this.#aftermathMs, AbortSignal.any([run.signal, hungUp.signal]));
      if (hungUp.signal.aborted) return;
      this.transfer.dataOutcome ??= run.signal.aborted ? "cancelled" : "closed";
      connection.close();
    });
    try {
      await Promise.all([moving.finally(() => hungUp.abort()), outliving]);
    } finally {
      connection.close();
    }
  }

  abandon(): void {
    this.#patience.lose();
  }

  /** Waits for the closing reply: its code, or null where none will come. */
  async #awaitFinal(): Promise<number | null> {
    const { exchange } = this.transfer;
    while (exchange.outcome === "ok") {
      const answered = await this.#context.open.session.answer(exchange, this.#patience.signal);
      const reply = exchange.replies.at(-1);
      if (answered === "none" || reply === undefined) return null;
      this.#replied.abort();
      note(this.#context, this.#timeline, "reply", String(reply.code));
      if (answered === "final") return reply.code;
    }
    return null;
  }

  /** Protects the data connection where it is to be, moves the bytes, and ends it. */
  async #move(raw: Connection): Promise<void> {
    const { run, open } = this.#context;
    const { clock, limits } = run;
    const { transfer } = this;
    const started = clock.now();
    const protection = this.#kind.protection ?? ordinaryProtection(open);
    if (protection.kind === "tls" && protection.afterPreliminary) await this.#preliminary();
    const secured = protection.kind === "tls" ? await protect(this.#context, raw, transfer, protection.session) : null;
    const connection = protection.kind === "tls" ? secured : raw;
    if (connection !== null) {
      const outcome = await this.#moveBytes(connection);
      transfer.dataOutcome ??= outcome;
      if (transfer.tls != null && secured !== null) transfer.tls.closeNotify = secured.closeNotify;
      // At once: servers that close with SO_LINGER (vsftpd) hold the closing reply until their FIN is acknowledged.
      connection.close();
    }
    note(this.#context, this.#timeline, "data-ended", `${transfer.dataOutcome} after ${transfer.bytes} bytes`);
    // Whoever was silent for a whole limit has nothing more to say of the connection we hung up on; others have the
    // rest of the limit, for data and closing reply are one transfer.
    const leftMs = limits.stepMs - (clock.now() - started);
    const closingMs = Math.max(leftMs, Math.min(CLOSING_MS + 2 * open.connectMs, limits.stepMs));
    this.#patience.waitFor(transfer.dataOutcome === "timed-out" ? this.#aftermathMs : closingMs);
  }

  async #moveBytes(connection: Connection): Promise<Outcome> {
    const { run } = this.#context;
    const { upload, mostBytes, keepsSample } = this.#kind;
    const how = {
      clock: run.clock,
      limitMs: run.limits.stepMs,
      signal: run.signal,
      redact: (text: string) => (keepsSample === false ? "" : run.recorder.redact(text, true)),
      onFirstByte: () => note(this.#context, this.#timeline, "first-byte", `over ${formatEndpoint(connection.remote)}`),
      ...(mostBytes === undefined ? {} : { mostBytes }),
    };
    if (!upload) return receive(connection, this.transfer, how);
    // Nothing is sent before the server has said that it wants it (150): it may refuse the file.
    await this.#preliminary();
    const code = this.transfer.exchange.replies.at(-1)?.code;
    if (code === undefined || code >= 400) return receive(connection, this.transfer, how);
    return send(connection, upload, this.transfer, how);
  }

  /** Waits for the first reply, or for as long as a step may take. */
  #preliminary(): Promise<unknown> {
    const { clock, limits, signal } = this.#context.run;
    return clock.sleep(limits.stepMs, AbortSignal.any([signal, this.#replied.signal]));
  }
}
