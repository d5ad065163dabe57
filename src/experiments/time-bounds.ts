import { StopReason } from "../engine/experiment.ts";
import type { Limits } from "../engine/limits.ts";
import { defaultOptions } from "../engine/options.ts";
import type { RunContext } from "./context.ts";

/** A verdict comes within half a minute wherever a server greets: what is open then stays inconclusive. */
export const VERDICT_MS = 28_000;
/** However long the login took, the modes get at least this long. */
export const MODES_MS = 10_000;
/** What is left to do behind a login that took all the time, and got nowhere, has a moment: on a quick server that is enough. */
const MOMENT_MS = 2_000;

/** Why steps are ended that nobody has time for. */
const ENOUGH = new StopReason("the time for one address was used up");

/**
 * The rest of a visit whose first session took `openingMs` to open, or to fail: bounded in time, and with less patience, because a
 * server that greeted once greets again as quickly. Steps that the bound ends are `cancelled`: it says nothing of the network.
 */
export function boundedVisit(
  run: RunContext,
  { openingMs, opened }: { openingMs: number; opened: boolean },
  over: AbortSignal,
): { bounds: RunContext; untilMs: number } {
  const scale = Math.max(1, run.limits.stepMs / defaultOptions.timeoutMs);
  const restMs = Math.max(VERDICT_MS - openingMs, opened ? MODES_MS : MOMENT_MS) * scale;
  const patientMs = Math.min(run.limits.patientMs, Math.max(run.limits.stepMs, 2 * openingMs));
  const bounds: RunContext = {
    ...run,
    signal: AbortSignal.any([run.signal, endedAfter(run, restMs, over)]),
    limits: { ...run.limits, patientMs },
  };
  return { bounds, untilMs: run.clock.now() + restMs };
}

/** How long an answer is waited for. */
export interface Patience {
  /** The limit of the step: silence for so long says something of the server. */
  limitMs: number;
  /** The step is stopped after so long, which says nothing of the server; null where its own limit comes first. */
  stopMs: number | null;
}

/**
 * The patience with an answer to the first login, of which the address has had `spentMs`: whatever took so long before, the verdict is
 * not to wait for it. What the user chose with `--timeout` is theirs.
 */
export function loginPatience(limits: Limits, spentMs: number, timeoutGiven: boolean): Patience {
  const leftMs = VERDICT_MS - spentMs;
  if (timeoutGiven || leftMs >= limits.patientMs) return { limitMs: limits.patientMs, stopMs: null };
  // What is less than an ordinary step gets is too little to speak of silence.
  return leftMs >= limits.stepMs
    ? { limitMs: leftMs, stopMs: null }
    : { limitMs: limits.stepMs, stopMs: Math.max(leftMs, MOMENT_MS) };
}

/** Aborted after a time, unless it is `over` before; to be joined with the run's own signal. */
export function endedAfter({ clock }: Pick<RunContext, "clock">, ms: number, over: AbortSignal): AbortSignal {
  const enough = new AbortController();
  void clock.sleep(ms, over).then(() => over.aborted || enough.abort(ENOUGH));
  return enough.signal;
}
