import { type Failure, failure } from "../model/failure.ts";
import { TIMED_OUT } from "./ports.ts";

/**
 * What an aborted signal says about the operation it ended: `timed-out` where the step's own limit passed (TIMED_OUT),
 * `cancelled` for every other reason.
 */
export function abortFailure(signal: AbortSignal): Failure {
  return signal.reason === TIMED_OUT
    ? failure("timed-out", null, "no answer within the limit")
    : failure("cancelled", null, "stopped before it could finish");
}

const reactions = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `react` once when the signal aborts (not when it already has); the answer takes the reaction back. However many
 * wait for a signal, it gets one listener: a run's signal has as many as there are dials in flight, where Node's own
 * list warns of a leak from the eleventh on and takes longer to add to the longer it is.
 */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  const waiting = reactions.get(signal) ?? startWatching(signal);
  waiting.add(react);
  return () => waiting.delete(react);
}

function startWatching(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  reactions.set(signal, waiting);
  // A Set leaves out what one reaction takes back while the others are being called.
  const tellAll = () => {
    for (const react of waiting) react();
    waiting.clear();
  };
  signal.addEventListener("abort", tellAll, { once: true });
  return waiting;
}
