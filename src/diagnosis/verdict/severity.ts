import { isPassive, MODES, type Mode } from "../../model/mode.ts";
import type { Severity } from "../../model/report.ts";
import type { Args } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { isPortSurvey, surveyOf } from "../facts/port-survey.ts";
import { isCallSurvey, reachOfCalls } from "./calls-verdict.ts";
import { requiredInVain, requiredInVainSomewhere } from "./requirements.ts";
import { type Reach, reachOf } from "./survey-verdict.ts";

/**
 * How bad it is that these modes do not work as they should: `error` where a requirement is left without a working mode,
 * `warning` where an offered passive mode fails beside a working one, or one address of several lacks what is required,
 * `notice` where only active mode is concerned and nobody asked for it.
 */
export function severityOf(facts: Facts, modes: readonly Mode[]): Severity {
  // What was asked about decides: passive ports, or our own ones.
  if (isCallSurvey(facts) && !modes.some(isPassive)) return severityOfReach(reachOfCalls(facts));
  if (isPortSurvey(facts)) return severityOfReach(reachOf(surveyOf(facts)));
  if (requiredInVain(facts, modes)) return "error";
  return modes.some(isPassive) || requiredInVainSomewhere(facts, modes) ? "warning" : "notice";
}

/** How bad it is that the server refuses to offer a port at times, or each time: no reach of ports makes up for that. */
export function severityOfRefusal(facts: Facts, modes: readonly Mode[]): Severity {
  if (!isPortSurvey(facts)) return severityOf(facts, modes);
  return surveyOf(facts).opened.length > 0 ? "warning" : "error";
}

/** A survey of ports asks which can be reached: where all can, nothing it finds is a fault of theirs. */
function severityOfReach(reach: Reach): Severity {
  switch (reach) {
    case "all":
      return "notice";
    case "part":
      return "warning";
    case "none":
    case "untold":
      return "error";
  }
}

/** The modes in a finding's args. */
export function modesIn(args: Args): Mode[] {
  const { modes } = args;
  return MODES.filter((mode) => Array.isArray(modes) && modes.some((name) => name === mode));
}

/** How bad it is that files cannot be sent to the server, which only was tried because somebody asked for it. */
export function uploadSeverity({ evidence }: Facts): Severity {
  return evidence.policy.required?.includes("upload") ? "error" : "warning";
}
