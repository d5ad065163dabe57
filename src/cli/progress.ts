import ora from "ora";
import type { Io } from "./io.ts";
import { progressText } from "./progress-text.ts";
import { isAscii, wantsColor } from "./terminal.ts";

/** Shows on a terminal's stderr what is being done now. */
export interface Progress {
  /** What is being done for one target. */
  update(target: string, doing: string): void;
  /** A target is done. */
  done(target: string): void;
  /** Takes the line away; later calls do nothing. */
  stop(): void;
}

/** Starts the progress line for so many targets. Only call it where stderr is a terminal. */
export function startProgress(io: Io, targets: number, noColor: boolean): Progress {
  const spinner = ora({
    stream: io.stderr,
    isEnabled: true,
    // Otherwise Ctrl+C at the wrong moment is swallowed with the rest of the input.
    discardStdin: false,
    ...(isAscii(io) ? { spinner: "line" as const } : {}),
    ...(wantsColor(io.stderr, io.env, noColor) ? {} : { color: false as const }),
  });
  const doing = new Map<string, string>();
  let done = 0;
  let stopped = false;
  const show = () => {
    if (stopped) return;
    const [current] = doing;
    if (current === undefined) return;
    const [target, text] = current;
    // A line that wraps would leave its first part behind.
    const columns = Math.max(20, (io.stderr.columns ?? 80) - 4);
    spinner.text = progressText(target, text, { count: targets, done, more: doing.size - 1 }, columns);
    if (!spinner.isSpinning) spinner.start();
  };
  return {
    update: (target, text) => {
      doing.set(target, text);
      show();
    },
    done: (target) => {
      doing.delete(target);
      done += 1;
      show();
    },
    stop: () => {
      stopped = true;
      if (spinner.isSpinning) spinner.stop();
    },
  };
}
