import { complain, complaint } from "./complaint.ts";
import type { Invocation } from "./invocation.ts";
import type { Io } from "./io.ts";
import { parseCommandLine } from "./options.ts";
import { writeText } from "./output-text.ts";

export { complaint };

/** Reads the command line, does what it asks and answers with the exit code. Never throws: what went wrong is one line on stderr. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(parseCommandLine(argv), io);
  } catch (error) {
    return complain(error, io);
  }
}

/** Only what the command needs is loaded. */
async function run(asked: Invocation, io: Io): Promise<number> {
  switch (asked.command) {
    case "print":
      await writeText(io.stdout, asked.text);
      return 0;
    case "probe":
      return (await import("./commands/probe.ts")).probeCommand(asked, io);
    case "watch":
      return (await import("./commands/watch.ts")).watchCommand(asked, io);
    case "ports":
      return (await import("./commands/ports.ts")).portsCommand(asked, io);
    case "diagnose":
      return (await import("./commands/diagnose.ts")).diagnoseCommand(asked, io);
    case "render":
      return (await import("./commands/render.ts")).renderCommand(asked, io);
    case "explain":
      return (await import("./commands/explain.ts")).explainCommand(asked, io);
    case "simulate":
      return (await import("./commands/simulate.ts")).simulateCommand(asked, io);
    case "demo":
      return (await import("./commands/demo.ts")).demoCommand(asked, io);
    case "schema":
      return (await import("./commands/schema.ts")).schemaCommand(io);
  }
}
