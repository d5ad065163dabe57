import { TOOL } from "../model/tool.ts";
import type { Invocation } from "./invocation.ts";
import type { Io } from "./io.ts";
import { writeText } from "./output-text.ts";
import { EXIT_INTERRUPTED, EXIT_USAGE, Interrupted } from "./problem.ts";
import { processIo } from "./process-io.ts";

/**
 * Runs one command line and answers with the exit code: 0 healthy, 1 degraded, 2 broken, 3 undetermined or wrong
 * usage, 130 interrupted. A report goes to stdout, everything else to stderr. Never throws.
 * Everything but the version is loaded when it is needed: starting up is most of what a quick answer costs.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    const { complaint } = await import("./complaint.ts");
    await writeText(io.stderr, complaint(error, io.env));
    return error instanceof Interrupted ? EXIT_INTERRUPTED : EXIT_USAGE;
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    await writeText(io.stdout, `${TOOL.version}\n`);
    return 0;
  }
  if (argv.some((word) => word === "--help" || word === "-h" || word === "help")) {
    const help = await (await import("./ready-help.ts")).readyHelp(argv);
    if (help !== null) {
      await writeText(io.stdout, help);
      return 0;
    }
  }
  const { parseCommandLine } = await import("./options.ts");
  const invocation = parseCommandLine(argv);
  if (invocation.command === "print") {
    await writeText(io.stdout, invocation.text);
    return 0;
  }
  return runCommand(invocation, io);
}

async function runCommand(asked: Exclude<Invocation, { command: "print" }>, io: Io): Promise<number> {
  switch (asked.command) {
    case "probe":
      return (await import("./commands/probe.ts")).probeCommand(asked, io);
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
