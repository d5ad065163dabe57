import type { Argv, Options } from "yargs";
import yargs from "yargs/yargs";
import { DEFAULTS } from "../model/defaults.ts";
import { TOOL } from "../model/tool.ts";
import type { Arguments } from "./arguments.ts";
import { invocationOf } from "./choices.ts";
import type { Invocation } from "./invocation.ts";
import { UsageProblem } from "./problem.ts";
import { type KnownOptions, refuseMisuse, unknownArgument } from "./unknown-option.ts";

/** Help is written for this width: it is read in terminals, in mails and in issues. */
const HELP_WIDTH = 80;

const text = (group: string, describe: string): Options => ({ type: "string", requiresArg: true, group, describe });
const several = (group: string, describe: string): Options => ({ ...text(group, describe), array: true });
const flag = (group: string, describe: string): Options => ({ type: "boolean", group, describe });

const LOGIN = "Login:";
const TRIES = "What to try:";
const LIMITS = "Limits:";
const NETWORK = "Network:";
const REPORT = "Report:";

const reportOptions: Record<string, Options> = {
  format: text(REPORT, "table, json, ndjson, evidence or message (a text to forward); default table"),
  output: text(REPORT, "write the report to this file instead of standard output"),
  report: several(REPORT, "NAME=FILE: also write the report in format NAME to FILE; may be repeated"),
  verbose: flag(REPORT, "add every remedy in full, the transcript of every session and every rule's answer"),
  clients: flag(REPORT, "add what common FTP clients would do with this server"),
  quiet: flag(REPORT, "one line per target, no progress"),
  "no-color": flag(REPORT, "no colour; NO_COLOR and FORCE_COLOR are honoured"),
};

const failOn: Record<string, Options> = {
  "fail-on": text(REPORT, "degraded or broken: from where on the exit code is not 0; default degraded"),
};

const noProgress: Record<string, Options> = {
  "no-progress": flag(REPORT, "no progress on standard error"),
};

const loginOptions: Record<string, Options> = {
  user: text(LOGIN, "login name for targets that name none; anonymous without it"),
  "password-file": text(LOGIN, "file whose first line is the password, - for standard input"),
  netrc: flag(LOGIN, "look login and password up in ~/.netrc, or in the file that NETRC names"),
  "allow-cleartext": flag(LOGIN, "send real credentials in clear although the server offers TLS"),
  insecure: flag(LOGIN, "send real credentials over TLS whose certificate cannot be verified"),
};

const connectOptions: Record<string, Options> = {
  security: text(
    TRIES,
    "auto, explicit, implicit or none: how to secure the connections; default auto, TLS where offered",
  ),
  "ca-file": text(TRIES, "file with further root certificates in PEM"),
  family: text(TRIES, "auto, 4 or 6: addresses to probe; default auto"),
};

const limitOptions: Record<string, Options> = {
  timeout: text(LIMITS, "seconds that one step may take; default 10"),
  deadline: text(LIMITS, "seconds that the whole run may take; default none"),
  "max-logins": text(LIMITS, "login attempts per address; default 5"),
};

const networkOptions: Record<string, Options> = {
  "source-address": text(NETWORK, "local address to connect from"),
  resolve: several(NETWORK, "HOST:ADDRESS: use this address instead of asking DNS; may be repeated"),
};

const probeOptions: Record<string, Options> = {
  ...loginOptions,
  ...connectOptions,
  modes: text(TRIES, "data channel modes to try; default epsv,pasv,eprt,port"),
  require: text(
    TRIES,
    "what must work: epsv, pasv, eprt, port, passive, active, tls, ipv6, upload; default is one passive mode",
  ),
  samples: text(TRIES, "passive ports to ask for in each mode; default some, and only where one failed"),
  write: text(TRIES, "directory on the server in which to write files of up to 1 MB and delete them; default none"),
  hold: text(TRIES, "seconds to leave a control connection idle, to see whether it survives; default none"),
  "tls-matrix": flag(TRIES, "try everything about TLS (versions, resumption, PROT C), also where nothing failed"),
  ccc: flag(TRIES, "after a login under TLS, go back to a control connection in clear (CCC) and list once"),
  repeat: text(
    TRIES,
    "rounds in all, 2 to 100: tries the modes again on fresh connections and counts how often each works; every round costs one control connection and one login per address and protection",
  ),
  interval: text(
    TRIES,
    "seconds from one round to the next; default 5; at servers whose firewall bans after five connections in five minutes take 150",
  ),
  ...limitOptions,
  "max-sessions": text(LIMITS, "control connections open at once per address; default 2"),
  "active-address": text(NETWORK, "address to put into PORT and EPRT instead of the local one"),
  "active-ports": text(NETWORK, "A-B: local ports to listen on for active modes; default any"),
  ...networkOptions,
  ...reportOptions,
  ...failOn,
  ...noProgress,
};

const portsOptions: Record<string, Options> = {
  range: text(TRIES, "A-B: the server's passive range; every port of it is tried. Without it, only offers tell"),
  samples: text(TRIES, "passive ports to ask for in each mode, default 12; of --active-ports so many, default 32"),
  "active-ports": text(
    TRIES,
    "A-B: local ports that the server is let call one by one (active mode); one that no call reaches costs a control connection and a login",
  ),
  "active-address": text(NETWORK, "address to let the server call instead of the local one"),
  modes: text(TRIES, "passive modes to ask for offers; default epsv,pasv"),
  ...connectOptions,
  rate: text(LIMITS, `ports to try in a second, or max for no limit; default ${DEFAULTS.sweepRate}`),
  concurrency: text(LIMITS, "ports to try at a time; default as many as the rate needs"),
  ...limitOptions,
  ...loginOptions,
  ...networkOptions,
  ...reportOptions,
  ...failOn,
  ...noProgress,
};

/** What a watch has no use for: follow-ups that take long or write, and reports in files. */
const NOT_WATCHED = [
  ...["samples", "write", "hold", "tls-matrix", "ccc", "repeat", "interval"],
  ...["format", "output", "report", "verbose", "clients", "quiet"],
];
const watchOptions: Record<string, Options> = {
  interval: text(
    TRIES,
    "seconds from one run to the next, at least 10; default 300: hosting firewalls ban after five connections in five minutes, and a run makes two",
  ),
  count: text(TRIES, "runs to make; default until Ctrl+C"),
  format: text(REPORT, "table (a line per change) or ndjson (a report per run); default table"),
  ...Object.fromEntries(Object.entries(probeOptions).filter(([name]) => !NOT_WATCHED.includes(name))),
};

const HELP_END = `A TARGET is HOST, USER@HOST, HOST:PORT, an IPv6 address, [IPv6]:PORT,
ftp://USER@HOST/PATH, ftpes://HOST (explicit TLS) or ftps://HOST (implicit TLS,
port 990). One that is named like a command: ftp-doctor probe NAME.

The password comes from --password-file, from --netrc, from the environment
variable FTP_DOCTOR_PASSWORD or from a prompt, in this order.

Exit codes: 0 healthy, 1 degraded, 2 broken, 3 undetermined or wrong usage,
130 interrupted. With several targets the worst wins.`;

const PORTS_END = `On an idle server a closed port is the good answer: it can be reached, and the
server listens there only while it offers it. Silence and ICMP errors are a
firewall's. An open port belongs to another service, and FTP cannot use it. A
firewall that answers with resets looks like closed ports: offers tell then.

Exit codes: 0 every port can be reached, 1 a part, 2 none, 3 it could not be told
or wrong usage, 130 interrupted.`;

/** A command, as yargs is told of it. */
interface CommandDefinition {
  usage: string;
  describe: string;
  options: Record<string, Options>;
  /** Positionals and examples. */
  build(parser: Argv): Argv;
}

const asText = { type: "string" } as const;
const commands: Record<string, CommandDefinition> = {
  probe: {
    usage: "probe [target..]",
    describe: "probe and diagnose",
    options: probeOptions,
    build: (parser) =>
      parser
        .positional("target", { ...asText, describe: "server to probe" })
        .example("$0 ftp.example.com", "which modes work, and why not")
        .example("$0 web1@HOST", "log in; asks for the password")
        .example("$0 ftpes://HOST --require tls", "data connections under TLS, or exit code 2")
        .example("$0 HOST --format json", "the report for a program")
        .example("$0 HOST --report json=run.json", "keep the run, to judge it again later"),
  },
  watch: {
    usage: "watch [target]",
    describe: "probe again and again; a line per change, a summary in the end",
    options: watchOptions,
    build: (parser) =>
      parser
        .positional("target", { ...asText, describe: "server to probe; the exit code is that of the worst run" })
        .example("$0 watch HOST", "every five minutes, until Ctrl+C")
        .example("$0 watch HOST --interval 60 --count 30", "half an hour, and its exit code")
        .example("$0 watch HOST --format ndjson", "a report per line, for a program"),
  },
  ports: {
    usage: "ports [target]",
    describe: "map the passive ports: which are offered, which of a range can be reached",
    options: portsOptions,
    build: (parser) =>
      parser
        .positional("target", { ...asText, array: true, describe: "server to ask" })
        .epilogue(PORTS_END)
        .example("$0 ports ftp.example.com", "which ports the server offers, and whether they open")
        .example("$0 ports HOST --range 49152-65534", "every port of the range; 16,383 take a minute and a half")
        .example("$0 ports HOST --active-ports 50000-50100", "which local ports the server can call")
        .example("$0 ports HOST --range 40000-40100 --rate max", "in your own network, without a pause"),
  },
  diagnose: {
    usage: "diagnose [file..]",
    describe: "judge saved evidence or a saved report again",
    options: { ...reportOptions, ...failOn },
    build: (parser) =>
      parser
        .positional("file", {
          ...asText,
          array: true,
          describe: "json, ndjson or evidence written by probe; - for standard input",
        })
        .example("$0 diagnose run.json", "judge with the rules of this version"),
  },
  render: {
    usage: "render [file]",
    describe: "a saved report in another format",
    options: reportOptions,
    build: (parser) =>
      parser
        .positional("file", { ...asText, describe: "json or ndjson written by probe; - for standard input" })
        .example("$0 render run.json --verbose", "the table with the transcript"),
  },
  explain: {
    usage: "explain [id]",
    describe: "what a finding means and how to mend it; without ID, the list",
    options: { "no-color": reportOptions["no-color"] ?? {} },
    build: (parser) =>
      parser.positional("id", { ...asText, describe: "id of a finding, such as pasv-private-address" }),
  },
  simulate: {
    usage: "simulate [fault..]",
    describe: "run the built-in server, healthy or with named faults",
    options: {
      list: { type: "boolean", describe: "list the faults" },
      host: { ...asText, requiresArg: true, describe: "address to listen on; default 127.0.0.1" },
      port: { ...asText, requiresArg: true, describe: "port to listen on; default any free one" },
    },
    build: (parser) =>
      parser.positional("fault", {
        ...asText,
        array: true,
        describe: "name of a fault, NAME=VALUE where it takes one; --list shows them",
      }),
  },
  demo: {
    usage: "demo",
    describe: "start built-in servers, a healthy one and three sick ones, and diagnose them",
    options: { "no-color": reportOptions["no-color"] ?? {}, ...noProgress },
    build: (parser) => parser,
  },
  schema: {
    usage: "schema",
    describe: "print the JSON Schema of the report",
    options: {},
    build: (parser) => parser,
  },
};

/** Names that are not taken for targets. */
export const COMMANDS: readonly string[] = [...Object.keys(commands), "help"];

/** What the misuse of an option is judged by. */
const KNOWN: KnownOptions = {
  commands: new Map(Object.entries(commands).map(([name, { options }]) => [name, Object.keys(options)])),
  flags: Object.values(commands).flatMap(({ options }) =>
    Object.keys(options).filter((name) => options[name]?.type === "boolean"),
  ),
};

/** Reads the command line. Throws `UsageProblem` where it cannot be followed. */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const asked = helpAsOption(argv);
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
      },
    );
  }
  let output = "";
  let problem: Error | undefined;
  void parser.parse([...words], {}, (error, _args, printed) => {
    problem = error;
    output = printed;
  });
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

/** yargs takes a lone `-` for an option without a name, and `help` at the end for `--help`. */
const MISREAD: readonly string[] = ["-", "help"];
/** Put before them; no word of a command line can hold it. */
const STAND_IN = "\0";

/** Makes yargs take every word as it is meant; behind `--`, which it loses with what follows, nothing is an option. */
function guard(argv: readonly string[]): string[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv
    .filter((_, index) => index !== end)
    .map((word, index) => (MISREAD.includes(word) || (index >= end && word.startsWith("-")) ? STAND_IN + word : word));
}

function restore(args: Arguments): Arguments {
  const back = (value: unknown) => (typeof value === "string" ? value.replace(STAND_IN, "") : value);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, Array.isArray(value) ? value.map(back) : back(value)]),
  );
}

/** `help` and `help COMMAND` are other words for `--help`. */
function helpAsOption(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}

/** Turns a complaint of yargs, which may have several lines and no advice, into ours. */
function usageProblem(message: string, argv: readonly string[]): UsageProblem {
  const [, unknown] = /^Unknown (?:arguments?|commands?): (.*)$/m.exec(message) ?? [];
  if (unknown !== undefined) return unknownArgument(unknown.split(", "), argv, KNOWN);
  const [, lacking] = /^Not enough arguments following: (.*)$/m.exec(message) ?? [];
  if (lacking !== undefined) return new UsageProblem(`--${lacking} needs a value; ftp-doctor --help shows which`);
  return new UsageProblem(`${message}; ftp-doctor --help shows what there is`);
}
