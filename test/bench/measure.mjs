import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const PROGRAM = fileURLToPath(new URL("../../bin/ftp-doctor.js", import.meta.url));

/**
 * Milliseconds from start to end of a process.
 * @param {string} program
 * @param {string[]} args
 */
export function timeOf(program, args) {
  return runTimed(program, args).ms;
}

/**
 * Runs a process and takes its time.
 * @param {string} program
 * @param {string[]} args
 */
export function runTimed(program, args) {
  const began = performance.now();
  const { status, stdout } = spawnSync(program, args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}; is dist/ built?`);
  return { ms, stdout };
}

/** @param {number[]} values */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** An empty Node start. */
export const EMPTY_NODE = { program: process.execPath, args: ["-e", "0"] };
