// Runs every test there is and adds them up: `npm test`. Works after test/setup.mjs.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "ftp-doctor-test-"));
const bin = (/** @type {string} */ name) => join(root, "node_modules", name);
/** @type {string[]} */
const leftOut = [];

/** @type {[string, () => Promise<Counts>][]} */
const parts = [
  ["lint", () => check([bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."])],
  ["types", () => check([bin("typescript/bin/tsc"), "--noEmit"])],
  ["unit", unit],
  ["lab", lab],
];

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];
try {
  for (const [name, run] of parts) {
    process.stdout.write(`\n=== ${name}\n`);
    const began = performance.now();
    const counts = await run();
    const seconds = Math.round((performance.now() - began) / 1000);
    lines.push(`${name.padEnd(8)}${inWords(counts)} in ${seconds} s`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`\n=== sum\n${lines.join("\n")}\n`);
for (const what of leftOut) process.stdout.write(`\nLEFT OUT: ${what}\n`);
process.stdout.write(`\n${inWords(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** @param {Counts} counts */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * A tool that either passes or does not.
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function check(args) {
  const { code } = await node(args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** @returns {Promise<Counts>} */
async function unit() {
  const results = join(scratch, "unit.json");
  const { code } = await node([
    bin("vitest/vitest.mjs"),
    "run",
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${results}`,
  ]);
  const counts = unitCounts(results);
  // A file that could not even be loaded, or an error beside the tests, is no failed test but a failure all the same.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {string} file
 * @returns {Counts}
 */
function unitCounts(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(file, "utf8"));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The lab says itself where it is not possible; its last line counts. @returns {Promise<Counts>} */
async function lab() {
  const { code, output } = await node(["test/lab/run.mjs", "--all"]);
  const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(output) ?? [];
  if (passed === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const counts = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
  if (counts.skipped > 0) {
    const why = /NOT RUN: (.*)/.exec(output)?.[1] ?? "not judged right yet, named above";
    leftOut.push(`${counts.skipped} scenarios of the network lab (real servers, firewalls and NAT): ${why}`);
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * Runs a Node program, showing and keeping what it prints.
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function node(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (/** @type {Buffer} */ chunk, /** @type {NodeJS.WriteStream} */ to) => {
      output += chunk;
      to.write(chunk);
    };
    child.stdout.on("data", (chunk) => keep(chunk, process.stdout));
    child.stderr.on("data", (chunk) => keep(chunk, process.stderr));
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error.message}` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
