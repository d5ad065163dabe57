import type { ClientForecast } from "../model/report.ts";
import { GAP, type Grid } from "./mode-rows.ts";
import type { Style } from "./style.ts";
import { displayWidth } from "./wrap.ts";

/** Widest that the column of names becomes; longer names take a second line. */
const NAME_AT_MOST = 26;

/** The outcome in one word that fits a column. */
const RESULT: Record<ClientForecast["outcome"], string> = {
  works: "works",
  "works-after-delay": "waits",
  fails: "fails",
  unknown: "unknown",
};

/** What clients would do, as a table: a `waits` is a client that works after a delay. */
export function clientGrid(clients: readonly ClientForecast[], width: number): Grid {
  const names = Math.min(NAME_AT_MOST, Math.max(...clients.map(({ name }) => displayWidth(name))));
  const results = Math.max(...Object.values(RESULT).map((word) => word.length));
  return {
    head: ["Client", "Result", "Why"],
    rows: clients.map(({ name, outcome, why, setting }) => [
      name,
      RESULT[outcome],
      setting === null ? why : `${why}\nHelps: ${setting}`,
    ]),
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
