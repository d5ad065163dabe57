import { type Arguments, flagOf, textOf } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
import { readName, readNumber, readWhole } from "../values.ts";
import { credentialChoices } from "./credential-choices.ts";
import { probeChoices } from "./probe-choices.ts";

/** Hosting firewalls ban after five connections in five minutes, and one run makes two. */
const WATCH_INTERVAL_MS = 300_000;
const WATCH_INTERVAL_S = { min: 10, max: 86_400, unit: "seconds" };

/** What a watch is told. Throws `UsageProblem`. */
export function watchChoices(args: Arguments): Extract<Invocation, { command: "watch" }> {
  const target = textOf(args, "target");
  if (target === null) throw new UsageProblem("name a target: ftp-doctor watch TARGET");
  const count = textOf(args, "count");
  const interval = textOf(args, "interval");
  // The option means another thing to the probe itself.
  const { interval: _, ...own } = args;
  return {
    command: "watch",
    target,
    probe: probeChoices(own),
    caFile: textOf(args, "ca-file"),
    credentials: credentialChoices(args),
    intervalMs: interval === null ? WATCH_INTERVAL_MS : 1000 * readNumber("--interval", interval, WATCH_INTERVAL_S),
    count: count === null ? null : readWhole("--count", count, { min: 1, max: 1_000_000, what: "how many runs" }),
    format: readName("--format", textOf(args, "format") ?? "table", ["table", "ndjson"]),
    failOn: readName("--fail-on", textOf(args, "fail-on") ?? "degraded", ["degraded", "broken"]),
    noColor: flagOf(args, "no-color"),
    noProgress: flagOf(args, "no-progress"),
  };
}
