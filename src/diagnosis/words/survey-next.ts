import type { NextStep } from "../../model/report.ts";
import { calledPorts } from "../facts/called-ports.ts";
import type { Facts } from "../facts/facts.ts";
import { surveyOf } from "../facts/port-survey.ts";
import { summarisePorts } from "../verdict/ports.ts";
import { again, probeAgain, sweepOf } from "./next.ts";

/** What to ask behind a survey of our own ports: the same later, and those that it had no logins left for. */
export function nextOfCalls(facts: Facts): NextStep[] {
  const reaches = calledPorts(facts);
  const gaveUp = reaches.some(({ intervals }) => intervals.some(({ gaveUpAtOnce }) => gaveUpAtOnce === true));
  const wanted = Math.max(0, ...reaches.map(({ loginsWanted = null }) => loginsWanted ?? 0));
  const later: NextStep[] = gaveUp
    ? [
        {
          command: again(facts),
          tells: "In two minutes: whether the server gave up because it was still busy with calls of a run before.",
        },
      ]
    : [];
  if (wanted === 0) return later;
  return [
    ...later,
    {
      command: `${again(facts)} --max-logins ${Math.min(LOGINS_AT_MOST, wanted)}`,
      tells:
        "Lets the server call the ports that were not tried: each that no call reaches costs it a connection and a login.",
    },
  ];
}

/** As many as the option takes. */
const LOGINS_AT_MOST = 100;

/** What to ask behind a survey of ports: the sweep of the range that its offers hint at, or why nothing was offered. */
export function nextOfSurvey(facts: Facts): NextStep[] {
  const { ports: plan } = facts.evidence.policy;
  if (plan == null) return [];
  const survey = surveyOf(facts);
  if (
    survey.accepting.length > 0 ||
    survey.unlikely ||
    survey.doubtful.length > 0 ||
    (facts.loggedIn && survey.opened.length + survey.failed.length === 0)
  ) {
    return [
      {
        command: probeAgain(facts),
        tells: "Moves bytes in every mode, and says what is wrong with those in which none come.",
      },
    ];
  }
  const { estimate, observed } = summarisePorts(facts);
  if (plan.range !== null || observed === null) return [];
  const range = estimate?.likely ?? null;
  if (range === null) {
    return [
      {
        command: sweepOf(facts, "A-B"),
        tells:
          "Tries every port of the server's range: put the numbers of its configuration in place of A-B, for the offers do not tell them (--samples N asks for more offers).",
      },
    ];
  }
  return [
    {
      command: sweepOf(facts, range),
      tells:
        "Tries every port of the range that the offers hint at; where the server's settings name another range, put that in its place.",
    },
  ];
}
