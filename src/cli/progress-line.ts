import type { Io } from "./io.ts";
import type { Progress } from "./progress.ts";

/**
 * The progress line, where there is a terminal that can move its cursor and nobody wants it away; otherwise something silent.
 * It is loaded beside the work, which does not wait for it.
 */
export function openProgress(
  io: Io,
  options: { /** How many targets there are. */ count: number; noProgress: boolean; noColor: boolean },
): Progress {
  let line: Progress | null = null;
  // On a pseudo-terminal without a size ora would take away endlessly many lines.
  const canShow = io.stderr.isTTY === true && io.stderr.columns !== 0 && io.env["TERM"] !== "dumb";
  let stopped = options.noProgress || !canShow;
  // What was told before the line was there.
  const told: ((line: Progress) => void)[] = [];
  const tell = (what: (line: Progress) => void) => {
    if (stopped) return;
    if (line === null) told.push(what);
    else what(line);
  };
  if (!stopped) {
    void import("./progress.ts").then(({ startProgress }) => {
      if (stopped) return;
      line = startProgress(io, options.count, options.noColor);
      for (const what of told.splice(0)) what(line);
    });
  }
  return {
    update: (target, doing) => tell((shown) => shown.update(target, doing)),
    done: (target) => tell((shown) => shown.done(target)),
    stop: () => {
      tell((shown) => shown.stop());
      stopped = true;
    },
  };
}
