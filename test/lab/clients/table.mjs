import { PROGRAMS } from "./programs.mjs";

/** @typedef {import("./ask.mjs").Answer} Answer */
/** @typedef {import("./ask.mjs").Asked} Asked */

/**
 * Scenario by client: what the client did, and behind `!` what was forecast where that differs.
 * @param {readonly Answer[]} answers
 */
export function clientTable(answers) {
  const headings = ["scenario", ...PROGRAMS.map(({ id }) => id)];
  const told = answers.filter(({ leftOut }) => leftOut === null);
  const rows = told.map(({ scenario, asked }) => [scenario.name, ...asked.map(cellOf)]);
  const cells = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const notes = answers.flatMap(({ scenario, leftOut }) =>
    leftOut === null ? [] : [`not asked: ${scenario.name}: ${leftOut}`],
  );
  return [...lines, ...notes, ...told.flatMap(disagreements), LEGEND].join("\n");
}

const LEGEND =
  "late: works after waiting for something to fail; hangs: no end within the limit; ?: the forecast does not tell; " +
  "-: no forecast, or the server refuses the client's way to ask for a listing";

/** @param {Asked} asked */
function cellOf({ forecast, reality, agreement }) {
  const real = inShort(reality.outcome, reality.mode);
  switch (agreement) {
    case "agrees":
      return real;
    case "DISAGREES":
      return `${real} ! ${forecast === null ? "" : inShort(forecast.outcome, forecast.mode)}`;
    case "unknown":
      return `${real} ?`;
    case "not comparable":
      return `${real} -`;
  }
}

/**
 * @param {string} outcome
 * @param {string | null} mode
 */
function inShort(outcome, mode) {
  if (outcome === "works") return mode ?? "works";
  if (outcome === "works-after-delay") return `${mode ?? "works"} late`;
  return outcome;
}

/** @param {Answer} answer */
function disagreements({ scenario, asked }) {
  return asked.flatMap(({ client, forecast, reality, agreement }) =>
    agreement !== "DISAGREES" || forecast === null
      ? []
      : [
          `DISAGREES ${scenario.name} ${client}: forecast ${inShort(forecast.outcome, forecast.mode)}, it did ` +
            `${inShort(reality.outcome, reality.mode)} in ${(reality.ms / 1000).toFixed(1)} s`,
          `    forecast: ${forecast.why}`,
          ...(reality.lastWords === "" ? [] : [`    client: ${reality.lastWords}`]),
        ],
  );
}

/**
 * How many of all questions got which answer.
 * @param {readonly Answer[]} answers
 */
export function totalsOf(answers) {
  const asked = answers.flatMap((answer) => answer.asked);
  /** @param {Asked["agreement"]} kind */
  const count = (kind) => asked.filter(({ agreement }) => agreement === kind).length;
  return {
    scenarios: answers.filter(({ leftOut }) => leftOut === null).length,
    asked: asked.length,
    agree: count("agrees"),
    disagree: count("DISAGREES"),
    unknown: count("unknown"),
    notComparable: count("not comparable"),
  };
}

/** @param {ReturnType<typeof totalsOf>} totals */
export function totalsLine({ scenarios, asked, agree, disagree, unknown, notComparable }) {
  const told = asked - unknown - notComparable;
  return (
    `${agree} of ${told} forecasts agree, ${disagree} disagree; ${unknown} unknown, ${notComparable} not comparable ` +
    `(${asked} asked, ${scenarios} scenarios)`
  );
}

/** The same for machines. @param {readonly Answer[]} answers */
export function clientsAsJson(answers) {
  const scenarios = answers.map(({ scenario: { name, title }, asked, leftOut }) => ({ name, title, leftOut, asked }));
  return JSON.stringify({ totals: totalsOf(answers), scenarios }, null, 2);
}
