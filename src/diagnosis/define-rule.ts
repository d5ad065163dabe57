import type { ExperimentRecord } from "../model/evidence.ts";
import type { ArgValue, Confidence, NextStep, Remedy, Rival, Severity, Side } from "../model/report.ts";
import type { Facts } from "./facts/facts.ts";

/** The values a finding's words are made of. */
export type Args = Record<string, ArgValue>;

/** The evidence shows the fault. */
export interface Present {
  /** Tells it from the other judgements. */
  kind: "present";
  /** How sure, from this vantage point. */
  confidence: Confidence;
  /** The side at fault, as far as this evidence tells. */
  at: Side;
  /** Values for the words. */
  args: Args;
  /** Ids of the evidence records that prove it. */
  because: string[];
  /** The two or three lines that prove it, quoted from the evidence. */
  seen: string[];
  /** Other causes that fit the same evidence; empty when it is certain. */
  rivals: Rival[];
  /** Commands whose answers would tell more; left out where there are none. */
  next?: NextStep[];
}

/** A rule's answer about one run. */
export type Judgement =
  | Present
  | { kind: "absent"; note?: string }
  | { kind: "undetermined"; missing: string }
  | { kind: "not-applicable"; reason: string };

/** The words of a present finding. */
export interface Words {
  /** A few words that fit this case better than the rule's own title; left out where that one fits. */
  title?: string;
  /** One sentence with the observed values. */
  summary: string;
  /** What is wrong and how we know, for somebody who is no FTP expert. */
  explanation: string;
  /** Who must change what, the most relevant first. */
  remedies: Remedy[];
}

/** One root cause: how it is recognised and what is said about it. Pure. */
export interface Rule {
  /** Catalogue id; also the finding's id and the file's name. */
  id: string;
  /** A few words. */
  title: string;
  /** Version of the tool in which the rule appeared. */
  since: string;
  /** Experiments that must have been seen to their end before its `absent` counts; where one was not, it becomes `undetermined`. */
  needs: readonly ExperimentRecord["experiment"][];
  /** Findings that are only consequences where this one is present. */
  explains: readonly string[];
  /**
   * Findings whose reading of the same evidence is too general where this one is present: they become absent, "covered by ID".
   * One that also rests on an address this finding does not speak of stays.
   */
  replaces: readonly string[];
  /** RFC sections, server sources, threads. */
  references: readonly string[];
  /**
   * What the finding means and how to mend it, for `explain ID`, without observed values. Plain text, paragraphs parted
   * by an empty line.
   */
  meaning: string;
  /** How bad it is under this run's requirements. */
  severity(facts: Facts, args: Args): Severity;
  /** Judged behind all others, and only to say what they left unsaid; false where left out of `defineRule`. */
  last: boolean;
  /** Whether the evidence shows the fault. `told`, which only a `last` rule reads: the records that the other findings rest on. */
  judge(facts: Facts, told: ReadonlySet<string>): Judgement;
  /** The words; decides nothing. */
  describe(args: Args, facts: Facts): Words;
}

/** Declares a rule; `explains`, `replaces`, `references` and `last` may be left out. */
export function defineRule(
  rule: Omit<Rule, "explains" | "replaces" | "references" | "last"> &
    Partial<Pick<Rule, "explains" | "replaces" | "references" | "last">>,
): Rule {
  return { explains: [], replaces: [], references: [], last: false, ...rule };
}
