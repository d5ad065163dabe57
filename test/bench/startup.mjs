// How long the command line takes to start, against a Node that does nothing. `npm run bench -- startup`
import process from "node:process";
import { median, PROGRAM as program, timeOf } from "./measure.mjs";

const ROUNDS = 31;
/** Goal: no more than this many times an empty Node start. */
const GOAL = 2;

/** The first one is what the others are measured against. */
const CASES = [
  { name: "node -e 0", args: ["-e", "0"] },
  { name: "ftp-doctor --version", args: [program, "--version"] },
  { name: "ftp-doctor --help", args: [program, "--help"] },
];

/** @type {number[][]} */
const times = CASES.map(() => []);
// In turns, so that a busy moment of the machine hits all alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [index, { args }] of CASES.entries()) times[index]?.push(timeOf(process.execPath, args));
}
const medians = times.map(median);
const empty = medians[0] ?? Number.NaN;
process.stdout.write(`start-up, median of ${ROUNDS} (Node ${process.version})\n`);
let missed = false;
CASES.forEach(({ name }, index) => {
  const ms = medians[index] ?? Number.NaN;
  const ratio = ms / empty;
  missed ||= ratio > GOAL;
  process.stdout.write(
    `${name.padEnd(24)}${ms.toFixed(1).padStart(7)} ms${index === 0 ? "" : `   ${ratio.toFixed(2)} x (goal: at most ${GOAL})`}\n`,
  );
});
process.exitCode = missed ? 1 : 0;
