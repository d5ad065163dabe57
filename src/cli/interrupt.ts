import type { Io, StopSignal } from "./io.ts";

const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM"];

/** The user's wish to stop. */
export interface Interrupts {
  /** Aborted at the first Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  release(): void;
}

/**
 * Watches for Ctrl+C and SIGTERM. The first one aborts `signal`, so that what is known can be judged and printed. The second
 * one leaves at once: the system's own handling is restored and the signal sent again, so that the caller sees a
 * process that died of it, whatever this program is stuck in.
 */
export function watchInterrupts(io: Io, onFirst: () => void = () => {}): Interrupts {
  const stop = new AbortController();
  const handlers = SIGNALS.map((name) => ({
    name,
    handler: () => {
      if (stop.signal.aborted) {
        release();
        io.raise(name);
        return;
      }
      stop.abort("interrupted");
      onFirst();
    },
  }));
  const release = () => {
    for (const { name, handler } of handlers) io.offSignal(name, handler);
  };
  for (const { name, handler } of handlers) io.onSignal(name, handler);
  return { signal: stop.signal, release };
}
