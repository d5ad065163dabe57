import { UsageProblem } from "./problem.ts";

/** Arguments as yargs leaves them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The value of an option that is given once at most; null where it is not given. */
export function textOf(args: Arguments, name: string): string | null {
  const value = args[name];
  if (value === undefined) return null;
  if (Array.isArray(value)) throw new UsageProblem(`--${name} is given twice; give it once`);
  const text = String(value);
  if (text === "") throw new UsageProblem(`--${name} has no value; ftp-doctor --help shows which it takes`);
  return text;
}

/** A word that is no option's value; null where none is given. `advice` says what belongs there, should it be empty. */
export function wordOf(args: Arguments, name: string, advice: string): string | null {
  const [word] = wordsOf(args, name, advice);
  return word ?? null;
}

/** The same for as many words as are given. */
export function wordsOf(args: Arguments, name: string, advice: string): string[] {
  const words = textsOf(args, name);
  // What a script put there was most likely a variable without a value.
  if (words.includes("")) throw new UsageProblem(advice);
  return words;
}

/** The values of a repeatable option or positional, in order. */
export function textsOf(args: Arguments, name: string): string[] {
  const value = args[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Whether a flag is given. Twice is as good as once. */
export function flagOf(args: Arguments, name: string): boolean {
  const value = args[name];
  return Array.isArray(value) ? value.includes(true) : value === true;
}
