import type { ConfigLine, Finding, Remedy } from "../model/report.ts";
import { listed } from "../model/words.ts";
import type { Style } from "./style.ts";
import { EFFORT, WHO } from "./wording.ts";
import { beside, labelled, type Place, wrap } from "./wrap.ts";

/** Remedies shown in full; more would bury the one that fits. */
const IN_FULL = 3;
/** Columns left of a line to be copied, counted from the text beside the label. */
const COPY_INDENT = 4;

/** The remedies of a finding: the most relevant in full, the others by name, or with `all` every one in full. */
export function remedyLines(finding: Finding, place: Place, style: Style, all: boolean): string[] {
  const shown = all ? finding.remedies : mostRelevant(finding.remedies);
  const others = finding.remedies.filter((remedy) => !shown.includes(remedy));
  const lines = shown.flatMap((remedy, index) => {
    const label = shown.length === 1 ? "fix" : `fix ${index + 1}`;
    return oneRemedy(label, remedy, place, style);
  });
  if (others.length === 0) return lines;
  const names = [...new Set(others.map((remedy) => nameOf(remedy, shown)))];
  return [...lines, ...labelled("also for", `${listed(names)}: shown with --verbose`, place)];
}

/** The first remedy of everybody who could act, filled up in the order given, which is that of relevance. */
function mostRelevant(remedies: readonly Remedy[]): Remedy[] {
  const first = remedies.filter((remedy, index) => remedies.findIndex(({ who }) => who === remedy.who) === index);
  const chosen = new Set(first);
  for (const remedy of remedies) if (chosen.size < IN_FULL) chosen.add(remedy);
  return remedies.filter((remedy) => chosen.has(remedy));
}

function nameOf({ product, who }: Remedy, shown: readonly Remedy[]): string {
  const name = product === "any" ? `the ${WHO[who]}` : product;
  return shown.some((remedy) => remedy.product === product) ? `${name} (more)` : name;
}

function oneRemedy(label: string, remedy: Remedy, place: Place, style: Style): string[] {
  const product = remedy.product === "any" ? "" : `, ${remedy.product}`;
  const inner = place.width - place.indent - place.label;
  const text = [
    ...wrap(`${WHO[remedy.who]}${product} (${EFFORT[remedy.effort]})`, inner).map(style.strong),
    ...wrap(remedy.text, inner),
    ...remedySteps(remedy).flatMap(({ words, lines }) => [...wrap(`${words}:`, inner), ...lines.map(copyable)]),
  ];
  return beside(label, text, place);
}

/** What is to be written where, and run, in order: a few words and the lines to be copied. */
export function remedySteps({ config = [], commands = [] }: Remedy): { words: string; lines: readonly string[] }[] {
  return [
    ...byFile(config).map(({ file, lines }) => ({ words: `in ${file}`, lines })),
    ...(commands.length === 0 ? [] : [{ words: config.length === 0 ? "run" : "then run", lines: commands }]),
  ];
}

/** A line that is meant to be copied is never wrapped, however long. */
function copyable(line: string): string {
  return " ".repeat(COPY_INDENT) + line;
}

/** Settings of one file stand under its name once, in the order given. */
function byFile(config: readonly ConfigLine[]): { file: string; lines: string[] }[] {
  const files = [...new Set(config.map(({ file }) => file))];
  return files.map((file) => ({ file, lines: config.filter((line) => line.file === file).map(({ line }) => line) }));
}
