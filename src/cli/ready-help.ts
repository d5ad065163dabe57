import { realFiles } from "../system/files.ts";
import { FileProblem } from "../system/ports.ts";
import { readBuiltFile } from "./package-file.ts";

/**
 * The help that the build has taken from yargs' own output, or null where it is not there: then yargs is asked.
 * Reading it takes a fraction of the time that yargs needs to load and to lay it out.
 */
export async function readyHelp(argv: readonly string[]): Promise<string | null> {
  const name = helpName(argv);
  if (name === null) return null;
  try {
    return await readBuiltFile(`help/${name}.txt`, realFiles);
  } catch (error) {
    if (error instanceof FileProblem) return null;
    throw error;
  }
}

/** Which help is asked for where nothing else is: `--help`, `help`, `COMMAND --help`, `help COMMAND`; null otherwise. */
function helpName(argv: readonly string[]): string | null {
  const [first = "", second] = argv;
  if (argv.length === 1 && (first === "help" || isHelp(first))) return "ftp-doctor";
  if (argv.length !== 2 || second === undefined) return null;
  const command = isHelp(second) ? first : first === "help" ? second : "";
  return /^[a-z]+$/.test(command) && command !== "help" ? command : null;
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}
