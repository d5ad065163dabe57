import { defineExperiment } from "../engine/experiment.ts";
import { dialLimitMs } from "../engine/limits.ts";
import { encodeEprt } from "../ftp/codec-eprt.ts";
import { encodePort } from "../ftp/codec-port.ts";
import { command } from "../ftp/commands.ts";
import { acceptFrom, listenOn } from "../ftp/data-channel.ts";
import { formatEndpoint } from "../model/endpoint.ts";
import type { RecordOf } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Listener } from "../system/ports.ts";
import { addressed, ask, note, type SessionContext } from "./context.ts";
import { beginListing } from "./listing.ts";

/** A session, and one of the modes in which the server calls. */
type ActiveContext = SessionContext & { mode: "eprt" | "port" };

/** How much later than the reply behind it a call may be seen. */
const LATE_CALL_MS = 100;

/** Can bytes move over a data connection that the server opens? */
export const active = defineExperiment<"active", ActiveContext, void>({
  name: "active",
  blank: (context) => ({
    ...addressed(context),
    mode: context.mode,
    listen: { outcome: "cancelled", code: null, ms: 0, limitMs: 0 },
    offered: null,
    exchange: null,
    accept: null,
    calledFrom: null,
    strangers: [],
    transfer: null,
    timeline: [],
  }),
  async run(context, record): Promise<void> {
    const { mode, run, open } = context;
    record.session = open.id;
    run.progress(`trying ${mode.toUpperCase()} at ${context.address}`);
    const local = open.session.connection.local.address;
    const listening = await listenOn(run.network, local, run.options.activePorts, run.random);
    if (!listening.ok) {
      record.listen.outcome = listening.failure.outcome;
      record.listen.code = listening.failure.code;
      return;
    }
    record.listen.outcome = "ok";
    try {
      await beCalled(context, record, listening.listener);
    } finally {
      listening.listener.close();
    }
  },
});

async function beCalled(context: ActiveContext, record: RecordOf<"active">, listener: Listener): Promise<void> {
  const { mode, run } = context;
  const offered = { address: run.options.activeAddress ?? listener.local.address, port: listener.local.port };
  record.offered = offered;
  const argument = mode === "eprt" ? encodeEprt(offered) : encodePort(offered);
  note(context, record.timeline, "command", mode.toUpperCase());
  record.exchange = await ask(context, command(mode.toUpperCase(), argument));
  const reply = record.exchange.outcome === "ok" ? record.exchange.replies.at(-1) : undefined;
  if (reply === undefined) return;
  note(context, record.timeline, "reply", String(reply.code));
  if (reply.code < 200 || reply.code >= 300) return;

  const limitMs = dialLimitMs(context.open.connectMs, run.options);
  const accept = { outcome: "cancelled", code: null, ms: 0, limitMs } as NonNullable<typeof record.accept>;
  record.accept = accept;
  const listing = await beginListing(context, record.timeline, (transfer) => {
    record.transfer = transfer;
  });
  // A negative reply without a call means that the server gave up: no need to wait longer. Reply and call come over
  // two connections, so the call may be seen a little after a reply that was sent after it.
  const waiting = new AbortController();
  const over = new AbortController();
  const limit = run.clock.limit(limitMs, AbortSignal.any([run.signal, waiting.signal]));
  const givingUp = listing.concluded.then(async (code) => {
    if (code !== null && code < 400) return;
    await run.clock.sleep(LATE_CALL_MS, AbortSignal.any([run.signal, over.signal]));
    waiting.abort();
  });
  // What goes wrong in there is told where the conclusion is awaited.
  givingUp.catch(() => waiting.abort());
  const started = run.clock.now();
  let goneMs: number | null = null;
  const called = await acceptFrom(listener, context.address, limit.signal, () => {
    goneMs ??= run.clock.now() - started;
  });
  const gaveUp = waiting.signal.aborted;
  limit.clear();
  over.abort();
  // A call that was reset was so when it came, however long another one was waited for.
  accept.ms = tenth((called.outcome === "reset" ? goneMs : null) ?? run.clock.now() - started);
  accept.outcome = called.outcome;
  if (called.outcome === "cancelled" && gaveUp && !run.signal.aborted) accept.outcome = "closed";
  if (called.connection === null && run.signal.aborted) accept.outcome = "cancelled";
  accept.code = called.code;
  record.strangers = called.strangers;
  if (called.connection === null) {
    listing.abandon();
    await listing.concluded;
    return;
  }
  record.calledFrom = called.connection.remote;
  note(context, record.timeline, "accepted", `from ${formatEndpoint(called.connection.remote)}`);
  await listing.carry(called.connection);
}
