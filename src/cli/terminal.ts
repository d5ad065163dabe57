import type { Io, OutputStream } from "./io.ts";

/** Where the terminal's width is not known. */
const DEFAULT_WIDTH = 80;
/** Lines longer than this are hard to read, however wide the terminal is. */
const MAX_WIDTH = 100;
/** A narrower terminal wraps by itself; the tables of a report take 60 columns at least. */
const MIN_WIDTH = 40;

/** Whether text on this stream may be coloured: `--no-color`, NO_COLOR, FORCE_COLOR, then the terminal decides. */
export function wantsColor(stream: OutputStream, env: Io["env"], noColor: boolean): boolean {
  if (noColor || (env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Columns to write for: the terminal's, or those that COLUMNS names where there is none, or one that knows no width (0). */
export function widthOf({ stdout, env }: Pick<Io, "stdout" | "env">): number {
  const told = /^\d+$/.test(env["COLUMNS"] ?? "") ? Number(env["COLUMNS"]) : 0;
  return Math.max(MIN_WIDTH, Math.min(stdout.columns || told || DEFAULT_WIDTH, MAX_WIDTH));
}

/**
 * Whether the terminal shows ASCII alone, as far as its locale tells (POSIX: LC_ALL, then LC_CTYPE, then LANG, the first that is
 * set). Where none is set, and on Windows, whose consoles have no locale, UTF-8 is taken for granted.
 */
export function isAscii({ env, platform }: Pick<Io, "env" | "platform">): boolean {
  if (platform === "win32") return false;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale !== undefined && !/utf-?8/i.test(locale);
}
