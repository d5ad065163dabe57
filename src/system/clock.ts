import { onAbort } from "./abort.ts";
import type { Clock } from "./ports.ts";
import { TIMED_OUT } from "./ports.ts";

/** What a clock is made of: the real one is over the system's timers, the simulated one over a list of its own. */
export interface TimeSource {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Wall-clock time. */
  date(): Date;
  /** Calls `ring` once after `ms`, or at any later time; the answer takes it back. */
  after(ms: number, ring: () => void): () => void;
}

/** A clock over a time source, so that real and simulated limits mean the same. */
export function createClock(time: TimeSource): Clock {
  return {
    now: () => time.now(),
    date: () => time.date(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const wake = () => {
          cancel();
          release();
          resolve();
        };
        const cancel = time.after(ms, wake);
        const release = signal === undefined ? () => {} : onAbort(signal, wake);
      }),
    limit: (ms, parent) => {
      const controller = new AbortController();
      if (parent?.aborted) {
        controller.abort(parent.reason);
        return { signal: controller.signal, clear: () => {} };
      }
      const stop = (reason: unknown) => {
        clear();
        controller.abort(reason);
      };
      const cancel = time.after(ms, () => stop(TIMED_OUT));
      const release = parent === undefined ? () => {} : onAbort(parent, () => stop(parent.reason));
      const clear = () => {
        cancel();
        release();
      };
      return { signal: controller.signal, clear };
    },
  };
}

/** setTimeout takes more than this (24.8 days) for 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's clock. */
export const realClock: Clock = createClock({
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, ring) => {
    // Node rings timers before it looks at its sockets. After a busy spell an answer may lie there that came in time:
    // one turn more lets it be heard first, or a slow machine would report silence where there was none.
    let turn: NodeJS.Immediate | undefined;
    const timer = setTimeout(
      () => {
        turn = setImmediate(ring);
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
});
