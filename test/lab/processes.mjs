import { spawn } from "node:child_process";
import { LabProblem } from "./problem.mjs";

/**
 * @typedef {object} Ended
 * @property {number | null} code exit code; null when a signal ended it
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} overdue it was ended because `limitMs` had passed
 * @property {number} ms how long it ran
 */

/**
 * Runs a program to its end and answers, whatever its exit code.
 * @param {readonly string[]} argv program and arguments
 * @param {{ input?: string, env?: NodeJS.ProcessEnv, limitMs?: number, cwd?: string | undefined }} [options]
 * @returns {Promise<Ended>}
 */
export function runToEnd(argv, { input, env = process.env, limitMs = 120_000, cwd } = {}) {
  const begun = performance.now();
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
    let overdue = false;
    const limit = setTimeout(() => {
      overdue = true;
      child.kill("SIGKILL");
    }, limitMs);
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    child.on("error", (error) => {
      clearTimeout(limit);
      reject(new LabProblem(`cannot run ${program}: ${error.message}`));
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code, stdout: out(), stderr: err(), overdue, ms: performance.now() - begun });
    });
    // A program that reads no input may be gone before it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

/**
 * Runs a program that must succeed; a failure is a `LabProblem` with the program's own last words.
 * @param {readonly string[]} argv
 * @param {Parameters<typeof runToEnd>[1]} [options]
 * @returns {Promise<string>} its standard output
 */
export async function runOrFail(argv, options) {
  const ended = await runToEnd(argv, options);
  if (ended.code === 0) return ended.stdout;
  const words = `${ended.stderr}\n${ended.stdout}`.split("\n").filter((line) => line.trim() !== "");
  const why = words.find((line) => /^(E:|Error|error)/.test(line)) ?? words.at(-1) ?? `exit code ${ended.code}`;
  throw new LabProblem(`${argv.slice(0, 6).join(" ")}: ${why.trim()}`);
}

/** @param {import("node:stream").Readable} stream */
function collect(stream) {
  /** @type {Buffer[]} */
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
