import type { ArgValue, Confidence, Remedy, Rival, Severity, Side } from "../model/report.ts";
import type { Facts } from "./facts.ts";

/** A rule's answer about one run. */
export type Judgement =
  | {
      kind: "present";
      confidence: Confidence;
      /** The side at fault, as far as this evidence tells. */
      at: Side;
      /** Values for the words. */
      args: Record<string, ArgValue>;
      /** Ids of the evidence records that prove it. */
      because: string[];
      /** The two or three lines that prove it, quoted from the evidence. */
      seen: string[];
      rivals: Rival[];
    }
  | { kind: "absent"; note?: string }
  | { kind: "undetermined"; missing: string }
  | { kind: "not-applicable"; reason: string };

/** The words of a present finding. */
export interface Words {
  /** One sentence with the observed values. */
  summary: string;
  /** What is wrong and how we know, for somebody who is no FTP expert. */
  explanation: string;
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
  /** Experiments whose records it reads. */
  needs: readonly string[];
  /** Findings that are only consequences where this one is present. */
  explains: readonly string[];
  /** Findings whose reading of the same evidence is too general where this one is present: they become absent, "covered by ID". */
  replaces: readonly string[];
  /** RFC sections, server sources, threads. */
  references: readonly string[];
  /** What the finding means and how to mend it, for `explain ID`, without observed values. Plain text, paragraphs parted by an empty line. */
  meaning: string;
  severity(facts: Facts, args: Record<string, ArgValue>): Severity;
  judge(facts: Facts): Judgement;
  describe(args: Record<string, ArgValue>, facts: Facts): Words;
}

/** Declares a rule; `explains`, `replaces` and `references` may be left out. */
export function defineRule(
  rule: Omit<Rule, "explains" | "replaces" | "references"> &
    Partial<Pick<Rule, "explains" | "replaces" | "references">>,
): Rule {
  return { explains: [], replaces: [], references: [], ...rule };
}
