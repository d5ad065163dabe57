import type { Remedy, Severity, Side } from "../../model/report.ts";
import { type Args, defineRule, type Judgement, type Present, type Rule } from "../define-rule.ts";
import { judgeWording, sessionSeverity } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { refusalsOf, type Said } from "../facts/said.ts";

/** What the siblings differ in: the same reading of a refusal's wording, another wording. */
export interface Sibling {
  /** Catalogue id. */
  id: string;
  /** The fault in a few words. */
  title: string;
  /** Whose side it is on. */
  at: Side;
  /** How sure the wording alone makes it; certain where left out. */
  confidence?: "certain" | "likely";
  /** What a reading that leaves several causes open adds. */
  refine?(judgement: Present, facts: Facts): Present;
  /** The wording counts at any time, not only until the login. */
  anytime?: boolean;
  /** Findings that are then only its consequences. */
  explains?: string[];
  /** More general readings of the same evidence. */
  replaces?: string[];
  /** Where the wording and what it means are documented. */
  references: string[];
  /** What `explain` says of it, a paragraph each. */
  meaning: string[];
  /** What to look at where no wording says it. */
  otherwise?(facts: Facts, absent: Judgement): Judgement;
  /** What it costs; what it costs the session (`sessionSeverity`) where left out. */
  severity?(facts: Facts, args: Args): Severity;
  /** One sentence for the head of the report. */
  summary(args: Args): string;
  /** Why the tool thinks so, for this run. */
  explanation: string | ((args: Args) => string);
  /** Who can change what. */
  remedies(facts: Facts, args: Args): Remedy[];
}

/** Commands of the login; later the same words mean the data channel. */
const OF_THE_LOGIN: readonly string[] = ["greeting", "USER", "PASS"];
/** Commands that a server may refuse before the login, and that prove nothing where it lets us in all the same. */
const ABOUT_THE_SERVER: readonly string[] = ["FEAT", "SYST", "AUTH"];

/** Where a wording that counts at any time may turn up as well. */
const AFTER_LOGIN = ["directory", "passive", "active"] as const;

function isUntilLogin({ to, at }: Said): boolean {
  if (OF_THE_LOGIN.includes(to)) return true;
  return ABOUT_THE_SERVER.includes(to) && !at.logins.some(({ result }) => result === "logged-in");
}

/** A rule that goes by what the server says. */
export function wordingRule(sibling: Sibling): Rule {
  return defineRule({
    id: sibling.id,
    title: sibling.title,
    since: "0.1.0",
    needs: ["control", "identify", "login", ...(sibling.anytime ? AFTER_LOGIN : [])],
    explains: sibling.explains ?? [],
    replaces: ["auth-rejected", ...(sibling.replaces ?? [])],
    references: sibling.references,
    meaning: sibling.meaning.join("\n\n"),
    severity: sibling.severity ?? sessionSeverity,
    judge(facts) {
      const judgement = judgeWording(
        facts,
        refusalsOf(facts, sibling.id).filter((said) => sibling.anytime === true || isUntilLogin(said)),
        { at: sibling.at, confidence: sibling.confidence ?? "certain" },
      );
      if (judgement.kind !== "present") return sibling.otherwise?.(facts, judgement) ?? judgement;
      return sibling.refine?.(judgement, facts) ?? judgement;
    },
    describe: (args, facts) => ({
      summary: sibling.summary(args),
      explanation: typeof sibling.explanation === "string" ? sibling.explanation : sibling.explanation(args),
      remedies: sibling.remedies(facts, args),
    }),
  });
}
