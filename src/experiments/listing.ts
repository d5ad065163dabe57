import { command } from "../ftp/commands.ts";
import { receive } from "../ftp/data-channel.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { formatEndpoint } from "../model/endpoint.ts";
import type { Exchange, TimelineEvent, TransferRecord } from "../model/evidence.ts";
import { TIMED_OUT } from "../model/failure.ts";
import type { Connection } from "../system/ports.ts";
import { note, type SessionContext } from "./context.ts";

/**
 * After a negative reply the data connection gets this long, and some round trips, to end by itself, which tells who
 * hung up; and so long a server gets for its closing reply when we hung up on it.
 */
const AFTERMATH_MS = 500;

/** A listing under way: the command is sent, its replies are being waited for. */
export interface Listing {
  transfer: TransferRecord;
  /** Resolves with the code of the first final reply, or null when none will come. */
  concluded: Promise<number | null>;
  /** Moves the data; resolves when data and replies are both over. */
  carry(connection: Connection): Promise<void>;
  /** There will be no data connection; stops waiting after what is already known. */
  abandon(): void;
}

/** Sends LIST and begins to wait for its replies, beside whatever happens on the data connection. */
export async function beginListing(
  context: SessionContext,
  timeline: TimelineEvent[],
  onBegun: (transfer: TransferRecord) => void,
): Promise<Listing> {
  const { run, open } = context;
  const { clock, limits } = run;
  const aftermathMs = AFTERMATH_MS + 2 * open.connectMs;
  note(context, timeline, "command", "LIST");
  const exchange = await open.session.begin(command("LIST"));
  const transfer: TransferRecord = { exchange, over: null, dataOutcome: null, bytes: 0, firstByteMs: null, sample: "" };
  onBegun(transfer);

  // Replies are waited for under a limit that starts anew when the data connection ends: a long listing is no silence.
  const patience = new AbortController();
  const stop = () => patience.abort(run.signal.reason);
  run.signal.addEventListener("abort", stop, { once: true });
  if (run.signal.aborted) stop();
  let timer = clock.limit(limits.stepMs);
  const giveUp = (limit: typeof timer) => () => limit === timer && patience.abort(TIMED_OUT);
  timer.signal.addEventListener("abort", giveUp(timer));
  let over = false;
  const waitFor = (ms: number) => {
    timer.clear();
    // The data may end behind the last reply: a timer set then would only keep the process alive.
    if (over) return;
    timer = clock.limit(ms);
    timer.signal.addEventListener("abort", giveUp(timer));
  };

  const concluded = awaitFinal(context, exchange, patience.signal, timeline, () =>
    waitFor(limits.transferMs + limits.stepMs),
  ).finally(() => {
    over = true;
    timer.clear();
    run.signal.removeEventListener("abort", stop);
  });

  const move = async (connection: Connection, signal: AbortSignal): Promise<void> => {
    const redact = (text: string) => run.recorder.redact(text, true);
    const outcome = await receive(connection, clock, limits.stepMs, signal, transfer, redact, () =>
      note(context, timeline, "first-byte", overText(connection.remote)),
    );
    transfer.dataOutcome ??= outcome;
    // At once: servers that close with SO_LINGER (vsftpd) hold the closing reply until their FIN is acknowledged.
    connection.close();
    note(context, timeline, "data-ended", `${transfer.dataOutcome} after ${transfer.bytes} bytes`);
    // Whoever was silent for a whole limit has nothing more to say of the connection we hung up on.
    waitFor(transfer.dataOutcome === "timed-out" ? aftermathMs : limits.stepMs);
  };

  return {
    transfer,
    concluded,
    async carry(connection) {
      transfer.over = connection.remote;
      const whole = clock.limit(limits.transferMs, run.signal);
      const hungUp = new AbortController();
      const moving = move(connection, whole.signal);
      const outliving = concluded.then(async (code) => {
        const positive = code !== null && code < 400;
        const rest = AbortSignal.any([run.signal, hungUp.signal]);
        await clock.sleep(positive ? limits.stepMs : aftermathMs, rest);
        if (hungUp.signal.aborted) return;
        // Only our own patience is evidence of silence; after a negative reply or an end it is us who hang up.
        const silent = positive || exchange.outcome === "timed-out";
        transfer.dataOutcome ??= run.signal.aborted ? "cancelled" : silent ? "timed-out" : "closed";
        connection.close();
      });
      try {
        await Promise.all([moving.finally(() => hungUp.abort()), outliving]);
      } finally {
        whole.clear();
        connection.close();
      }
    },
    abandon() {
      patience.abort(TIMED_OUT);
    },
  };
}

async function awaitFinal(
  context: SessionContext,
  exchange: Exchange,
  signal: AbortSignal,
  timeline: TimelineEvent[],
  onPreliminary: () => void,
): Promise<number | null> {
  while (exchange.outcome === "ok") {
    const answered = await context.open.session.answer(exchange, signal);
    const reply = exchange.replies.at(-1);
    if (answered === "none" || reply === undefined) return null;
    note(context, timeline, "reply", String(reply.code));
    if (answered === "final") return reply.code;
    // Once: a promise that is only repeated is no progress.
    if (exchange.replies.length === 1) onPreliminary();
  }
  return null;
}

function overText(endpoint: Endpoint): string {
  return `over ${formatEndpoint(endpoint)}`;
}
