import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { LabProblem } from "../problem.mjs";
import { inColumns, inWords } from "../results.mjs";

/** @typedef {import("./matrix.mjs").Matrix} Matrix */
/** @typedef {import("./matrix.mjs").Row} Row */
/** @typedef {import("./totals.mjs").Totals} Totals */

const HEADINGS = ["scenario", "", "expected", "found", "remedies", "seconds"];
const README = fileURLToPath(new URL("../../../README.md", import.meta.url));
const BEGIN = "<!-- matrix -->";
const END = "<!-- /matrix -->";

/**
 * The matrix for people: a line per scenario, a line per thing that is wrong, what is not proven, and the totals.
 * @param {Matrix} matrix
 */
export function matrixTable({ rows, totals }) {
  const table = inColumns(
    HEADINGS,
    rows.map((row) => ({ cells: [cellsOf(row)], notes: notesOf(row).map((line) => `    ${line}`) })),
  );
  const unproven = totals.remedies.filter(({ outcome }) => outcome === "unproven");
  const because = unproven.map((remedy) => `  ${remedy.cause}, ${remedy.product}: ${remedy.because.join("; ")}`);
  const lines = totalLines(totals).map(([what, figure]) => `${what.padEnd(62)}${figure}`);
  return [table, "", ...(because.length === 0 ? [] : ["Not proven:", ...because, ""]), ...lines].join("\n");
}

/** @param {Row} row */
function cellsOf({ name, complaints, expected, found, proofs, ms }) {
  const inShort = (/** @type {string} */ verdict, /** @type {string[]} */ causes) =>
    `${verdict}: ${causes.join(", ") || "-"}`;
  const proven = proofs.filter(({ outcome }) => outcome === "proven").length;
  const wrong = proofs.filter(({ outcome }) => outcome === "wrong").length;
  return [
    name,
    complaints.length === 0 ? "ok" : "FAILED",
    inShort(inWords(expected.verdict), expected.causes),
    found === null ? "nothing" : complaints.length === 0 ? "the same" : inShort(found.verdict, found.causes),
    [...(proven > 0 ? [`${proven} proven`] : []), ...(wrong > 0 ? [`${wrong} WRONG`] : [])].join(", ") || "-",
    (ms / 1000).toFixed(1),
  ];
}

/** @param {Row} row */
function notesOf({ complaints, proofs, advice }) {
  const wrong = proofs.filter(({ outcome }) => outcome === "wrong");
  return [
    ...complaints,
    ...wrong.flatMap(({ cause, product, because, lines }) => [
      `remedy of ${cause} for ${product}: ${because}`,
      ...lines.map((line) => `    ${line}`),
    ]),
    ...advice.filter(({ works }) => !works).map(({ command, words }) => `advice: ${command}: ${words}`),
  ];
}

/**
 * @param {Totals} totals
 * @returns {[string, string][]}
 */
function totalLines(totals) {
  const by = (/** @type {string} */ wanted) => totals.remedies.filter(({ outcome }) => outcome === wanted).length;
  const named = (/** @type {import("./totals.mjs").Named[]} */ all) =>
    all.length === 0
      ? "0"
      : `${all.length} (${all.map(({ scenario, cause }) => `${cause} in ${scenario}`).join(", ")})`;
  const { attempts, advice } = totals;
  return [
    ["scenarios", `${totals.scenarios}`],
    ["verdict right", `${totals.verdictsRight} of ${totals.scenarios}`],
    ["right cause in first place, of those with a fault", `${totals.firstRight} of ${totals.withCause}`],
    ["causes named", `${totals.causesNamed} of ${totals.causes}`],
    ["causes missed", named(totals.missed)],
    ["causes invented", named(totals.invented)],
    ["of these on healthy servers, as a warning or worse", named(totals.inventedOnHealthy)],
    [
      "truths among the rivals, where another cause is named",
      `${totals.rivalsWithTruth} of ${totals.rivalsWithTruth + totals.rivalsWithoutTruth}`,
    ],
    ["two faults at once, all named", `${totals.twoFaultsNamed} of ${totals.twoFaults}`],
    ["remedies (a product's for a cause) proven", `${by("proven")}`],
    ["remedies wrong", `${by("wrong")}`],
    ["remedies with lines for products that the lab has not", `${by("unproven")}`],
    ["attempts at them in all scenarios", `${attempts.proven} proven, ${attempts.wrong} wrong`],
    ["commands for clients, run in the same world", `${advice.works} work, ${advice.fails} fail`],
    ["seconds", `${totals.seconds}`],
  ];
}

/**
 * The figures as they stand in README.
 * @param {Matrix} matrix
 */
export function matrixMarkdown({ rows, totals }) {
  const causes = [...new Set(rows.flatMap(({ expected }) => expected.causes))].sort();
  const body = causes.map((cause) => {
    const concerned = rows.filter(({ expected }) => expected.causes.includes(cause));
    const named = concerned.filter(({ found }) => found?.causes.includes(cause)).length;
    const proven = totals.remedies.filter((remedy) => remedy.cause === cause && remedy.outcome === "proven");
    return `| ${cause} | ${concerned.length} | ${named} | ${proven.map(({ product }) => product).join(", ") || "-"} |`;
  });
  return [
    "| | |",
    "|---|---|",
    ...totalLines(totals).map(([what, figure]) => `| ${what} | ${figure} |`),
    "",
    "| cause | scenarios | named | remedies proven, by product |",
    "|---|---|---|---|",
    ...body,
  ].join("\n");
}

/**
 * Puts the figures between their marks in README.md.
 * @param {Matrix} matrix
 */
export async function writeIntoReadme(matrix) {
  const text = await readFile(README, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new LabProblem(`README.md has no ${BEGIN} ... ${END}`);
  await writeFile(README, `${text.slice(0, begin + BEGIN.length)}\n\n${matrixMarkdown(matrix)}\n\n${text.slice(end)}`);
}
