import type { FormatName } from "../../reporters/index.ts";
import { type Arguments, flagOf, textOf, textsOf } from "../arguments.ts";
import type { ReportChoices, ReportDestination } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
import { readName, shown } from "../values.ts";

/** Every format; the type makes a forgotten one a compile error. */
const FORMATS = Object.keys({
  table: true,
  json: true,
  ndjson: true,
  evidence: true,
  message: true,
} satisfies Record<FormatName, true>) as FormatName[];

/** How reports are to look and where they go. Throws `UsageProblem`. */
export function reportChoices(args: Arguments): ReportChoices {
  const quiet = flagOf(args, "quiet");
  const verbose = flagOf(args, "verbose");
  if (quiet && verbose) throw new UsageProblem("--quiet and --verbose contradict each other; give one of them");
  if (quiet && flagOf(args, "clients")) {
    throw new UsageProblem("--quiet and --clients contradict each other; give one of them");
  }
  return {
    destinations: destinations(args),
    verbose,
    quiet,
    clients: flagOf(args, "clients"),
    noColor: flagOf(args, "no-color"),
    noProgress: flagOf(args, "no-progress"),
    failOn: readName("--fail-on", textOf(args, "fail-on") ?? "degraded", ["degraded", "broken"]),
  };
}

/** `--format` goes to `--output` or to standard output; every `--report` is written besides. */
function destinations(args: Arguments): ReportDestination[] {
  const format = textOf(args, "format");
  const output = textOf(args, "output");
  const extra = textsOf(args, "report").map(readReport);
  const list = [...extra];
  // `--report json=-` alone puts that report where the table would stand.
  if (format !== null || output !== null || !extra.some(({ file }) => file === null)) {
    list.unshift({
      format: readName("--format", format ?? "table", FORMATS),
      file: output === null || output === "-" ? null : output,
    });
  }
  const seen = new Set<string | null>();
  for (const { file } of list) {
    if (seen.has(file)) {
      throw new UsageProblem(
        `two reports cannot both go to ${file === null ? "standard output" : shown(file)}; name a file for each`,
      );
    }
    seen.add(file);
  }
  return list;
}

function readReport(text: string): ReportDestination {
  const at = text.indexOf("=");
  const file = text.slice(at + 1);
  if (at < 1 || file === "") {
    throw new UsageProblem(`--report ${shown(text)}: write NAME=FILE, such as --report json=run.json`);
  }
  return { format: readName("--report", text.slice(0, at), FORMATS), file: file === "-" ? null : file };
}
