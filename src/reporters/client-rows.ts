import type { ClientForecast } from "../model/report.ts";
import { GAP, type Grid } from "./mode-rows.ts";
import type { Style } from "./style.ts";
import { displayWidth } from "./wrap.ts";

/** Widest that the column of names becomes; longer ones take more lines. */
const NAME_AT_MOST = 30;

/** The outcome in one word that fits a column. */
const RESULT: Record<ClientForecast["outcome"], string> = {
  works: "works",
  "works-after-delay": "waits",
  fails: "fails",
  unknown: "unknown",
};

/** What clients would do, as a table: those with the same story share a row; `waits` is a client that works after a delay. */
export function clientGrid(clients: readonly ClientForecast[], width: number): Grid {
  const rows = new Map<string, [names: string, result: string, why: string]>();
  for (const { name, outcome, why, setting } of clients) {
    const story = setting === null ? why : `${why}\nHelps: ${setting}`;
    const key = `${outcome} ${story}`;
    const names = rows.get(key)?.[0];
    rows.set(key, [names === undefined ? name : `${names}, ${name}`, RESULT[outcome], story]);
  }
  const names = Math.min(NAME_AT_MOST, Math.max(...[...rows.values()].map(([cell]) => displayWidth(cell))));
  const results = Math.max(...Object.values(RESULT).map((word) => word.length));
  return {
    head: ["Client", "Result", "Why"],
    rows: [...rows.values()],
    widths: [names, results, width - names - results - 2 * GAP],
    result: 1,
  };
}

/** A result of this table, coloured. */
export function paintClient(word: string, style: Style): string {
  switch (word) {
    case RESULT.works:
      return style.good(word);
    case RESULT["works-after-delay"]:
      return style.warn(word);
    case RESULT.fails:
      return style.bad(word);
    default:
      return style.unsure(word);
  }
}
