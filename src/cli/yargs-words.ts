import type { Arguments } from "./arguments.ts";

/** yargs takes a lone `-` for an option without a name, and `help` at the end for `--help`. */
const MISREAD: readonly string[] = ["-", "help"];
/** Put before them; no word of a command line can hold it. */
const STAND_IN = "\0";

/** Makes yargs take every word as it is meant; behind `--`, which it loses with what follows, nothing is an option. */
export function guard(argv: readonly string[]): string[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv
    .filter((_, index) => index !== end)
    .map((word, index) => (MISREAD.includes(word) || (index >= end && word.startsWith("-")) ? STAND_IN + word : word));
}

/** Undoes that in what yargs made of the words. */
export function restore(args: Arguments): Arguments {
  const back = (value: unknown) => (typeof value === "string" ? value.replace(STAND_IN, "") : value);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, Array.isArray(value) ? value.map(back) : back(value)]),
  );
}

/** `help` and `help COMMAND` are other words for `--help`. */
export function helpAsOption(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}
