import { type ClientPolicy, clientPolicies } from "../../clients/index.ts";
import { shellWord } from "../../model/asked-again.ts";
import type { ClientForecast } from "../../model/report.ts";
import { neededRoots } from "../facts/certificate-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { capitalised } from "../words/sentence.ts";
import { type Course, courseOf } from "./client-course.ts";

/**
 * What common clients would do with their default settings, from what was seen; empty where no session was had.
 * `policies` is for tests.
 */
export function forecast(facts: Facts, policies: readonly ClientPolicy[] = clientPolicies): ClientForecast[] {
  if (!facts.loggedIn) return [];
  return policies.map((policy) => {
    const course = courseOf(policy, facts);
    const outcome = outcomeOf(course);
    return {
      client: policy.id,
      name: policy.name,
      outcome,
      mode: course.mode,
      why: `${capitalised(course.tale.join("; then "))}.`,
      setting: outcome === "works" || outcome === "unknown" ? null : helpfulSetting(policy, outcome, facts),
      basis: policy.basis,
    };
  });
}

function outcomeOf({ outcome, waits }: Course): ClientForecast["outcome"] {
  return outcome === "works" && waits ? "works-after-delay" : outcome;
}

/** The first setting under which it works; where it fails, one that works after a wait is better than none. */
function helpfulSetting(
  policy: ClientPolicy,
  outcome: "works-after-delay" | "fails",
  facts: Facts,
): ClientForecast["setting"] {
  const caFile = neededRoots(facts, undefined);
  const tried = policy.settings.map(({ text, changes }) => {
    const habits = { ...policy, ...changes };
    const trust =
      caFile === null || habits.tls === "never" ? "" : habits.trusts?.replace("{file}", () => shellWord(caFile));
    return { text: `${text}${trust ?? ""}`, outcome: outcomeOf(courseOf(habits, facts)) };
  });
  const best =
    tried.find((each) => each.outcome === "works") ??
    (outcome === "fails" ? tried.find((each) => each.outcome === "works-after-delay") : undefined);
  return best?.text ?? null;
}
