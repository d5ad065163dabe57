import { type RivalCause, type Rule, rivalCause, ruleById, rules } from "../../index.ts";
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

/** Prints what a finding means, or the list of all findings. */
export async function explainCommand(asked: Extract<Invocation, { command: "explain" }>, io: Io): Promise<number> {
  const width = widthOf(io.stdout);
  const bold = wantsColor(io.stdout, io.env, asked.noColor) ? (text: string) => `\x1b[1m${text}\x1b[22m` : String;
  const rival = asked.id === null ? undefined : rivalCause(asked.id.toLowerCase());
  if (rival !== undefined) await writeText(io.stdout, rivalPage(rival, width, bold));
  else await writeText(io.stdout, asked.id === null ? list(width, bold) : page(findRule(asked.id), width, bold));
  return 0;
}

function findRule(id: string): Rule {
  const rule = ruleById(id.toLowerCase());
  if (rule === undefined) {
    const ids = rules.map((each) => each.id);
    throw new UsageProblem(
      `there is no finding ${shown(id)}${didYouMean(id, ids) || "; ftp-doctor explain lists them"}`,
    );
  }
  return rule;
}

/** A cause that findings name as a rival, and that this version does not look for itself. */
function rivalPage({ id, title, meaning }: RivalCause, width: number, bold: (text: string) => string): string {
  const note = "Findings name it as another possible cause; this version does not look for it by itself.";
  return `${[bold(id), ...wrap(title, width), "", ...wrap(meaning, width), "", ...wrap(note, width)].join("\n")}\n`;
}

function list(width: number, bold: (text: string) => string): string {
  const column = Math.max(...rules.map(({ id }) => id.length)) + 2;
  const lines = rules.flatMap(({ id, title }) => {
    // Beside the id there is no room: below it.
    if (width - column < TITLE_AT_LEAST) return [bold(id), ...wrap(title, width - 3).map((line) => `   ${line}`)];
    return wrap(title, width - column).map(
      (line, index) => (index === 0 ? bold(id.padEnd(column)) : " ".repeat(column)) + line,
    );
  });
  const more = wrap("ftp-doctor explain ID tells what one of them means and how to mend it.", width);
  return `${[...lines, "", ...more].join("\n")}\n`;
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
