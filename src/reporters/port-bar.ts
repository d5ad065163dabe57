import type { PortRange } from "../model/evidence.ts";
import type { PortState, PortSweep } from "../model/report.ts";
import { listed, rangeInWords } from "../model/words.ts";
import type { Style } from "./style.ts";

/** What a character of the bar stands for; `mixed`: its ports answer differently. `sampled`: closed, and not all of them were tried. */
type Cell = Shown | "sampled" | "untried" | "mixed";

/** How a port is shown; `refused`: closed, and refusing in the place of a server that offers it. */
export type Shown = PortState | "refused";

/** A run of ports that are shown alike. */
export interface ShownInterval extends PortRange {
  /** How. */
  state: Shown;
}

/** What each is drawn with: heavier where packets come through. */
const DRAWN: Record<"unicode" | "ascii", Record<Cell, string>> = {
  unicode: {
    closed: "█",
    sampled: "▄",
    refused: "░",
    open: "◆",
    filtered: "·",
    rejected: "×",
    mixed: "▒",
    untried: "?",
  },
  ascii: { closed: "#", sampled: "=", refused: "!", open: "O", filtered: ".", rejected: "x", mixed: "%", untried: "?" },
};

/** What the legend calls them. */
const CALLED: Record<Cell, string> = {
  closed: "closed: reachable, as it should be",
  sampled: "closed as far as tried",
  refused: "closed even while offered: not reached",
  open: "open: something listens there",
  filtered: "filtered: no answer",
  rejected: "rejected by a firewall",
  mixed: "several of these",
  untried: "not tried",
};
const ORDER = Object.keys(CALLED) as Cell[];

/** How wide the bar may be and what it may be drawn with. */
export interface BarOptions {
  /** Columns. */
  width: number;
  /** Draw with ASCII alone. */
  ascii: boolean;
}

/** A sweep at a glance: the bar, the numbers under its ends, and what its characters mean, each a line or more. */
export function portBar(sweep: PortSweep, { width, ascii }: BarOptions, style: Style) {
  const total = sweep.to - sweep.from + 1;
  const perCell = Math.ceil(total / width);
  const intervals = shownIntervals(sweep);
  const cells = Array.from({ length: Math.ceil(total / perCell) }, (_, index) => {
    const from = sweep.from + index * perCell;
    return cellOf(intervals, from, Math.min(sweep.to, from + perCell - 1));
  });
  const draw = DRAWN[ascii ? "ascii" : "unicode"];
  return {
    bar: cells.map((cell) => paint(draw[cell], cell, style)).join(""),
    scale: scaleOf(sweep, cells.length),
    legend: ORDER.filter((cell) => cells.includes(cell)).map((cell) => `${draw[cell]} ${calledIn(sweep, cell)}`),
    perCell: perCell === 1 ? null : `each character is ${perCell} ports`,
  };
}

function calledIn({ believed, proven }: PortSweep, cell: Cell): string {
  if (cell === "closed" && proven === false) return "closed: a reset, whose is not proven";
  return cell === "open" && believed === false ? "accepted, like every port here: proves nothing" : CALLED[cell];
}

/** The intervals of a sweep, those closed ones apart whose resets the offers prove not to be the server's. */
export function shownIntervals({ intervals, refusedAnyway = [] }: PortSweep): ShownInterval[] {
  return intervals.flatMap((interval): ShownInterval[] => {
    if (interval.state !== "closed") return [interval];
    const shown: ShownInterval[] = [];
    let { from } = interval;
    for (const part of refusedAnyway.filter((part) => part.to >= interval.from && part.from <= interval.to)) {
      const [first, last] = [Math.max(part.from, interval.from), Math.min(part.to, interval.to)];
      if (first > from) shown.push({ from, to: first - 1, state: "closed" });
      shown.push({ from: first, to: last, state: "refused" });
      from = last + 1;
    }
    return from > interval.to ? shown : [...shown, { from, to: interval.to, state: "closed" }];
  });
}

/**
 * One answer of all the ports from one to another, or `mixed`. Ports are tried in random order: bad news of some stands for
 * those that were not tried, good news does not.
 */
function cellOf(intervals: readonly ShownInterval[], from: number, to: number): Cell {
  const inside = intervals.filter((interval) => interval.to >= from && interval.from <= to);
  const [only = "untried", another] = new Set<Cell>(inside.map(({ state }) => state));
  if (another !== undefined) return "mixed";
  const tried = inside.reduce((sum, one) => sum + Math.min(one.to, to) - Math.max(one.from, from) + 1, 0);
  return only === "closed" && tried < to - from + 1 ? "sampled" : only;
}

/** The first and the last port under the ends of the bar, as far as both fit. */
function scaleOf({ from, to }: PortSweep, width: number): string {
  const [first, last] = [String(from), String(to)];
  const gap = width - first.length - last.length;
  if (from === to) return first;
  return gap < 1 ? `${first}-${last}` : `${first}${" ".repeat(gap)}${last}`;
}

function paint(text: string, cell: Cell, style: Style): string {
  switch (cell) {
    case "closed":
    case "sampled":
      return style.good(text);
    case "open":
    case "mixed":
      return style.warn(text);
    case "refused":
    case "filtered":
    case "rejected":
      return style.bad(text);
    case "untried":
      return style.unsure(text);
  }
}

/** What an interval's state means for FTP. */
export const MEANS: Record<Shown, string> = {
  refused: "a reset even while the server offers the port: something before it",
  closed: "reachable; the server listens there only while it offers the port",
  open: "listened on, by another service or for another session: not free for FTP",
  filtered: "no answer, twice: a firewall drops it",
  rejected: "a firewall says no (ICMP)",
};

/** Ranges as one text. */
export function rangesInWords(ranges: readonly PortRange[], atMost: number): string {
  const words = ranges.map(rangeInWords);
  return words.length <= atMost
    ? listed(words)
    : `${words.slice(0, atMost).join(", ")} and ${words.length - atMost} more`;
}
