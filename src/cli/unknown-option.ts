import { UsageProblem } from "./problem.ts";
import { didYouMean } from "./suggestion.ts";

/** What to say of a password on the command line. */
export const PASSWORD_SHOWN =
  "would show the password to everybody on this machine; use --password-file, --netrc, FTP_DOCTOR_PASSWORD or the prompt";
const WHICH_TLS =
  "TLS is used where it is offered; --security explicit or implicit asks for one kind, and so do ftpes:// and ftps://";
const LATER = "is not in this version";
const PROXY = "a probe through a proxy would measure the proxy; ftp-doctor probes from this machine itself";

/** Options that people know from elsewhere, or from what is planned, and what to do instead. */
const KNOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  password: `--password ${PASSWORD_SHOWN}`,
  pass: `--pass ${PASSWORD_SHOWN}`,
  p: `-p ${PASSWORD_SHOWN}`,
  proxy: `--proxy: ${PROXY}`,
  socks5: `--socks5: ${PROXY}`,
  tls: `--tls: ${WHICH_TLS}`,
  ssl: `--ssl: ${WHICH_TLS}`,
  anonymize: `--anonymize ${LATER}`,
};

/** Commands of later versions: taken for host names they would give a puzzling answer. */
export const LATER_COMMANDS: readonly string[] = ["serve", "audit"];

/** The options there are. */
export interface KnownOptions {
  /** Names of the options of each command. */
  commands: ReadonlyMap<string, readonly string[]>;
  /** Names of those that take no value. */
  flags: readonly string[];
}

/** Options of every command. */
const EVERYWHERE = ["help", "version"];

/**
 * Refuses what yargs would trip over or take silently: options named like what every object has, a value behind a flag,
 * and help for a command of a later version. Throws `UsageProblem`.
 */
export function refuseMisuse(argv: readonly string[], known: KnownOptions): void {
  const words = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  for (const word of words) {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    if (name in Object.prototype) throw unknownArgument([name], argv, known);
    const flag = [...known.flags, ...EVERYWHERE, "h", "V"].includes(name);
    if (flag && value !== undefined && value !== "true" && value !== "false") {
      throw new UsageProblem(`${word.slice(0, word.indexOf("="))} takes no value; leave the = and what follows out`);
    }
  }
  const rest = words.filter((word) => word !== "--help" && word !== "-h");
  if (rest.length < words.length && rest[0] !== undefined && LATER_COMMANDS.includes(rest[0])) {
    throw laterCommand(rest[0]);
  }
}

/** The answer to a command that is only planned. */
export function laterCommand(name: string): UsageProblem {
  return new UsageProblem(`the command ${name} ${LATER} (to probe a host of that name: ftp-doctor probe ${name})`);
}

/**
 * The message for what yargs did not know. Values are never echoed, nor is the rest of a short option: either may be
 * a password.
 */
export function unknownArgument(names: readonly string[], argv: readonly string[], known: KnownOptions): UsageProblem {
  const name = names[0] ?? "";
  const typed = argv.find((word) => word.startsWith("-") && word.replace(/^-+/, "").split("=", 1)[0] === name);
  if (typed === undefined) return new UsageProblem("too many arguments; ftp-doctor --help shows what there is");
  const short = !typed.startsWith("--");
  const key = short ? name.slice(0, 1) : name;
  const elsewhere = Object.hasOwn(KNOWN_ELSEWHERE, key) ? KNOWN_ELSEWHERE[key] : undefined;
  if (elsewhere !== undefined) return new UsageProblem(elsewhere);
  const command = commandOf(argv, known);
  const own = [...(known.commands.get(command) ?? []), ...EVERYWHERE];
  if (!short && !own.includes(key) && [...known.commands.values()].some((options) => options.includes(key))) {
    if (command === "probe" && key === "port") {
      return new UsageProblem("--port does not belong to probe; write HOST:21, with the port behind the host");
    }
    return new UsageProblem(`--${key} does not belong to ${command}; ftp-doctor ${command} --help lists what does`);
  }
  return new UsageProblem(
    `unknown option ${short ? "-" : "--"}${key}${(short ? "" : didYouMean(key, own, "--")) || "; ftp-doctor --help lists the options"}`,
  );
}

/** The command that is asked for. */
function commandOf(argv: readonly string[], known: KnownOptions): string {
  const first = argv[firstWord(argv, known)];
  return first !== undefined && known.commands.has(first) ? first : "probe";
}

/** Where the first word is that is neither an option nor the value of one; -1 where there is none. */
function firstWord(argv: readonly string[], { flags }: KnownOptions): number {
  const takesValue = (word: string | undefined) =>
    word !== undefined && /^--[^=]+$/.test(word) && ![...flags, ...EVERYWHERE].includes(word.slice(2));
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv.findIndex((word, index) => index < end && !word.startsWith("-") && !takesValue(argv[index - 1]));
}

/** The command before the options, wherever it was typed: yargs finds it only there, and takes it for a target elsewhere. */
export function commandFirst(argv: readonly string[], known: KnownOptions): readonly string[] {
  const at = firstWord(argv, known);
  const word = argv[at];
  if (at <= 0 || word === undefined || !(known.commands.has(word) || word === "help")) return argv;
  return [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
}
