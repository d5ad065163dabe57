import { TOOL } from "../model/tool.ts";
import type { Io } from "./io.ts";
import { writeText } from "./output-text.ts";
import { processIo } from "./process-io.ts";

/**
 * Runs one command line and answers with the exit code: 0 healthy, 1 degraded, 2 broken, 3 undetermined or wrong
 * usage, 130 interrupted. A report goes to stdout, everything else to stderr. Never throws.
 * Version and help are answered here, with next to nothing loaded; the rest is one file of the build.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const ready = await readyAnswer(argv);
  if (ready === null) return (await import("./command-line.ts")).runCommandLine(argv, io);
  try {
    await writeText(io.stdout, ready);
    return 0;
  } catch (error) {
    // Not command-line's: built apart, it would not know this file's problems by their class.
    return (await import("./complaint.ts")).complain(error, io);
  }
}

async function readyAnswer(argv: readonly string[]): Promise<string | null> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) return `${TOOL.version}\n`;
  if (!argv.some((word) => word === "--help" || word === "-h" || word === "help")) return null;
  return (await import("./ready-help.ts")).readyHelp(argv);
}
