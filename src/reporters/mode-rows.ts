import type { ModeSummary, Report } from "../model/report.ts";
import { FAMILY } from "../model/words.ts";
import { happened, recordOf, said } from "./attempt-words.ts";
import { wasUnderTls } from "./tls-lines.ts";
import { displayWidth } from "./wrap.ts";

/** Blanks between two columns. */
export const GAP = 2;
/** Columns that "what happened" gets at least before the column of endpoints is narrowed. */
const STORY_AT_LEAST = 28;
/** An IPv4 endpoint without its port: the narrowest that an endpoint column becomes. */
const ENDPOINT_AT_LEAST = 15;

/** In less than this the story's words break on every line: there the table rather grows wider than the terminal. */
const STORY_NARROWEST = 20;
/** Widest that the columns before the endpoints become: an IPv4 address fits, a long IPv6 address takes a second line. */
const CELL_AT_MOST = 22;

/** A table as text, and how wide each column may be. */
export interface Grid {
  /** Headings of the columns; a line feed parts the lines of one. */
  head: string[];
  /** Rows from the top, each with one text per column. */
  rows: string[][];
  /** Columns per column, blanks between them not counted. */
  widths: number[];
  /** Index of the column that holds the result. */
  result: number;
}

interface Column {
  head: string;
  cell(row: ModeSummary): string;
  /** Widest that the column may become. */
  atMost: number;
}

/** The mode table: columns that say the same in every row are left out. */
export function modeGrid(report: Report, width: number): Grid {
  const { modes, evidence } = report;
  const before = [
    column("Mode", (row) => row.mode.toUpperCase()),
    ...(protectionIsNews(report) ? [column("Data", protection)] : []),
    ...addressColumn(modes),
    column("Result", (row) => row.result),
  ];
  const taken = before.reduce((sum, each) => sum + natural(each, modes) + GAP, 0);
  const endpoints = column(
    "Server said /\nwe offered",
    said,
    Math.max(ENDPOINT_AT_LEAST, width - taken - GAP - STORY_AT_LEAST),
  );
  // The heading takes two lines; only the endpoints decide the width.
  const endpointWidth = Math.max(ENDPOINT_AT_LEAST, natural({ ...endpoints, head: "" }, modes));
  const story = column("What happened", (row) => happened(row, recordOf(row, evidence)));
  const columns = [...before, endpoints, story];
  return {
    head: columns.map(({ head }) => head),
    rows: modes.map((row) => columns.map(({ cell }) => cell(row))),
    widths: [
      ...before.map((each) => natural(each, modes)),
      endpointWidth,
      Math.max(STORY_NARROWEST, width - taken - endpointWidth - GAP),
    ],
    result: before.length - 1,
  };
}

function column(head: string, cell: Column["cell"], atMost = CELL_AT_MOST): Column {
  return { head, cell, atMost };
}

function protection(row: ModeSummary): string {
  return row.protection === "tls" ? "TLS" : "clear";
}

/** Two protections, or data in clear below lines that show TLS: without the column it would pass for protected. */
function protectionIsNews(report: Report): boolean {
  const shown = report.modes.map(({ protection: own }) => own);
  return distinct(shown) > 1 || (shown.includes("clear") && wasUnderTls(report));
}

/** Nothing for one address, the family where it tells the addresses apart, otherwise the address itself. */
function addressColumn(modes: readonly ModeSummary[]): Column[] {
  const addresses = distinct(modes.map(({ address }) => address));
  if (addresses < 2) return [];
  return addresses === distinct(modes.map(({ family }) => family))
    ? [column("Via", (row) => FAMILY[row.family])]
    : [column("Address", (row) => row.address)];
}

function distinct(values: readonly string[]): number {
  return new Set(values).size;
}

function natural({ head, cell, atMost }: Column, modes: readonly ModeSummary[]): number {
  return Math.min(atMost, Math.max(...[head, ...modes.map(cell)].map(displayWidth)));
}
