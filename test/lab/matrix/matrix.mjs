import { performance } from "node:perf_hooks";
import { INSTALLED } from "../proving/installed.mjs";
import { plan, prove as proveOne, tryAdvice } from "../proving/prove.mjs";
import { judge, sideBySide } from "../runner.mjs";
import { totalsOf } from "./totals.mjs";

/**
 * The confusion matrix: what every scenario is, what was found, and what became of the remedies.
 * @typedef {object} Matrix
 * @property {Row[]} rows
 * @property {import("./totals.mjs").Totals} totals
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} title
 * @property {import("../scenario.mjs").Expected} expected
 * @property {import("../compare.mjs").Found | null} found null where there was no report
 * @property {string[]} complaints what differs; empty where all is right
 * @property {import("../proving/prove.mjs").Proof[]} proofs
 * @property {Advice[]} advice
 * @property {number} ms of the first probe
 *
 * @typedef {object} Advice
 * @property {string} command for whoever uses a client, as the report has it
 * @property {boolean} works
 * @property {string} words the client's last
 */

/**
 * @param {readonly import("../scenario.mjs").Scenario[]} scenarios
 * @param {import("../stage.mjs").Context} context
 * @param {{ keep: string | null, lanes: number, prove: boolean, say: (line: string) => void }} options
 * @returns {Promise<Matrix>}
 */
export async function runMatrix(scenarios, context, { keep, lanes, prove, say }) {
  const begun = performance.now();
  /** @type {Advice[][]} */
  const advice = scenarios.map(() => []);
  const judged = await sideBySide([...scenarios.entries()], lanes, async ([index, scenario]) => {
    const result = await judge(scenario, context, keep, async (report, stage) => {
      if (prove && isAlone(report, scenario)) advice[index] = await tryAdvice(report, stage);
    });
    say(`${result.outcome.padEnd(6)} ${scenario.name} ${(result.ms / 1000).toFixed(1)} s`);
    return result;
  });
  // Planned in the scenarios' order once all is known, so that the same remedies are tried in the same worlds in every run.
  /** @type {Set<string>} */
  const seen = new Set();
  const plans = judged.map(({ scenario, report }) =>
    prove && report !== null ? plan(scenario, report, seen) : { tasks: [], untried: [] },
  );
  const tasks = plans.flatMap((one) => one.tasks);
  const proofs = await sideBySide([...tasks.entries()], lanes, async ([number, task]) => {
    const proof = await proveOne(task, context, number);
    say(`${proof.outcome.padEnd(8)} ${proof.product} for ${proof.cause} in ${task.scenario.name} ${proof.because}`);
    return proof;
  });
  const rows = judged.map(({ scenario, found, complaints, ms }, index) => ({
    name: scenario.name,
    title: scenario.title,
    expected: scenario.expect,
    found,
    complaints,
    proofs: [...proofs.filter((_, number) => tasks[number]?.scenario === scenario), ...(plans[index]?.untried ?? [])],
    advice: advice[index] ?? [],
    ms,
  }));
  return { rows, totals: totalsOf(rows, performance.now() - begun) };
}

/**
 * Whether advice for a client can be held to its word: beside another fault it may still fail, and a scripted server knows no curl.
 * @param {import("../../../src/model/report.ts").Report} report
 * @param {import("../scenario.mjs").Scenario} scenario
 */
function isAlone({ findings }, { server }) {
  const real = Object.values(INSTALLED).some(({ product }) => product === server?.product);
  return real && findings.filter(({ role }) => role === "cause").length === 1;
}
