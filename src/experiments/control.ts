import { defineExperiment, observe } from "../engine/experiment.ts";
import { FIRST_BYTES } from "../ftp/reply-stream.ts";
import { Session, type SessionLog } from "../ftp/session.ts";
import { formatEndpoint } from "../model/endpoint.ts";
import type { NudgeRecord, SecureRecord, SessionRecord, TlsRange } from "../model/evidence.ts";
import { TIMED_OUT } from "../model/failure.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Connection, SecureConnection } from "../system/ports.ts";
import { type AddressContext, addressed, type OpenSession, type RunContext } from "./context.ts";
import { connectWithin } from "./dial.ts";
import { secure } from "./secure.ts";

/** Where to knock, and how. */
interface ControlContext extends AddressContext {
  /** Versions of TLS to offer where TLS begins at once; the ordinary ones where left out. */
  versions?: TlsRange | null;
  /** Nobody asked for TLS at this port: it kept silent. */
  knock?: boolean;
  /**
   * Called once where nothing was said for a while; true where the port was meanwhile found to be of another kind, so
   * that no greeting will come.
   */
  onSilence?(): Promise<boolean>;
}

/** Does the control port answer, and with what greeting? Gives the session where it greeted with 220. */
export const control = defineExperiment<"control", ControlContext, OpenSession | null>({
  name: "control",
  blank: (context) => ({
    ...addressed(context),
    port: context.run.port,
    ordinal: context.ordinal,
    connect: { outcome: "cancelled", code: null, ms: 0, limitMs: context.run.limits.stepMs },
    local: null,
    greeting: null,
  }),
  async run(context, record): Promise<OpenSession | null> {
    const { run, address } = context;
    const endpoint = { address, port: run.port };
    run.progress(`connecting to ${formatEndpoint(endpoint)}`);
    const { connection, ...connect } = await connectWithin(run, endpoint, run.limits.stepMs);
    record.connect = { ...connect, limitMs: record.connect.limitMs };
    if (connection === null) return null;
    record.local = connection.local;

    const log: SessionRecord = {
      id: run.recorder.nextId("session"),
      address,
      port: run.port,
      protection: context.protection,
      local: connection.local,
      ended: null,
      unexpected: [],
      transcript: [],
    };
    run.recorder.addSession(log);
    record.session = log.id;
    const implicit = context.protection === "tls";
    const { securing, secured } = implicit
      ? await secureAtOnce(context, connection, log)
      : { securing: null, secured: null };
    if (implicit && secured === null) {
      const { handshake } = securing ?? { handshake: null };
      log.ended = handshake?.outcome ?? "cancelled";
      // Nobody was greeted: what came in place of a handshake is all that was said.
      record.greeting = {
        outcome: handshake?.outcome ?? "cancelled",
        code: handshake?.code ?? null,
        ms: handshake?.ms ?? 0,
        limitMs: run.limits.stepMs,
        reply: null,
        firstBytes: handshake?.foreign ?? "",
      };
      return null;
    }
    const session = new Session(secured ?? connection, run.clock, listenerOf(run, log), record.connect.ms);

    run.progress(`waiting for the greeting of ${formatEndpoint(endpoint)}`);
    const greetingStarted = run.clock.now();
    const { greeting, otherKind } = await hearGreeting(context, session);
    const ms = tenth(run.clock.now() - greetingStarted);
    record.greeting = {
      outcome: greeting.outcome,
      code: greeting.code,
      ms,
      limitMs: otherKind ? ms : run.limits.patientMs,
      reply: greeting.reply,
      // Cut again: a hidden secret may be longer than the secret.
      firstBytes: run.recorder.redact(greeting.firstBytes, true).slice(0, FIRST_BYTES),
      ...(greeting.partial === null ? {} : { partial: greeting.partial }),
    };
    const silent = greeting.outcome === "timed-out" && greeting.firstBytes === "";
    if (silent && context.ordinal === 1 && !otherKind) {
      run.recorder.line(log, "note", "nothing was said; sending an empty line");
      record.greeting.afterNewline = await nudge(run, secured ?? connection);
    }
    if (session.usable) {
      const { ms: connectMs } = record.connect;
      const { versions = null } = context;
      return { id: log.id, log, session, connectMs, secured, securing, protectsData: false, versions, transfers: 0 };
    }
    session.close();
    return null;
  },
});

/** Implicit TLS: the handshake comes before the greeting. */
async function secureAtOnce(
  context: ControlContext,
  connection: Connection,
  log: SessionRecord,
): Promise<{ securing: SecureRecord | null; secured: SecureConnection | null }> {
  const made: { it: SecureConnection | null } = { it: null };
  const securing = await observe(context.run, secure, {
    ...context,
    connection,
    secured(under) {
      made.it = under;
    },
  });
  if (securing !== null) securing.session = log.id;
  return { securing, secured: made.it };
}

/** Writes down what is said and heard on a session. */
function listenerOf({ recorder }: RunContext, log: SessionRecord): SessionLog {
  return {
    now: () => recorder.now(),
    redact: (text, cut) => recorder.redact(text, cut),
    line: (direction, text) => recorder.line(log, direction, text),
    unexpected: (reply) => log.unexpected.length < UNEXPECTED_AT_MOST && log.unexpected.push(reply),
    foreign: (text) => {
      log.foreign = text.slice(0, FIRST_BYTES);
    },
    alert: (name) => {
      log.alert = name;
    },
    ended: (outcome) => {
      log.ended = outcome;
    },
  };
}

/** Waits for the greeting; a silence is enough of it where the port turns out to be of another kind. */
async function hearGreeting(context: ControlContext, session: Session) {
  const { run, onSilence } = context;
  const heard = new AbortController();
  const enough = new AbortController();
  const asking = async () => {
    if (onSilence === undefined) return;
    await run.clock.sleep(Math.min(SILENCE_MS, run.limits.patientMs / 2), AbortSignal.any([run.signal, heard.signal]));
    if (heard.signal.aborted || run.signal.aborted || session.heard) return;
    if (await onSilence()) enough.abort(TIMED_OUT);
  };
  const asked = asking();
  const greeting = await session.greeting(run.limits.patientMs, AbortSignal.any([run.signal, enough.signal]));
  heard.abort();
  await asked;
  return { greeting, otherKind: enough.signal.aborted && greeting.outcome === "timed-out" };
}

/** Most servers greet within a second; one that waits for TLS never does. */
const SILENCE_MS = 3_000;

/** Sends an empty line to who said nothing, and listens for a moment. */
async function nudge(run: RunContext, connection: Connection): Promise<NudgeRecord> {
  const started = run.clock.now();
  const limitMs = Math.min(NUDGE_MS, run.limits.stepMs);
  const limit = run.clock.limit(limitMs, run.signal);
  const unsent = await connection.write(Buffer.from("\r\n"));
  const heard = unsent === null ? await connection.read(limit.signal) : { kind: "failed" as const, failure: unsent };
  limit.clear();
  const told = { ms: tenth(run.clock.now() - started), limitMs, code: null, firstBytes: "" };
  if (heard.kind === "end") return { ...told, outcome: "closed" };
  if (heard.kind === "failed") return { ...told, outcome: heard.failure.outcome, code: heard.failure.code };
  const text = Buffer.from(heard.bytes.subarray(0, FIRST_BYTES)).toString("latin1");
  return { ...told, outcome: "ok", firstBytes: run.recorder.redact(text, true).slice(0, FIRST_BYTES) };
}

/** A proxy that waits for the client answers as soon as it has asked behind itself. */
const NUDGE_MS = 2_000;
/** Enough to show that a conversation is out of step. */
const UNEXPECTED_AT_MOST = 16;
