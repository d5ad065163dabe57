import { type Command, command } from "../ftp/commands.ts";
import { receive, send } from "../ftp/data-channel.ts";
import { type Endpoint, formatEndpoint } from "../model/endpoint.ts";
import type { Exchange, TimelineEvent, TransferRecord } from "../model/evidence.ts";
import { TIMED_OUT } from "../model/failure.ts";
import type { Clock, Connection, SecureConnection } from "../system/ports.ts";
import { note, type OpenSession, type SessionContext } from "./context.ts";
import { noHandshake, shakeHands } from "./handshake.ts";

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

/** How a data connection is protected, where that is not left to the session. */
export type DataProtection =
  | { kind: "clear" }
  /** `session`: to be resumed, null for a full handshake; `afterPreliminary`: the handshake waits for the reply 150. */
  | { kind: "tls"; session: Uint8Array | null; afterPreliminary: boolean };

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
  const { run, open } = context;
  const { clock, limits } = run;
  const aftermathMs = AFTERMATH_MS + 2 * open.connectMs;
  note(context, timeline, "command", kind.command.shown);
  const exchange = await open.session.begin(kind.command);
  const transfer: TransferRecord = { exchange, over: null, dataOutcome: null, bytes: 0, firstByteMs: null, sample: "" };
  onBegun(transfer);

  // Replies are waited for under a limit of their own, which rests while there is a data connection.
  const patience = new AbortController();
  const stop = () => patience.abort(run.signal.reason);
  run.signal.addEventListener("abort", stop, { once: true });
  if (run.signal.aborted) stop();
  let timer: ReturnType<Clock["limit"]> | null = null;
  let over = false;
  const waitFor = (ms: number | null) => {
    timer?.clear();
    timer = null;
    // The data may end behind the last reply: a timer set then would only keep the process alive.
    if (over || ms === null) return;
    timer = clock.limit(ms);
    timer.signal.addEventListener("abort", () => patience.abort(TIMED_OUT), { once: true });
  };
  waitFor(limits.stepMs);

  const replied = new AbortController();
  const concluded = awaitFinal(context, exchange, patience.signal, timeline, () => replied.abort()).finally(() => {
    over = true;
    replied.abort();
    waitFor(null);
    run.signal.removeEventListener("abort", stop);
  });

  const preliminary = (signal: AbortSignal) => clock.sleep(limits.stepMs, AbortSignal.any([signal, replied.signal]));
  // Nothing is sent before the server has said that it wants it (150): it may refuse the file.
  const store = async (connection: Connection, bytes: Uint8Array, how: Parameters<typeof receive>[2]) => {
    await preliminary(how.signal);
    const code = exchange.replies.at(-1)?.code;
    if (code === undefined || code >= 400) return receive(connection, transfer, how);
    return send(connection, bytes, transfer, how);
  };

  const move = async (raw: Connection, signal: AbortSignal): Promise<void> => {
    const started = clock.now();
    const how = {
      clock,
      limitMs: limits.stepMs,
      signal,
      redact: (text: string) => (kind.keepsSample === false ? "" : run.recorder.redact(text, true)),
      onFirstByte: () => note(context, timeline, "first-byte", overText(raw.remote)),
      ...(kind.mostBytes === undefined ? {} : { mostBytes: kind.mostBytes }),
    };
    const protection = kind.protection ?? ordinaryProtection(open);
    if (protection.kind === "tls" && protection.afterPreliminary) await preliminary(how.signal);
    const secured = protection.kind === "tls" ? await protect(context, raw, transfer, protection.session) : null;
    const connection = protection.kind === "tls" ? secured : raw;
    if (connection !== null) {
      const outcome = kind.upload
        ? await store(connection, kind.upload, how)
        : await receive(connection, transfer, how);
      transfer.dataOutcome ??= outcome;
      if (transfer.tls != null && secured !== null) transfer.tls.closeNotify = secured.closeNotify;
      // At once: servers that close with SO_LINGER (vsftpd) hold the closing reply until their FIN is acknowledged.
      connection.close();
    }
    note(context, timeline, "data-ended", `${transfer.dataOutcome} after ${transfer.bytes} bytes`);
    // Whoever was silent for a whole limit has nothing more to say of the connection we hung up on; others have the
    // rest of the limit, for data and closing reply are one transfer.
    const leftMs = limits.stepMs - (clock.now() - started);
    const closingMs = Math.max(leftMs, Math.min(CLOSING_MS + 2 * open.connectMs, limits.stepMs));
    waitFor(transfer.dataOutcome === "timed-out" ? aftermathMs : closingMs);
  };

  return {
    transfer,
    concluded,
    async carry(connection) {
      transfer.over = connection.remote;
      waitFor(null);
      const hungUp = new AbortController();
      const moving = move(connection, run.signal);
      const outliving = concluded.then(async (code) => {
        // The server may say that it has sent everything before we have read it: the listing's limit is enough then.
        if (code !== null && code < 400) return;
        await clock.sleep(aftermathMs, AbortSignal.any([run.signal, hungUp.signal]));
        if (hungUp.signal.aborted) return;
        transfer.dataOutcome ??= run.signal.aborted ? "cancelled" : "closed";
        connection.close();
      });
      try {
        await Promise.all([moving.finally(() => hungUp.abort()), outliving]);
      } finally {
        connection.close();
      }
    },
    abandon() {
      patience.abort(TIMED_OUT);
    },
  };
}

/** As PROT was agreed on, resuming the control connection's session as servers may demand. */
function ordinaryProtection(open: OpenSession): DataProtection {
  if (!open.protectsData) return { kind: "clear" };
  const sessions = open.secured?.sessions() ?? [];
  // Tickets of TLS 1.3 are meant to be used once (RFC 8446 section C.4): one after the other while there are several.
  const session = sessions[open.transfers++ % Math.max(1, sessions.length)] ?? null;
  return { kind: "tls", session, afterPreliminary: false };
}

/** Makes TLS of the data connection; null where that failed. */
async function protect(
  context: SessionContext,
  connection: Connection,
  transfer: TransferRecord,
  session: Uint8Array | null,
): Promise<SecureConnection | null> {
  const { open, run } = context;
  const handshake = noHandshake(context, open.versions);
  transfer.tls = { handshake, beforePreliminary: null, closeNotify: null, sameCertificate: null };
  const secured = await shakeHands(context, connection, {
    session,
    versions: open.versions,
    certificates: 1,
    record: handshake,
  });
  if (secured === null) {
    // Hung up by ourselves, behind a negative reply.
    if (handshake.outcome === "cancelled" && !run.signal.aborted) handshake.outcome = "closed";
    transfer.dataOutcome ??= handshake.outcome === "cancelled" ? "cancelled" : "tls-failed";
    return null;
  }
  transfer.tls.beforePreliminary = transfer.exchange.replies.length === 0;
  const [own] = secured.tls.certificates;
  const [control] = open.secured?.tls.certificates ?? [];
  if (!secured.tls.resumed && own !== undefined && control !== undefined) {
    transfer.tls.sameCertificate = own.fingerprint256 === control.fingerprint256;
  }
  return secured;
}

async function awaitFinal(
  context: SessionContext,
  exchange: Exchange,
  signal: AbortSignal,
  timeline: TimelineEvent[],
  onReply: () => void,
): Promise<number | null> {
  while (exchange.outcome === "ok") {
    const answered = await context.open.session.answer(exchange, signal);
    const reply = exchange.replies.at(-1);
    if (answered === "none" || reply === undefined) return null;
    onReply();
    note(context, timeline, "reply", String(reply.code));
    if (answered === "final") return reply.code;
  }
  return null;
}

function overText(endpoint: Endpoint): string {
  return `over ${formatEndpoint(endpoint)}`;
}
