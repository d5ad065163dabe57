import { setMaxListeners } from "node:events";
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

/**
 * Calls `react` once when the signal aborts (not when it already has); the answer takes the reaction back.
 * Node warns of a leak from the eleventh listener on, and a run's one signal has as many as there are dials in flight.
 */
export function onAbort(signal: AbortSignal, react: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", react, { once: true });
  return () => signal.removeEventListener("abort", react);
}
