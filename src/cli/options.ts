import type { Argv } from "yargs";
import yargs from "yargs/yargs";
import { TOOL } from "../model/tool.ts";
import type { Arguments } from "./arguments.ts";
import { invocationOf } from "./choices/choose.ts";
import { commands } from "./help/commands.ts";
import type { Invocation } from "./invocation.ts";
import { UsageProblem } from "./problem.ts";
import { commandFirst, type KnownOptions, refuseMisuse, unknownArgument } from "./unknown-option.ts";
import { guard, helpAsOption, restore } from "./yargs-words.ts";

/** Help is written for this width: it is read in terminals, in mails and in issues. */
const HELP_WIDTH = 80;

const HELP_END = `A TARGET is HOST, USER@HOST, HOST:PORT, an IPv6 address, [IPv6]:PORT,
ftp://USER@HOST/PATH, ftpes://HOST (explicit TLS) or ftps://HOST (implicit TLS,
port 990). One that is named like a command: ftp-doctor probe NAME.

The password comes from --password-file, from --netrc, from the environment
variable FTP_DOCTOR_PASSWORD or from a prompt, in this order.

Exit codes: 0 healthy, 1 degraded, 2 broken, 3 undetermined or wrong usage,
130 interrupted. With several targets the worst wins.`;

/** Names that are not taken for targets. */
export const COMMANDS: readonly string[] = [...Object.keys(commands), "help"];

/** What the misuse of an option is judged by. */
const KNOWN: KnownOptions = {
  commands: new Map(Object.entries(commands).map(([name, { options }]) => [name, Object.keys(options)])),
  flags: Object.values(commands).flatMap(({ options }) =>
    Object.keys(options).filter((name) => options[name]?.type === "boolean"),
  ),
};

/** Thrown once a command is chosen: yargs would write its help text next, unasked, which takes longer than the parsing. */
const CHOSEN = Symbol("chosen");

/** Reads the command line. Throws `UsageProblem` where it cannot be followed. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const asked = helpAsOption(commandFirst(argv, KNOWN));
  refuseMisuse(asked, KNOWN);
  const words = guard(asked);
  let chosen: { command: string; args: Arguments } | null = null;
  const parser = yargs([])
    .locale("en")
    .scriptName("ftp-doctor")
    .usage("$0 [probe] TARGET...\n\nFinds out why FTP does not work and says what to change.")
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "short-option-groups": false,
    })
    .help("help", "show help; after a command, its own")
    .alias("help", "h")
    .version("version", "show the version", TOOL.version)
    .alias("version", "V")
    .showHelpOnFail(false)
    .exitProcess(false)
    .wrap(HELP_WIDTH)
    .epilogue(HELP_END)
    .strict();
  hideTypes(parser);
  for (const [command, { usage, describe, options, build }] of Object.entries(commands)) {
    const names = command === "probe" ? [usage, "$0"] : [usage];
    parser.command(
      names,
      describe,
      (one) => build(one).options(options),
      (args) => {
        chosen = { command, args: restore(args) };
        throw CHOSEN;
      },
    );
  }
  let output = "";
  let problem: Error | undefined;
  try {
    void parser.parse([...words], {}, (error, _args, printed) => {
      problem = error;
      output = printed;
    });
  } catch (thrown) {
    if (thrown !== CHOSEN) throw thrown;
  }
  if (problem) throw usageProblem(problem.message, words);
  if (output !== "") return { command: "print", text: `${output}\n` };
  if (chosen === null) throw new UsageProblem("nothing to do; ftp-doctor --help shows what there is");
  return invocationOf(chosen);
}

/** That a file name is a [string] tells nobody anything. The type declarations do not know the method yet. */
function hideTypes(parser: Argv): void {
  const { usageConfiguration } = parser as Argv & { usageConfiguration?(configuration: object): unknown };
  usageConfiguration?.call(parser, { "hide-types": true });
}

/** Turns a complaint of yargs, which may have several lines and no advice, into ours. */
function usageProblem(message: string, argv: readonly string[]): UsageProblem {
  const [, unknown] = /^Unknown (?:arguments?|commands?): (.*)$/m.exec(message) ?? [];
  if (unknown !== undefined) return unknownArgument(unknown.split(", "), argv, KNOWN);
  const [, lacking] = /^Not enough arguments following: (.*)$/m.exec(message) ?? [];
  if (lacking !== undefined) return new UsageProblem(`--${lacking} needs a value; ftp-doctor --help shows which`);
  return new UsageProblem(`${message}; ftp-doctor --help shows what there is`);
}
