import { DEFAULTS } from "../../model/defaults.ts";
import type { PortsPlan } from "../../model/evidence.ts";
import { isPassive, MODES } from "../../model/mode.ts";
import { type Arguments, textOf } from "../arguments.ts";
import type { ProbeChoices } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
import { readNames, readPorts, readWhole, shown } from "../values.ts";
import { probeChoices } from "./probe-choices.ts";

/** What `ports` may ask for offers. */
const PASSIVE = MODES.filter(isPassive);
/** Options that are about a sweep alone. */
const OF_A_SWEEP = ["range", "rate", "concurrency"];
/** More than any line or machine takes. */
const MOST_PER_SECOND = 100_000;

/** The choices of a probe, with those that only `ports` has; what it does not ask is left out. Throws `UsageProblem`. */
export function portsChoices(args: Arguments): ProbeChoices {
  const modes = readNames("--modes", textOf(args, "modes") ?? PASSIVE.join(","), PASSIVE);
  const choices = probeChoices({ ...args, modes: modes.join(",") });
  const { activePorts: calledAt } = choices;
  if (calledAt === null) return { ...choices, ports: portsPlan(args) };
  return {
    ...choices,
    calledAt,
    activePorts: null,
    // Who asks for the one alone is told of the one alone.
    ports: OF_A_SWEEP.every((name) => textOf(args, name) === null) ? null : portsPlan(args),
  };
}

function portsPlan(args: Arguments): PortsPlan {
  const range = textOf(args, "range");
  const rate = textOf(args, "rate");
  const concurrency = textOf(args, "concurrency");
  const idle = rate !== null ? "rate" : concurrency !== null ? "concurrency" : null;
  if (range === null && idle !== null) {
    throw new UsageProblem(`--${idle} is about a sweep; name the ports to sweep with --range A-B`);
  }
  return {
    range: range === null ? null : readPorts("--range", range),
    rate: rate === null ? DEFAULTS.sweepRate : sweepRate(rate),
    concurrency:
      concurrency === null
        ? null
        : readWhole("--concurrency", concurrency, { min: 1, max: 20_000, what: "how many at a time" }),
  };
}

function sweepRate(text: string): number | null {
  if (text === "max") return null;
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_PER_SECOND) return Number(text);
  throw new UsageProblem(
    `--rate ${shown(text)}: write how many ports to try in a second, a whole number from 1 to ${MOST_PER_SECOND}, or max`,
  );
}
