import type { ExperimentRecord } from "../../model/evidence.ts";
import { isPassive } from "../../model/mode.ts";
import type { Rule } from "../define-rule.ts";
import type { Facts } from "./facts.ts";

/**
 * What a rule needed to see and did not: records that crashed or were stopped, and experiments that a stopped run never began. Null
 * where nothing is wanting; what was skipped for a reason of its own is not.
 */
export function unseenBy({ needs }: Pick<Rule, "needs">, facts: Facts): string | null {
  const { experiments, complete } = facts.evidence;
  const cutShort = experiments.flatMap(({ experiment, id, status }) =>
    needs.includes(experiment) && (status === "crashed" || status === "cancelled") ? [`${id} (${status})`] : [],
  );
  const unbegun = needs
    .filter((need) => !complete && isPlanned(need, facts) && experiments.every(({ experiment }) => experiment !== need))
    .map((need) => `${need} (not begun)`);
  const unseen = [...cutShort, ...unbegun];
  return unseen.length === 0 ? null : `not seen to its end: ${unseen.join(", ")}`;
}

/** Whether this run was to make the experiment at all. */
function isPlanned(experiment: ExperimentRecord["experiment"], { evidence }: Facts): boolean {
  const { modes } = evidence.policy;
  switch (experiment) {
    case "directory":
      return evidence.target.path !== null;
    case "passive":
      return modes.some(isPassive);
    case "active":
      return modes.some((mode) => !isPassive(mode));
    case "resolve":
    case "control":
    case "identify":
    case "login":
      return true;
    // Made after a failure, or where the user asks: a run without them lacks nothing.
    case "offers":
    case "other-ports":
    case "ladder":
    case "hold":
    case "sweep":
    case "remapped-ports":
    case "active-ports":
    case "tls-versions":
    case "tls-matrix":
    case "ccc":
    // Not every server offers it.
    case "secure":
      return false;
  }
}
