import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import type { KeptBusyRecord } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import { duration } from "../model/words.ts";
import { addressed, ask, type OpenSession, type SessionContext } from "./context.ts";

/** A session to leave alone, and one to keep busy. */
export interface HoldContext extends SessionContext {
  /** How long, in milliseconds. */
  holdMs: number;
  /** The session that is kept busy; null where none could be had. */
  busy: OpenSession | null;
}

const NOOP = command("NOOP");
/** NOOPs come this often, or four times in a shorter hold, but not more than once a second. */
const [SELDOM_MS, OFTEN_MS, PARTS] = [30_000, 1_000, 4];

/** Does a control connection survive being idle, and does one that is not? */
export const hold = defineExperiment<"hold", HoldContext, void>({
  name: "hold",
  blank: (context) => ({
    ...addressed(context),
    holdMs: context.holdMs,
    idledMs: 0,
    said: null,
    ended: null,
    exchange: null,
    keptBusy: null,
  }),
  async run(context, record): Promise<void> {
    const { run, open, holdMs } = context;
    record.session = open.id;
    run.progress(`leaving a connection to ${context.address} idle for ${duration(holdMs)}`);
    const over = new AbortController();
    const busy = keepBusy(context, over.signal, (kept) => {
      record.keptBusy = kept;
    });
    const started = run.clock.now();
    const idle = await open.session.idle(holdMs, run.signal);
    record.idledMs = tenth(run.clock.now() - started);
    record.said = idle.said;
    record.ended = idle.ended;
    over.abort();
    await busy;
    if (open.session.usable && !run.signal.aborted) record.exchange = await ask(context, NOOP);
  },
});

/** Sends NOOP again and again until the other session has been idle long enough, or this one is lost. */
async function keepBusy(
  context: HoldContext,
  over: AbortSignal,
  onBegun: (kept: KeptBusyRecord) => void,
): Promise<void> {
  const { run, busy, holdMs } = context;
  if (busy === null) return;
  const everyMs = Math.min(SELDOM_MS, Math.max(OFTEN_MS, holdMs / PARTS));
  const kept: KeptBusyRecord = { session: busy.id, everyMs, answered: 0, last: null };
  onBegun(kept);
  const resting = AbortSignal.any([run.signal, over]);
  for (;;) {
    await run.clock.sleep(everyMs, resting);
    if (run.signal.aborted || !busy.session.usable) return;
    // The last one is sent when the idle session has been idle to the end: both are then asked at the same age.
    kept.last = await ask({ ...context, open: busy }, NOOP);
    if (kept.last.outcome === "ok") kept.answered += 1;
    if (over.aborted) return;
  }
}
