import { diagnose, exitCode, probe, render, runOf } from "../../index.ts";
import { asciiOnly } from "../../reporters/ascii.ts";
import { realClock } from "../../system/clock.ts";
import { watchInterrupts } from "../interrupt.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { oneLine } from "../one-line.ts";
import { tell, writeText } from "../output-text.ts";
import { openProgress } from "../progress-line.ts";
import { isAscii } from "../terminal.ts";
import { watch } from "../watch/loop.ts";
import { prepareTargets } from "./probe.ts";

/**
 * Probes one target again and again, and prints what changes. The exit code is that of the worst run: a health check
 * that looked away at the wrong moment would be none. Ctrl+C is the ordinary end; only before the first run is over it
 * is an interruption.
 */
export async function watchCommand(asked: Extract<Invocation, { command: "watch" }>, io: Io): Promise<number> {
  const { targets, credentials, extraRoots } = await prepareTargets({ ...asked, targets: [asked.target] }, io);
  const [target] = targets;
  const [login] = credentials;
  if (target === undefined) return exitCode("undetermined", { failOn: asked.failOn, interrupted: false });
  const progress = openProgress(io, { count: 1, noProgress: asked.noProgress, noColor: asked.noColor });
  const interrupts = watchInterrupts(io);
  const options = {
    ...asked.probe,
    ...login,
    extraRoots,
    security: asked.probe.security ?? target.security,
  };
  const shown = (line: string) => (isAscii(io) ? asciiOnly(oneLine(line)) : oneLine(line));
  const print = async (text: string) => {
    progress.update(target.host, "waiting for the next run");
    await writeText(io.stdout, text);
    return !io.stdout.destroyed;
  };
  try {
    const { worst, summary } = await watch({
      probe: async () =>
        diagnose(
          await probe(target, options, {
            signal: interrupts.signal,
            onProgress: (text) => progress.update(target.host, text),
          }),
        ),
      clock: realClock,
      intervalMs: asked.intervalMs,
      count: asked.count,
      signal: interrupts.signal,
      line: async (text) => asked.format !== "table" || print(`${shown(text)}\n`),
      report: async (report) => asked.format !== "ndjson" || print(await render(runOf([report]), "ndjson", {})),
    });
    progress.stop();
    const text = summary.map((line) => `${shown(line)}\n`).join("");
    if (asked.format === "table") await writeText(io.stdout, text);
    else await tell(io, text);
    return exitCode(worst ?? "undetermined", { failOn: asked.failOn, interrupted: worst === null });
  } finally {
    progress.stop();
    interrupts.release();
  }
}
