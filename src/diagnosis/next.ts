import type { NextStep, Verdict } from "../model/report.ts";
import type { Present } from "./define-rule.ts";
import type { Facts } from "./facts.ts";

/** The next measurements worth making: what the findings ask for, each command once. */
export function nextSteps(_facts: Facts, present: readonly Present[], _verdict: Verdict): NextStep[] {
  const steps = present.flatMap((judgement) => judgement.next ?? []);
  return steps.filter((step, index) => steps.findIndex(({ command }) => command === step.command) === index);
}
