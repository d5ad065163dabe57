import type { ObservedPorts, PortEstimate, Report } from "../model/report.ts";
import { beside, wrap } from "./wrap.ts";

/** Columns of the word `Ports` with the blanks behind it, as wide as those of the control connection. */
const LABEL = 10;

/** What several offers tell of the server's passive range; nothing where there were too few. */
export function portLines({ ports: { estimate, observed, swept } }: Report, width: number): string[] {
  if (estimate === undefined || estimate === null || observed === null) return [];
  // Where the range is declared and the offers keep to it, there is nothing to guess.
  const declared = swept !== null && observed.min >= swept.from && observed.max <= swept.to;
  const sentences = [inWords(estimate, observed, declared), ...estimate.remarks.map(({ text }) => text)];
  const lines = sentences.flatMap((sentence) => wrap(sentence, width - LABEL));
  return beside("Ports", lines, { indent: 0, label: LABEL, width });
}

function inWords(estimate: PortEstimate, { min, max }: ObservedPorts, declared: boolean): string {
  const { allocation, samples, distinct, looksLike } = estimate;
  const of = distinct < samples ? ` of ${distinct} ports` : "";
  const seen = min === max ? `${samples} offers of port ${min}` : `${samples} offers${of} between ${min} and ${max}`;
  const range = declared ? "" : bounds(estimate);
  const like =
    looksLike === null || declared
      ? ""
      : `. It looks like ${looksLike.from}-${looksLike.to}, the range of ${looksLike.whose}`;
  switch (allocation) {
    case "random":
      return `${seen}, at random${range}${like}.`;
    case "sequential":
      return `${seen}, one after another${range}${like}.`;
    case "fixed":
      return `${seen}, on several sessions: the server seems to use no other.`;
    case "unknown":
      return `${seen}; the range cannot be told from them (${estimate.basis}).`;
  }
}

/** `; the range is likely 40000-40100 (90 % sure: within 39974-40126)`. */
function bounds({ from, to, likely, confidence, allocation }: PortEstimate): string {
  if (from === null || to === null || likely === null || confidence === null) {
    return allocation === "sequential" ? "; where the range ends was not seen" : "";
  }
  return `; the range is likely ${likely.from}-${likely.to} (${Math.round(confidence * 100)} % sure: within ${from}-${to})`;
}
