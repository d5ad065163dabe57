import type { Io } from "./io.ts";
import type { Progress } from "./progress.ts";

/**
 * The progress line, where there is a terminal to show it on and nobody wants it away; otherwise something silent.
 * It is loaded beside the work, which does not wait for it.
 */
export function openProgress(
  io: Io,
  options: { /** How many targets there are. */ count: number; noProgress: boolean; noColor: boolean },
): Progress {
  let line: Progress | null = null;
  let stopped = options.noProgress || io.stderr.isTTY !== true;
  if (!stopped) {
    void import("./progress.ts").then(({ startProgress }) => {
      if (!stopped) line = startProgress(io, options.count, options.noColor);
    });
  }
  return {
    update: (target, doing) => line?.update(target, doing),
    done: (target) => line?.done(target),
    stop: () => {
      stopped = true;
      line?.stop();
    },
  };
}
