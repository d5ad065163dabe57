import { type Arguments, flagOf, textOf, textsOf, wordOf, wordsOf } from "../arguments.ts";
import type { Invocation, ProbeChoices, ProbeInvocation } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
import { LATER_COMMANDS, laterCommand } from "../unknown-option.ts";
import { readAddress, readWhole } from "../values.ts";
import { credentialChoices } from "./credential-choices.ts";
import { portsChoices } from "./ports-choices.ts";
import { probeChoices } from "./probe-choices.ts";
import { reportChoices } from "./report-choices.ts";
import { watchChoices } from "./watch-choices.ts";

const PORT = { min: 0, max: 65_535, what: "a port (0 for any free one)" };

/** Reads the arguments of the command that was chosen. Throws `UsageProblem`. */
export function invocationOf({ command, args }: { command: string; args: Arguments }): Invocation {
  const noColor = flagOf(args, "no-color");
  switch (command) {
    case "probe":
      return { command, ...probing(args, probeChoices) };
    case "ports":
      return { command, ...probing(args, portsChoices) };
    case "watch":
      return watchChoices(args);
    case "diagnose": {
      const files = wordsOf(args, "file", "the name of a file is empty; ftp-doctor diagnose FILE...");
      if (files.length === 0) throw new UsageProblem("name a file: ftp-doctor diagnose FILE...");
      if (files.filter((file) => file === "-").length > 1)
        throw new UsageProblem("standard input can be read only once");
      return { command, files, report: reportChoices(args) };
    }
    case "render": {
      const file = wordOf(args, "file", "the name of the file is empty; ftp-doctor render FILE --format NAME");
      if (file === null) throw new UsageProblem("name a file: ftp-doctor render FILE --format NAME");
      return { command, file, report: reportChoices(args) };
    }
    case "explain":
      return { command, id: wordOf(args, "id", "the id is empty; ftp-doctor explain lists the findings"), noColor };
    case "simulate":
      return {
        command,
        faults: wordsOf(args, "fault", "the name of a fault is empty; ftp-doctor simulate --list shows them"),
        list: flagOf(args, "list"),
        host: readAddress("--host", textOf(args, "host") ?? "127.0.0.1"),
        port: readWhole("--port", textOf(args, "port") ?? "0", PORT),
      };
    case "demo":
      return { command, noColor, noProgress: flagOf(args, "no-progress") };
    case "schema":
      return { command };
    default:
      throw new Error(`no such command: ${command}`);
  }
}

/** What every command that probes targets and writes reports is told. */
function probing(args: Arguments, choices: (args: Arguments) => ProbeChoices): ProbeInvocation {
  return {
    targets: targetsOf(args),
    probe: choices(args),
    caFile: textOf(args, "ca-file"),
    credentials: credentialChoices(args),
    report: reportChoices(args),
  };
}

function targetsOf(args: Arguments): string[] {
  const targets = textsOf(args, "target");
  const [first] = targets;
  if (first === undefined) {
    throw new UsageProblem("name a target, such as ftp-doctor ftp.example.com; ftp-doctor --help shows more");
  }
  // Where `probe` was typed the user means a host of that name.
  const typed = Array.isArray(args["_"]) && args["_"][0] !== undefined;
  if (!typed && LATER_COMMANDS.includes(first)) throw laterCommand(first);
  return targets;
}
