import type { Argv, Options } from "yargs";
import { failOn, noProgress, portsOptions, probeOptions, reportOptions, watchOptions } from "./options.ts";

const PORTS_END = `On an idle server a closed port is the good answer: it can be reached, and the
server listens there only while it offers it. Silence and ICMP errors are a
firewall's. An open port belongs to another service, and FTP cannot use it. A
firewall that answers with resets looks like closed ports: offers tell then.

Exit codes: 0 every port can be reached, 1 a part, 2 none, 3 it could not be told
or wrong usage, 130 interrupted.`;

/** A command, as yargs is told of it. */
export interface CommandDefinition {
  /** Its name with its positionals. */
  usage: string;
  /** What it does, in a line. */
  describe: string;
  /** By name. */
  options: Record<string, Options>;
  /** Positionals and examples. */
  build(parser: Argv): Argv;
}

const asText = { type: "string" } as const;
/** Every command, by name. */
export const commands: Readonly<Record<string, CommandDefinition>> = {
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
