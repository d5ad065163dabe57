import { labelled } from "./wrap.ts";

/** Stretches and other items that are listed; `--verbose` lists all stretches. */
export const LISTED_AT_MOST = 12;

/** Neighbouring ports of one kind, as a line tells of them. */
export interface Stretch {
  /** Where it lies, and what it is, in columns. */
  columns: readonly { text: string; align: "left" | "right" }[];
  /** What that means to who reads it. */
  means: string;
}

/** One line for each stretch, its columns as wide as the widest of those that are shown. */
export function stretchLines(
  all: readonly Stretch[],
  { width, verbose }: { /** Columns. */ width: number /** Every stretch. */; verbose: boolean },
): string[] {
  const shown = verbose ? all : all.slice(0, LISTED_AT_MOST);
  const rest = all.length - shown.length;
  const widths: number[] = [];
  for (const { columns } of shown) {
    for (const [index, { text }] of columns.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
  }
  return [
    ...shown.flatMap(({ columns, means }) => {
      const cells = columns.map(({ text, align }, index) => {
        const wide = widths[index] ?? 0;
        return `${align === "left" ? text.padEnd(wide) : text.padStart(wide)}  `;
      });
      const head = cells.join("");
      return labelled(head, means, { indent: 0, label: head.length, width });
    }),
    ...(rest > 0 ? [`and ${rest} more stretches; --verbose lists them all`] : []),
  ];
}
