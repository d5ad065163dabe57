import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { Accounts } from "./accounts.mjs";
import { Certificates } from "./certificates.mjs";
import { cleanUpOnEveryExit, undoOnExit } from "./clean-up.mjs";
import { askClients } from "./clients/ask.mjs";
import { CLIENT_SCENARIOS } from "./clients/scenarios.mjs";
import { setUpClients } from "./clients/setup.mjs";
import { clientsAsJson, clientTable, totalsLine, totalsOf } from "./clients/table.mjs";
import { OWN_PREFIX, sweepLeftovers } from "./leftovers.mjs";
import { runMatrix } from "./matrix/matrix.mjs";
import { matrixTable, writeIntoReadme } from "./matrix/show.mjs";
import { writeOutputs } from "./outputs.mjs";
import { assertBuilt } from "./probe.mjs";
import { LabNotPossibleHere, LabProblem } from "./problem.mjs";
import { resultsAsJson, resultTable } from "./results.mjs";
import { resumptionTable, writeResumptionIntoReadme } from "./resumption.mjs";
import { compareWithCurl, judge, openShell, sideBySide } from "./runner.mjs";
import { SCENARIOS } from "./scenarios/index.mjs";
import { NOT_BUILT } from "./scenarios/not-built.mjs";
import { OPEN } from "./scenarios/open.mjs";
import { setUp } from "./setup.mjs";

const USAGE = `npm run lab                     lists the scenarios
npm run lab -- NAME...          runs some; * stands for anything
npm run lab -- --all            runs all
npm run lab -- --matrix [NAME]  runs all (or some), proves the remedies, and counts what was right
npm run lab -- --shell NAME     opens a shell where the client of a scenario stands

--json              results as JSON
--no-proofs         with --matrix: leaves the remedies untried
--readme            with --matrix: writes its figures into README.md
--keep-output DIR   keeps each scenario's report, rulesets and server files
--concurrency N     scenarios side by side; default: five for each core
--curl              asks curl instead of ftp-doctor: does each scenario show what it claims?
--clients           runs real FTP clients beside ftp-doctor: do they do what its forecast says? Without names, where they differ
--resumption        measures how the three servers resume TLS on data connections; with --readme: writes the table into README.md
--outputs           writes what the tool prints in the scenarios that README.md shows into it; with names, in those alone
--setup             installs what the lab needs and ends`;

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./stage.mjs").Context} Context */

/** @returns {Promise<number>} exit code */
async function main() {
  const { values, positionals } = readArguments();
  if (values.help) return print(USAGE);
  const names = values.clients && positionals.length === 0 ? CLIENT_SCENARIOS : positionals;
  const everything = values.all || (values.matrix && positionals.length === 0);
  const chosen = everything ? SCENARIOS : [...new Set(names.flatMap(named))];
  if (chosen.length === 0 && !values.setup && !values.resumption && !values.outputs) {
    return print(listing());
  }
  cleanUpOnEveryExit({ keepInterrupt: values.shell === true });
  try {
    const packages = await setUp(say);
    if (values.setup) return 0;
    sweepLeftovers();
    const folder = await makeFolder();
    const certificates = new Certificates(join(folder, "certificates"));
    const context = { packages, folder, accounts: await Accounts.make(), certificates };
    return await act(chosen, context, values);
  } catch (error) {
    if (!(error instanceof LabNotPossibleHere)) throw error;
    say(`NOT RUN: ${error.message}. Left out: everything with real servers, firewalls and NAT.`);
    return print(`0 passed, 0 failed, ${chosen.length} skipped`);
  }
}

function listing() {
  const scenarios = SCENARIOS.map(({ name, title }) => `${name.padEnd(40)} ${title}`);
  const missing = NOT_BUILT.map(({ id, reason }) => `${id.padEnd(40)} ${reason}`);
  return [...scenarios, "", "Faults of the catalogue that are in no scenario:", ...missing, "", USAGE].join("\n");
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        all: { type: "boolean" },
        matrix: { type: "boolean" },
        "no-proofs": { type: "boolean" },
        readme: { type: "boolean" },
        outputs: { type: "boolean" },
        shell: { type: "boolean" },
        json: { type: "boolean" },
        curl: { type: "boolean" },
        clients: { type: "boolean" },
        resumption: { type: "boolean" },
        setup: { type: "boolean" },
        help: { type: "boolean" },
        "keep-output": { type: "string" },
        concurrency: { type: "string" },
      },
    });
  } catch (error) {
    throw new LabProblem(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The scenarios of a name; `*` stands for anything.
 * @param {string} name
 */
function named(name) {
  const pattern = new RegExp(`^${name.replace(/[^\w*-]/g, "\\$&").replaceAll("*", ".*")}$`);
  const matching = SCENARIOS.filter((scenario) => pattern.test(scenario.name));
  if (matching.length === 0) throw new LabProblem(`no scenario is called ${name}; npm run lab lists them`);
  return matching;
}

/** Servers enter it as users of their own, so it lies where everybody may go; the project's folder may be closed to them. */
async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), `${OWN_PREFIX}-`));
  undoOnExit(() => rmSync(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

/**
 * @param {Scenario[]} chosen
 * @param {Context} context
 * @param {ReturnType<typeof readArguments>["values"]} values
 * @returns {Promise<number>}
 */
async function act(chosen, context, values) {
  const [first, ...others] = chosen;
  if (values.shell && first !== undefined) {
    if (others.length > 0) throw new LabProblem("--shell takes one scenario");
    await openShell(first, context);
    return 0;
  }
  const lanes = lanesOf(values.concurrency);
  if (values.curl) {
    const asked = chosen.filter(({ ownDecision }) => ownDecision !== true);
    const opinions = await sideBySide(asked, lanes, (scenario) => compareWithCurl(scenario, context));
    print(opinions.map(({ text }) => text).join("\n"));
    return close(opinions.filter(({ agrees }) => agrees).length, asked.length);
  }
  assertBuilt();
  if (values.resumption) {
    const table = await resumptionTable(context, say);
    if (values.readme) await writeResumptionIntoReadme(table);
    return print(table);
  }
  if (values.outputs) {
    await writeOutputs(
      SCENARIOS,
      context,
      chosen.map(({ name }) => name),
    );
    return 0;
  }
  const keep = values["keep-output"] === undefined ? null : resolve(values["keep-output"]);
  if (values.clients) {
    const basicFtp = await setUpClients(say);
    const answers = await sideBySide(chosen, lanes, async (scenario) => {
      const answer = await askClients(scenario, context, basicFtp, keep);
      say(`${scenario.name}: ${totalsLine(totalsOf([answer]))}`);
      return answer;
    });
    print(values.json ? clientsAsJson(answers) : `${clientTable(answers)}\n${totalsLine(totalsOf(answers))}`);
    return Number(totalsOf(answers).disagree > 0);
  }
  if (values.matrix) {
    if (values.readme && chosen.length < SCENARIOS.length)
      throw new LabProblem("README.md gets the figures of all scenarios");
    const options = { keep, lanes, prove: values["no-proofs"] !== true, say };
    const matrix = await runMatrix(chosen, context, options);
    if (values.readme) await writeIntoReadme(matrix);
    print(values.json ? JSON.stringify(matrix, null, 2) : matrixTable(matrix));
    return values.json
      ? Number(matrix.totals.wrong > 0)
      : close(matrix.totals.right, matrix.totals.right + matrix.totals.wrong);
  }
  const judged = async (/** @type {Scenario} */ scenario, where = context, kept = keep) => {
    const result = await judge(scenario, where, kept);
    say(`${result.outcome.padEnd(6)} ${scenario.name} ${(result.ms / 1000).toFixed(1)} s`);
    return result;
  };
  const results = await sideBySide(chosen, lanes, (scenario) => judged(scenario));
  const failed = [...results.entries()].filter(([, { outcome }]) => outcome !== "ok");
  if (failed.length > 0 && failed.length <= TRIED_AGAIN) {
    say(`once more, one at a time, for a busy machine lets limits pass: ${failed.length}`);
    const again = { ...context, folder: await makeFolder() };
    // Beside what was kept of the first try, which alone shows what went wrong.
    const kept = keep === null ? null : join(keep, "again");
    for (const [index, { scenario }] of failed) results[index] = await judged(scenario, again, kept);
  }
  const passed = results.filter(({ outcome }) => outcome === "ok").length;
  const open = results.filter(({ outcome, scenario }) => outcome !== "ok" && scenario.name in OPEN);
  for (const { scenario } of open) say(`not right yet: ${scenario.name}: ${OPEN[scenario.name]}`);
  const wrong = results.length - passed - open.length;
  print(values.json ? resultsAsJson(results) : resultTable(results));
  return values.json ? Number(wrong > 0) : close(passed, passed + wrong, open.length);
}

/** Where more than this many fail, it is no matter of a busy machine. */
const TRIED_AGAIN = 80;

/**
 * How many scenarios run side by side. They wait more than they work: for limits to pass, mostly.
 * @param {string | undefined} asked
 */
function lanesOf(asked) {
  if (asked === undefined) return 5 * availableParallelism();
  if (!/^[1-9]\d?$/.test(asked)) throw new LabProblem(`--concurrency takes a number from 1 to 99, not ${asked}`);
  return Number(asked);
}

/**
 * The line that counts.
 * @param {number} passed
 * @param {number} total
 * @param {number} [skipped] known not to be right yet
 */
function close(passed, total, skipped = 0) {
  print(`${passed} passed, ${total - passed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return Number(passed < total);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`lab: ${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LabProblem)) throw error;
  say(error.message);
  process.exitCode = 1;
}
