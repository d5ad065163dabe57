import { spawn } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { lessAccidents } from "./accidents.mjs";
import { SERVER } from "./addresses.mjs";
import { differences, foundIn } from "./compare.mjs";
import { askCurl } from "./curl.mjs";
import { probe } from "./probe.mjs";
import { LabProblem } from "./problem.mjs";
import { runToEnd } from "./processes.mjs";
import { onStage } from "./stage.mjs";

/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./stage.mjs").Context} Context */
/** @typedef {import("./stage.mjs").Stage} Stage */

/**
 * Probes one scenario with the built command line and compares.
 * @param {Scenario} scenario
 * @param {Context} context
 * @param {string | null} keep folder for what there is to look at afterwards
 * @param {(report: import("../../src/model/report.ts").Report, stage: Stage) => Promise<void>} [whileUp] what else is to be done on this stage
 * @returns {Promise<import("./results.mjs").Result>}
 */
export async function judge(scenario, context, keep, whileUp = async () => {}) {
  try {
    return await onStage(scenario, context, async (stage) => {
      const { ended, argv, run, complaints } = await probe(scenario, stage, context.accounts.password);
      const report = run?.reports?.[0];
      const found = report === undefined ? null : lessAccidents(foundIn(report), report, scenario.server?.product);
      const all = [...complaints, ...(found === null ? [] : differences(scenario.expect, found))];
      if (keep !== null) await keepOutput(join(keep, scenario.name), stage, { ...ended, argv });
      if (report !== undefined) await whileUp(report, stage);
      return {
        scenario,
        outcome: all.length === 0 ? "ok" : "FAILED",
        ms: ended.ms,
        found,
        report: report ?? null,
        complaints: all,
      };
    });
  } catch (error) {
    if (!(error instanceof LabProblem)) throw error;
    const complaints = [`the lab itself: ${error.message}`];
    return { scenario, outcome: "FAILED", ms: 0, found: null, report: null, complaints };
  }
}

/**
 * @param {string} folder
 * @param {Stage} stage
 * @param {{ stdout: string, stderr: string, argv: string[] }} probed
 */
async function keepOutput(folder, stage, { stdout, stderr, argv }) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "command.txt"), `${argv.join(" ")}\n`);
  await writeFile(join(folder, "report.json"), stdout);
  await writeFile(join(folder, "stderr.txt"), stderr);
  for (const host of hostsOf(stage)) {
    const { stdout: rules } = await runToEnd(stage.world.argvIn(host, ["nft", "list", "ruleset"]));
    if (rules !== "") await writeFile(join(folder, `${host}.nft`), rules);
  }
  // The accounts' hashes stay behind.
  const filter = (/** @type {string} */ path) => !path.includes("/server/etc");
  await cp(join(stage.folder, "server"), join(folder, "server"), { recursive: true, force: true, filter }).catch(
    () => {},
  );
}

/** @param {Stage} stage */
function hostsOf({ world }) {
  return /** @type {import("./topology.mjs").HostName[]} */ (Object.keys(world.namespaces));
}

/**
 * Lets curl say what it thinks of one scenario.
 * @param {Scenario} scenario
 * @param {Context} context
 * @returns {Promise<{ agrees: boolean, text: string }>}
 */
export async function compareWithCurl(scenario, context) {
  const { rows, agrees } = await onStage(scenario, context, (stage) =>
    askCurl(scenario, stage, context.accounts.password),
  );
  const lines = Object.entries(rows).map(([row, { agrees: same, saw }]) => {
    const expected = scenario.expect.modes[row] ?? "no session";
    return `    ${same ? "  " : "NO"} ${row} ${expected}: ${saw}`;
  });
  return { agrees, text: [`${agrees ? "ok" : "FAILED"}  ${scenario.name}`, ...lines].join("\n") };
}

/**
 * Keeps a scenario up for as long as an interactive shell runs where its client stands.
 * @param {Scenario} scenario
 * @param {Context} context
 */
export async function openShell(scenario, context) {
  await onStage(scenario, context, async (stage) => {
    process.stderr.write(`${whatIsWhere(scenario, stage, context)}\n`);
    const [program = "", ...args] = stage.asClient([process.env["SHELL"] ?? "/bin/sh"]);
    const shell = spawn(program, args, { stdio: "inherit", env: { ...process.env, PS1: `${scenario.name}$ ` } });
    await new Promise((resolve) => shell.once("exit", resolve).once("error", resolve));
  });
}

/**
 * @param {Scenario} scenario
 * @param {Stage} stage
 * @param {Context} context
 */
function whatIsWhere({ name, title, server, target, login, expect }, stage, { accounts }) {
  const hosts = hostsOf(stage).map((host) => `  ${host.padEnd(7)} ip netns exec ${stage.world.namespaces[host]} ...`);
  return [
    `${name}: ${title}`,
    `expected: ${[expect.verdict].flat().join(" or ")}${expect.causes.length === 0 ? "" : `, ${expect.causes.join(", ")}`}`,
    `This shell stands where the client is. The hosts, from another terminal:`,
    ...hosts,
    `server: ${server === null ? "none" : `${server.product}, its files in ${join(stage.folder, "server")}`}`,
    ...(login === undefined ? [] : [`account: ${login.user}, right password ${accounts.password}`]),
    `probe: node bin/ftp-doctor.js probe ${target ?? SERVER}`,
    "Everything is taken down when the shell ends.",
  ].join("\n");
}

/**
 * Does `work` on every item, `lanes` at a time, and answers in the items' order.
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} lanes
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
export async function sideBySide(items, lanes, work) {
  /** @type {R[]} */
  const results = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
