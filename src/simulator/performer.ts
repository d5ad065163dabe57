import type { Clock, Connection } from "../system/ports.ts";
import { unlessAborted } from "./connection-end.ts";
import type { Conversation } from "./conversation.ts";
import type { LineReader } from "./line-reader.ts";
import type { Action, Script } from "./script.ts";
import { type SecuredConnection, serveTls } from "./tls/server-side.ts";

/** How a script ended: all done, the control connection is over, or ABOR came. */
export type Performance = "done" | "over" | "aborted";

/** What the interpreter works with. */
export interface Stage {
  /** The control connection; another one as soon as it is under TLS. */
  connection: Connection | SecuredConnection;
  /** State, words and faults of the session. */
  conversation: Conversation;
  /** What pauses are measured by. */
  clock: Clock;
  /** The client ended its side, or the simulator stopped. */
  gone: AbortSignal;
  /** The simulator stopped. */
  stopped: AbortSignal;
  /** Reads the client's commands. */
  reader: LineReader;
}

/** A flood writes pieces of about this size, so that a short text is not written byte by byte. */
const FLOOD_BYTES = 16 * 1024;

/** Between two pieces of a reply: the shortest pause a timer makes, so that each leaves in a packet of its own. */
const PIECE_PAUSE_MS = 1;

/** Carries a script out; `abort` interrupts data transfers only. */
export async function perform(script: Script, stage: Stage, abort: AbortSignal): Promise<Performance> {
  for (const action of script) {
    if (stage.stopped.aborted) return "over";
    const outcome = await act(action, stage, abort);
    if (outcome !== "next") return outcome;
  }
  return "done";
}

async function act(action: Action, stage: Stage, abort: AbortSignal): Promise<"next" | Performance> {
  const { connection, conversation, clock, gone } = stage;
  const { data } = conversation;
  switch (action.do) {
    case "reply":
      return (await deliver(conversation.behaviour.deliver(`${action.text}\r\n`), stage)) ? "next" : "over";
    case "bytes":
      return (await write(action.text, stage)) ? "next" : "over";
    case "begin-tls":
      return beginTls(action.reply, stage);
    case "clear-bytes": {
      const below = "below" in connection ? connection.below : connection;
      return (await below.write(Buffer.from(action.text, "latin1"))) === null ? "next" : "over";
    }
    case "flood": {
      const piece = action.text.repeat(Math.ceil(FLOOD_BYTES / action.text.length));
      while (!gone.aborted && (await write(piece, stage)));
      return "over";
    }
    case "wait":
      await clock.sleep(action.ms, AbortSignal.any([gone, abort]));
      return abort.aborted && !gone.aborted ? "aborted" : "next";
    case "hang":
      await unlessAborted(new Promise<never>(() => {}), gone, null);
      return "over";
    case "wait-for-client":
      await unlessAborted(stage.reader.heard, gone, undefined);
      return "next";
    case "close":
      if (action.reset) connection.close({ reset: true });
      else connection.end();
      return "over";
    case "open-data":
      return openData(stage, abort);
    case "send-data":
      await data.send(action.text, abort);
      return abort.aborted ? "aborted" : "next";
    case "flood-data": {
      const piece = action.text.repeat(Math.ceil(FLOOD_BYTES / action.text.length));
      while (await data.send(piece, abort));
      return abort.aborted ? "aborted" : "next";
    }
    case "end-data":
      data.end(action.reset);
      return "next";
  }
}

/** Nothing is read meanwhile: what comes next is the handshake. */
async function beginTls(text: string | null, stage: Stage): Promise<"next" | Performance> {
  const { connection, conversation, reader, gone, stopped } = stage;
  const { tls } = conversation;
  if (tls === null) return "over";
  if (tls.policy.control !== "made") {
    if (text !== null && !(await write(`${text}\r\n`, stage))) return "over";
    if (tls.policy.control === "clear") await write("500 OOPS: SSL: cannot load RSA certificate\r\n", stage);
    if (tls.policy.control === "stalled") await unlessAborted(new Promise<never>(() => {}), gone, null);
    return "over";
  }
  await reader.hold();
  const sent = text === null || (await write(`${text}\r\n`, stage));
  const secured = sent ? await serveTls(connection, tls.context, stopped) : null;
  if (secured !== null) stage.connection = secured;
  reader.goOn(stage.connection);
  if (secured === null) return "over";
  tls.active = true;
  // As RFC 4217 section 4 has it, the login begins anew under TLS.
  conversation.user = null;
  conversation.loggedIn = false;
  return "next";
}

async function openData(stage: Stage, abort: AbortSignal): Promise<"next" | Performance> {
  const { wording, data, tls } = stage.conversation;
  const opened = await data.open(abort);
  const answer = opened.kind === "open" && tls?.protectsData === true ? await data.protect(tls, abort) : opened;
  switch (answer.kind) {
    case "open":
      return "next";
    case "unprotected":
      data.drop();
      return (await perform([{ do: "reply", text: answer.text }], stage, abort)) === "done" ? "done" : "over";
    case "aborted":
      return "aborted";
    case "failed":
    case "foreign": {
      const text = answer.kind === "foreign" ? wording.foreignData : wording.dataFailed(answer.reason, answer.port);
      data.drop();
      return (await perform([{ do: "reply", text }], stage, abort)) === "done" ? "done" : "over";
    }
  }
}

async function deliver(pieces: readonly string[], stage: Stage): Promise<boolean> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await stage.clock.sleep(PIECE_PAUSE_MS, stage.gone);
    if (!(await write(piece, stage))) return false;
  }
  return true;
}

async function write(text: string, stage: Stage): Promise<boolean> {
  const written = stage.connection.write(Buffer.from(text, "latin1"));
  return (await unlessAborted(written, stage.stopped, "stopped")) === null;
}
