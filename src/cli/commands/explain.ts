import {
  type Rule,
  ruleById,
  rules,
  type ShownBy,
  UNPROBED_CAUSES,
  type UnprobedCause,
  unprobedCause,
} from "../../index.ts";
import { wrap } from "../../reporters/wrap.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { writeText } from "../output-text.ts";
import { UsageProblem } from "../problem.ts";
import { didYouMean } from "../suggestion.ts";
import { wantsColor, widthOf } from "../terminal.ts";
import { shown } from "../values.ts";

/** In fewer columns a title would break at every word or two. */
const TITLE_AT_LEAST = 24;

/** What shows a cause that no rule looks for: the heading of its part of the list, and the sentence on its page. */
const SHOWN_BY: Readonly<Record<ShownBy, { heading: string; sentence: string }>> = {
  measurement: {
    heading: "Not looked for, only named as another possible cause with the measurement that would tell",
    sentence: "This version does not look for it by itself: another measurement than a probe's own shows it.",
  },
  "client-log": {
    heading: "Not looked for, because only the log of the client that fails shows it",
    sentence:
      "A probe cannot see it, because it is the doing of another client or of its files: that client's log shows it.",
  },
};

/** Prints what a finding means, or the list of all findings. */
export async function explainCommand(asked: Extract<Invocation, { command: "explain" }>, io: Io): Promise<number> {
  const width = widthOf(io);
  const bold = wantsColor(io.stdout, io.env, asked.noColor) ? (text: string) => `\x1b[1m${text}\x1b[22m` : String;
  const unprobed = asked.id === null ? undefined : unprobedCause(asked.id.toLowerCase());
  if (unprobed !== undefined) await writeText(io.stdout, unprobedPage(unprobed, width, bold));
  else await writeText(io.stdout, asked.id === null ? list(width, bold) : page(findRule(asked.id), width, bold));
  return 0;
}

function findRule(id: string): Rule {
  const rule = ruleById(id.toLowerCase());
  if (rule === undefined) {
    const ids = [...rules, ...UNPROBED_CAUSES].map((each) => each.id);
    throw new UsageProblem(
      `there is no finding ${shown(id)}${didYouMean(id, ids) || "; ftp-doctor explain lists them"}`,
    );
  }
  return rule;
}

/** A cause of which this version knows, and that it does not look for itself. */
function unprobedPage(cause: UnprobedCause, width: number, bold: (text: string) => string): string {
  const paragraphs = [cause.meaning, `To mend it: ${cause.mend}`, SHOWN_BY[cause.shownBy].sentence];
  const lines = [
    bold(cause.id),
    ...wrap(capital(cause.title), width),
    ...paragraphs.flatMap((text) => ["", ...wrap(text, width)]),
  ];
  return `${lines.join("\n")}\n`;
}

function list(width: number, bold: (text: string) => string): string {
  const column = Math.max(...[...rules, ...UNPROBED_CAUSES].map(({ id }) => id.length)) + 2;
  const entry = ({ id, title }: { id: string; title: string }): string[] => {
    // Beside the id there is no room: below it.
    if (width - column < TITLE_AT_LEAST) return [bold(id), ...wrap(title, width - 3).map((line) => `   ${line}`)];
    return wrap(title, width - column).map(
      (line, index) => (index === 0 ? bold(id.padEnd(column)) : " ".repeat(column)) + line,
    );
  };
  const others = Object.keys(SHOWN_BY) as ShownBy[];
  const unprobed = others.flatMap((shownBy) => {
    const causes = UNPROBED_CAUSES.filter((cause) => cause.shownBy === shownBy);
    const heading = wrap(`${SHOWN_BY[shownBy].heading}:`, width);
    return causes.length === 0
      ? []
      : ["", ...heading, ...causes.flatMap(({ id, title }) => entry({ id, title: capital(title) }))];
  });
  const more = wrap("ftp-doctor explain ID tells what one of them means and how to mend it.", width);
  return `${[...rules.flatMap(entry), ...unprobed, "", ...more].join("\n")}\n`;
}

/** A title that was made to stand inside a sentence. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function page(rule: Rule, width: number, bold: (text: string) => string): string {
  const hanging = (label: string, text: string) =>
    wrap(text, width - 14).map((line, index) => (index === 0 ? label.padEnd(14) : " ".repeat(14)) + line);
  const lines = [
    bold(rule.id),
    ...wrap(rule.title, width),
    "",
    ...rule.meaning.split("\n\n").flatMap((paragraph) => [...wrap(paragraph, width), ""]),
    ...(rule.explains.length > 0 ? hanging("Explains", rule.explains.join(", ")) : []),
    ...rule.references.flatMap((reference, index) => hanging(index === 0 ? "References" : "", reference)),
    ...hanging("Since", `ftp-doctor ${rule.since}`),
  ];
  return `${lines.join("\n")}\n`;
}
