/**
 * @typedef {object} Result
 * @property {import("./scenario.mjs").Scenario} scenario
 * @property {"ok" | "FAILED"} outcome
 * @property {number} ms of the probe alone
 * @property {import("./compare.mjs").Found | null} found null where there was no report
 * @property {import("../../src/model/report.ts").Report | null} report
 * @property {string[]} complaints what differs
 */

const HEADINGS = ["scenario", "", "seconds", "verdict", "modes", "causes"];

/**
 * The table of expected against found. A scenario takes a line; one that differs takes a second with what was found, and a line per
 * difference.
 * @param {readonly Result[]} results
 */
export function resultTable(results) {
  const rows = results.map(({ scenario, outcome, ms, found, complaints }) => {
    const head = [scenario.name, outcome, (ms / 1000).toFixed(1), ...summary(scenario.expect)];
    if (outcome === "ok") return { cells: [head], notes: [] };
    const second = ["", "", "found", ...(found === null ? ["nothing", "", ""] : summary(found))];
    return { cells: [head, second], notes: complaints.map((line) => `    ${line}`) };
  });
  return inColumns(HEADINGS, rows);
}

/**
 * @param {readonly string[]} headings
 * @param {readonly { cells: string[][], notes: string[] }[]} rows
 */
export function inColumns(headings, rows) {
  const cells = [headings, ...rows.flatMap((row) => row.cells)];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  /** @param {readonly string[]} row */
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(headings), ...rows.flatMap((row) => [...row.cells.map(line), ...row.notes])].join("\n");
}

/**
 * @param {Pick<import("./scenario.mjs").Expected, "verdict" | "causes"> & { modes: Record<string, import("./scenario.mjs").OneOf<string>> }} judged
 * @returns {string[]}
 */
function summary({ verdict, modes, causes }) {
  return [inWords(verdict), modesInShort(modes), causes.join(", ") || "-"];
}

/** @param {import("./scenario.mjs").OneOf<string>} any */
export function inWords(any) {
  return [any].flat().join(" or ");
}

/**
 * `epsv+pasv works, eprt+port refused`; rows that do not count are left out, and families and protections are named where they are not
 * the usual ones.
 * @param {Record<string, import("./scenario.mjs").OneOf<string>>} modes
 */
function modesInShort(modes) {
  /** @type {Map<string, string[]>} */
  const byResult = new Map();
  for (const [key, any] of Object.entries(modes)) {
    const result = inWords(any);
    if (result === "skipped" || result === "unsupported") continue;
    const [mode = "", protection, family] = key.split("/");
    const name = `${mode}${protection === "tls" ? "/tls" : ""}${family === "ipv6" ? "/6" : ""}`;
    byResult.set(result, [...(byResult.get(result) ?? []), name]);
  }
  return [...byResult].map(([result, names]) => `${names.join("+")} ${result}`).join(", ") || "-";
}

/**
 * The same for machines.
 * @param {readonly Result[]} results
 */
export function resultsAsJson(results) {
  return JSON.stringify(
    results.map(({ scenario: { name, title, expect }, outcome, ms, found, complaints }) => ({
      name,
      title,
      outcome,
      ms: Math.round(ms),
      expected: expect,
      found,
      complaints,
    })),
    null,
    2,
  );
}
