import type { AddressedRecord, Evidence } from "../model/evidence.ts";
import {
  type Check,
  type Confidence,
  type Finding,
  REPORT_VERSION,
  type Report,
  type Rival,
  type Severity,
} from "../model/report.ts";
import type { Judgement, Present, Rule } from "./define-rule.ts";
import { summariseControl } from "./facts/control-outcome.ts";
import { deriveFacts, type Facts } from "./facts/facts.ts";
import { isPortSurvey } from "./facts/port-survey.ts";
import { isOfFirstRound } from "./facts/steadiness.ts";
import { stoppedPassive } from "./facts/stopped-protections.ts";
import { unseenBy } from "./facts/unseen.ts";
import { forecast } from "./forecast/forecast.ts";
import { rules as allRules } from "./rules/index.ts";
import { unprobedCause } from "./unprobed/index.ts";
import { callsVerdict, isCallSurvey } from "./verdict/calls-verdict.ts";
import { summarisePorts } from "./verdict/ports.ts";
import { summariseSteadiness, worksNowAndThen } from "./verdict/steadiness.ts";
import { surveyVerdict } from "./verdict/survey-verdict.ts";
import { type VerdictReason, verdictOf, worstVerdict } from "./verdict/verdict.ts";
import { summariseCalls } from "./words/calls-summary.ts";
import { meanwhile } from "./words/meanwhile.ts";
import { nextSteps } from "./words/next.ts";
import { stopWords, summarise } from "./words/summary.ts";
import { nextOfCalls, nextOfSurvey } from "./words/survey-next.ts";
import { summariseSurvey } from "./words/survey-summary.ts";
import { nextOfUsedUp } from "./words/used-up.ts";

/** The verdict and its words: of an ordinary run, or of what was asked about ports. */
function judged(facts: Facts, findings: readonly Finding[]): VerdictReason & { summary: string } {
  const ofPorts = isPortSurvey(facts);
  if (!isCallSurvey(facts)) {
    const { verdict, reason } = ofPorts ? surveyVerdict(facts, findings) : verdictOf(facts, findings);
    return { verdict, reason, summary: (ofPorts ? summariseSurvey : summarise)(facts, findings, verdict, reason) };
  }
  const calls = callsVerdict(facts, findings);
  const told = summariseCalls(facts);
  if (!ofPorts) {
    return { ...calls, summary: told ?? summarise(facts, findings, calls.verdict, calls.reason) };
  }
  const survey = surveyVerdict(facts, findings);
  const worst = worstVerdict([survey.verdict, calls.verdict]) === survey.verdict ? survey : calls;
  const words = summariseSurvey(facts, findings, survey.verdict, survey.reason);
  return { ...worst, summary: told === null ? words : `${words} ${told}` };
}

/** A rule beside its answer. */
interface Answer {
  rule: Rule;
  judgement: Judgement | { kind: "crashed"; message: string };
}

/** A rule that found its fault. */
interface Hit {
  rule: Rule;
  judgement: Present;
}

const SEVERITIES: readonly Severity[] = ["critical", "error", "warning", "notice"];
const CONFIDENCES: readonly Confidence[] = ["certain", "likely", "possible"];

/** Judges evidence: every rule answers, and the answers become one report. Pure. `rules` is for tests. */
export function diagnose(evidence: Evidence, rules: readonly Rule[] = allRules): Report {
  const facts = deriveFacts(evidence);
  const firstAnswers = rules.filter(({ last }) => !last).map((rule): Answer => ({ rule, judgement: ask(rule, facts) }));
  const told = new Set(present(firstAnswers).flatMap((hit) => toldBy(hit, facts)));
  const lastAnswers = rules
    .filter(({ last }) => last)
    .map((rule): Answer => ({ rule, judgement: ask(rule, facts, told) }));
  const answers = [...firstAnswers, ...lastAnswers];
  const hits = present(answers);
  const covered = coveredBy(hits, facts);
  const standing = hits.filter(({ rule }) => !covered.has(rule.id));
  const crashed: Check[] = [];
  const findings = standing
    .flatMap((hit): Finding[] => {
      try {
        return [finding(hit, standing, facts)];
      } catch (error) {
        crashed.push({ id: hit.rule.id, status: "crashed", note: messageOf(error) });
        return [];
      }
    })
    .sort(byWeight(facts));
  const { verdict, reason, summary } = judged(facts, findings);
  const ofPorts = isPortSurvey(facts) || isCallSurvey(facts);
  const { target } = evidence;
  const steadiness = summariseSteadiness(facts);
  return {
    reportVersion: REPORT_VERSION,
    target: {
      input: target.input,
      host: target.host,
      port: target.port,
      security: target.security,
      user: target.user,
    },
    startedAt: evidence.startedAt,
    durationMs: evidence.durationMs,
    complete: evidence.complete,
    verdict,
    summary: [summary, ...stopWords(evidence)].join(" "),
    control: facts.addresses.flatMap((address) => summariseControl(address) ?? []),
    modes: facts.rows,
    ports: summarisePorts(facts),
    ...(steadiness === null ? {} : { steadiness }),
    findings,
    checks: answers.map((answer) => crashed.find(({ id }) => id === answer.rule.id) ?? check(answer, covered)),
    // No transfer was made that could tell of a client.
    clients: ofPorts ? [] : forecast(facts),
    meanwhile: ofPorts ? [] : meanwhile(facts, findings),
    next: nextSteps(
      facts,
      standing.map(({ judgement }) => judgement),
      {
        reason,
        first: [
          ...(isPortSurvey(facts) ? nextOfSurvey(facts) : []),
          ...nextOfCalls(facts),
          ...(verdict === "healthy" || verdict === "undetermined" ? nextOfUsedUp(facts) : []),
        ],
      },
    ),
    evidence,
  };
}

function present(answers: readonly Answer[]): Hit[] {
  return answers.flatMap(({ rule, judgement }) => (judgement.kind === "present" ? [{ rule, judgement }] : []));
}

/** The records of which a finding says what was wrong; one of another mode than it names is a witness only. */
function toldBy({ judgement }: Hit, facts: Facts): string[] {
  const { modes } = judgement.args;
  if (!Array.isArray(modes)) return judgement.because;
  return judgement.because.filter((id) => {
    const record = facts.record(id);
    return (
      !(record?.experiment === "passive" || record?.experiment === "active") ||
      modes.some((mode) => mode === record.mode)
    );
  });
}

function ask(rule: Rule, facts: Facts, told: ReadonlySet<string> = new Set()): Answer["judgement"] {
  try {
    const judgement = rule.judge(facts, told);
    // What was not looked at cannot be claimed to be absent.
    const unseen = judgement.kind === "absent" ? unseenBy(rule, facts) : null;
    return unseen === null ? judgement : { kind: "undetermined", missing: unseen };
  } catch (error) {
    return { kind: "crashed", message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Which hits are too general beside which other: the id of the general one, and of the one that covers it. */
function coveredBy(hits: readonly Hit[], facts: Facts): Map<string, string> {
  const covered = new Map<string, string>();
  for (const special of hits) {
    for (const general of hits) {
      if (general.rule.id === special.rule.id || !special.rule.replaces.includes(general.rule.id)) continue;
      if (speaksOfAll(special, general, facts)) covered.set(general.rule.id, special.rule.id);
    }
  }
  return covered;
}

/** Whether the special finding is about every address of the general one, and where it is of one protection only, about no other. */
function speaksOfAll(special: Hit, general: Hit, facts: Facts): boolean {
  const spokenOf = new Set(addressed(special, facts).map(({ address }) => address));
  const { protection } = special.judgement.args;
  const alone = protection === "clear" || protection === "tls" ? protection : null;
  return addressed(general, facts).every(
    (record) => spokenOf.has(record.address) && (alone === null || record.protection === alone),
  );
}

/** The records of one address that a finding rests on. */
function addressed({ judgement }: Hit, facts: Facts): AddressedRecord[] {
  return judgement.because.flatMap((id) => {
    const record = facts.record(id);
    return record === undefined || record.experiment === "resolve" ? [] : [record];
  });
}

function finding({ rule, judgement }: Hit, standing: readonly Hit[], facts: Facts): Finding {
  const words = asOfRounds({ title: rule.title, ...rule.describe(judgement.args, facts) }, judgement.because, facts);
  const severity = softened(rule.severity(facts, judgement.args), facts);
  // Where two explain each other neither is the root: both stay causes.
  const explained = standing.some(
    (other) =>
      other.rule.id !== rule.id &&
      other.rule.explains.includes(rule.id) &&
      !rule.explains.includes(other.rule.id) &&
      reachesAsFar(other, { severity, because: judgement.because }, facts),
  );
  return {
    id: rule.id,
    severity,
    confidence: judgement.confidence,
    role: explained ? "consequence" : "cause",
    at: judgement.at,
    title: words.title,
    summary: words.summary,
    explanation: words.explanation,
    args: judgement.args,
    seen: judgement.seen,
    evidence: [...new Set(judgement.because)],
    rivals: judgement.rivals.map(withTitle),
    remedies: words.remedies,
  };
}

/** What was seen in the first round alone is no word about the others. */
function asOfRounds<W extends Pick<Finding, "title" | "summary">>(
  words: W,
  because: readonly string[],
  facts: Facts,
): W {
  if (!isOfFirstRound(because, facts)) return words;
  return {
    ...words,
    title: `${words.title} (first round)`,
    summary: `${words.summary} So it was in the first round; in others it worked.`,
  };
}

/** What is so bad that nothing works was seen in one round; where another round worked, it is not as bad as that. */
function softened(severity: Severity, facts: Facts): Severity {
  return (severity === "critical" || severity === "error") && worksNowAndThen(facts) ? "warning" : severity;
}

/** A rival known by its id gets the words that a reader needs beside it. */
function withTitle(rival: Rival): Rival {
  const title = unprobedCause(rival.cause)?.title ?? allRules.find(({ id }) => id === rival.cause)?.title;
  return title === undefined ? rival : { ...rival, title };
}

/** What is worse than its cause, and was not seen where the cause was, has another one. */
function reachesAsFar(
  cause: Hit,
  consequence: Pick<Finding, "severity"> & { because: string[] },
  facts: Facts,
): boolean {
  const severity = cause.rule.severity(facts, cause.judgement.args);
  return (
    SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(consequence.severity) ||
    consequence.because.some((id) => cause.judgement.because.includes(id))
  );
}

/**
 * Causes first, then the most severe, then what lets nothing passive through before what only who looks at it minds, then what all
 * rounds tell before what one of them does, then the most certain; what is equal keeps the order of the rules.
 */
function byWeight(facts: Facts): (a: Finding, b: Finding) => number {
  const stopped = stoppedPassive(facts);
  const stopsAll = ({ evidence }: Finding) => evidence.some((id) => stopped.has(id));
  return (a, b) =>
    Number(a.role === "consequence") - Number(b.role === "consequence") ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(stopsAll(b)) - Number(stopsAll(a)) ||
    Number(isOfFirstRound(a.evidence, facts)) - Number(isOfFirstRound(b.evidence, facts)) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence);
}

function check({ rule, judgement }: Answer, covered: ReadonlyMap<string, string>): Check {
  const cover = covered.get(rule.id);
  if (cover !== undefined) return { id: rule.id, status: "absent", note: `covered by ${cover}` };
  switch (judgement.kind) {
    case "present":
      return { id: rule.id, status: "present", note: null };
    case "absent":
      return { id: rule.id, status: "absent", note: judgement.note ?? null };
    case "undetermined":
      return { id: rule.id, status: "undetermined", note: judgement.missing };
    case "not-applicable":
      return { id: rule.id, status: "not-applicable", note: judgement.reason };
    case "crashed":
      return { id: rule.id, status: "crashed", note: judgement.message };
  }
}
