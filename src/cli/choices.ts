import { DEFAULTS } from "../model/defaults.ts";
import { familyOf } from "../model/endpoint.ts";
import type { PortsPlan, Requirement } from "../model/evidence.ts";
import { isPassive, MODES, type Mode } from "../model/mode.ts";
import type { FormatName } from "../reporters/index.ts";
import { type Arguments, flagOf, textOf, textsOf, wordOf, wordsOf } from "./arguments.ts";
import type { CredentialChoices, Invocation, ProbeChoices, ReportChoices, ReportDestination } from "./invocation.ts";
import { UsageProblem } from "./problem.ts";
import { LATER_COMMANDS, laterCommand, PASSWORD_SHOWN } from "./unknown-option.ts";
import {
  familiesOf,
  readAddress,
  readName,
  readNames,
  readNumber,
  readPorts,
  readResolve,
  readWhole,
  shown,
} from "./values.ts";

/** Every format; the type makes a forgotten one a compile error. */
const FORMATS = Object.keys({
  table: true,
  json: true,
  ndjson: true,
  evidence: true,
  message: true,
} satisfies Record<FormatName, true>) as FormatName[];

/** What `--require` may name. */
const REQUIREMENTS: readonly Requirement[] = [...MODES, "passive", "active", "tls", "ipv6", "upload"];

/** What `ports` may ask for offers. */
const PASSIVE = MODES.filter(isPassive);

const TIMEOUT_S = { min: 0.1, max: 600, unit: "seconds" };
const DEADLINE_S = { min: 0.1, max: 86_400, unit: "seconds" };
const INTERVAL_S = { min: 1, max: 3_600, unit: "seconds" };
/** Hosting firewalls ban after five connections in five minutes, and one run makes two. */
const WATCH_INTERVAL_MS = 300_000;
const WATCH_INTERVAL_S = { min: 10, max: 86_400, unit: "seconds" };
/** One for each port that is tried at most, where nobody says otherwise. */
const LOGINS_FOR_CALLS = 33;
const LONGEST_PATH = 1_024;
const PORT = { min: 0, max: 65_535, what: "a port (0 for any free one)" };

/** Reads the arguments of the command that was chosen. Throws `UsageProblem`. */
export function invocationOf({ command, args }: { command: string; args: Arguments }): Invocation {
  const noColor = flagOf(args, "no-color");
  switch (command) {
    case "probe":
      return {
        command,
        targets: targetsOf(args),
        probe: probeChoices(args),
        caFile: textOf(args, "ca-file"),
        credentials: credentialChoices(args),
        report: reportChoices(args),
      };
    case "watch":
      return watchChoices(args);
    case "ports":
      return {
        command,
        targets: targetsOf(args),
        probe: portsChoices(args),
        caFile: textOf(args, "ca-file"),
        credentials: credentialChoices(args),
        report: reportChoices(args),
      };
    case "diagnose": {
      const files = wordsOf(args, "file", "the name of a file is empty; ftp-doctor diagnose FILE...");
      if (files.length === 0) throw new UsageProblem("name a file: ftp-doctor diagnose FILE...");
      if (files.filter((file) => file === "-").length > 1)
        throw new UsageProblem("standard input can be read only once");
      return { command, files, report: reportChoices(args) };
    }
    case "render": {
      const file = wordOf(args, "file", "the name of the file is empty; ftp-doctor render FILE --format NAME");
      if (file === null) throw new UsageProblem("name a file: ftp-doctor render FILE --format NAME");
      return { command, file, report: reportChoices(args) };
    }
    case "explain":
      return { command, id: wordOf(args, "id", "the id is empty; ftp-doctor explain lists the findings"), noColor };
    case "simulate":
      return {
        command,
        faults: wordsOf(args, "fault", "the name of a fault is empty; ftp-doctor simulate --list shows them"),
        list: flagOf(args, "list"),
        host: readAddress("--host", textOf(args, "host") ?? "127.0.0.1"),
        port: readWhole("--port", textOf(args, "port") ?? "0", PORT),
      };
    case "demo":
      return { command, noColor, noProgress: flagOf(args, "no-progress") };
    case "schema":
      return { command };
    default:
      throw new Error(`no such command: ${command}`);
  }
}

function targetsOf(args: Arguments): string[] {
  const targets = textsOf(args, "target");
  const [first] = targets;
  if (first === undefined) {
    throw new UsageProblem("name a target, such as ftp-doctor ftp.example.com; ftp-doctor --help shows more");
  }
  // Where `probe` was typed the user means a host of that name.
  const typed = Array.isArray(args["_"]) && args["_"][0] !== undefined;
  if (!typed && LATER_COMMANDS.includes(first)) throw laterCommand(first);
  return targets;
}

function probeChoices(args: Arguments): ProbeChoices {
  const modes = readNames("--modes", textOf(args, "modes") ?? MODES.join(","), MODES);
  const families = familiesOf(readName("--family", textOf(args, "family") ?? "auto", ["auto", "4", "6"]));
  const timeout = textOf(args, "timeout");
  const deadline = textOf(args, "deadline");
  const activeAddress = textOf(args, "active-address");
  const activePorts = textOf(args, "active-ports");
  const source = textOf(args, "source-address");
  const sourceAddress = source === null ? null : readAddress("--source-address", source);
  if (sourceAddress !== null && !families.includes(familyOf(sourceAddress))) {
    throw new UsageProblem(`--source-address ${sourceAddress} cannot reach the addresses that --family asks for`);
  }
  return {
    modes,
    // An address of one family cannot be connected from one of the other.
    families: sourceAddress === null ? families : [familyOf(sourceAddress)],
    required: requirements(args, modes),
    security: security(args),
    insecure: flagOf(args, "insecure"),
    extraRoots: null,
    allowCleartext: flagOf(args, "allow-cleartext"),
    timeoutMs: timeout === null ? DEFAULTS.timeoutMs : 1000 * readNumber("--timeout", timeout, TIMEOUT_S),
    timeoutGiven: timeout !== null,
    samples: samples(args, modes),
    writeDirectory: writeDirectory(args, modes),
    holdSeconds: holdSeconds(args),
    tlsMatrix: underTls(args, "tls-matrix"),
    ccc: underTls(args, "ccc"),
    ...rounds(args),
    ports: null,
    calledAt: null,
    deadlineMs: deadline === null ? null : 1000 * readNumber("--deadline", deadline, DEADLINE_S),
    activeAddress: activeAddress === null ? null : readAddress("--active-address", activeAddress),
    activePorts: activePorts === null ? null : readPorts("--active-ports", activePorts),
    sourceAddress,
    resolve: readResolve("--resolve", textsOf(args, "resolve")),
    maxSessions: readWhole("--max-sessions", textOf(args, "max-sessions") ?? String(DEFAULTS.maxSessions), {
      min: 1,
      max: 16,
      what: "how many",
    }),
    maxLogins: readWhole("--max-logins", textOf(args, "max-logins") ?? String(DEFAULTS.maxLogins), {
      min: 1,
      max: 100,
      what: "how many",
    }),
  };
}

function watchChoices(args: Arguments): Extract<Invocation, { command: "watch" }> {
  const target = textOf(args, "target");
  if (target === null) throw new UsageProblem("name a target: ftp-doctor watch TARGET");
  const count = textOf(args, "count");
  const interval = textOf(args, "interval");
  // The option means another thing to the probe itself.
  const { interval: _, ...own } = args;
  return {
    command: "watch",
    target,
    probe: probeChoices(own),
    caFile: textOf(args, "ca-file"),
    credentials: credentialChoices(args),
    intervalMs: interval === null ? WATCH_INTERVAL_MS : 1000 * readNumber("--interval", interval, WATCH_INTERVAL_S),
    count: count === null ? null : readWhole("--count", count, { min: 1, max: 1_000_000, what: "how many runs" }),
    format: readName("--format", textOf(args, "format") ?? "table", ["table", "ndjson"]),
    failOn: readName("--fail-on", textOf(args, "fail-on") ?? "degraded", ["degraded", "broken"]),
    noColor: flagOf(args, "no-color"),
    noProgress: flagOf(args, "no-progress"),
  };
}

/** The choices of a probe, with those that only `ports` has; what it does not ask is left out. */
function portsChoices(args: Arguments): ProbeChoices {
  const modes = readNames("--modes", textOf(args, "modes") ?? PASSIVE.join(","), PASSIVE);
  const choices = probeChoices({ ...args, modes: modes.join(",") });
  const { activePorts: calledAt } = choices;
  if (calledAt === null) return { ...choices, ports: portsPlan(args) };
  return {
    ...choices,
    calledAt,
    activePorts: null,
    // Who asks for the one alone is told of the one alone.
    ports: textOf(args, "range") === null && textOf(args, "rate") === null ? null : portsPlan(args),
    // A port that nobody calls costs a session: the server goes on calling behind our back.
    maxLogins: textOf(args, "max-logins") === null ? LOGINS_FOR_CALLS : choices.maxLogins,
  };
}

function portsPlan(args: Arguments): PortsPlan {
  const range = textOf(args, "range");
  const rate = textOf(args, "rate");
  const concurrency = textOf(args, "concurrency");
  const idle = rate !== null ? "rate" : concurrency !== null ? "concurrency" : null;
  if (range === null && idle !== null) {
    throw new UsageProblem(`--${idle} is about a sweep; name the ports to sweep with --range A-B`);
  }
  return {
    range: range === null ? null : readPorts("--range", range),
    rate: rate === null ? DEFAULTS.sweepRate : sweepRate(rate),
    concurrency:
      concurrency === null
        ? null
        : readWhole("--concurrency", concurrency, { min: 1, max: 20_000, what: "how many at a time" }),
  };
}

function sweepRate(text: string): number | null {
  if (text === "max") return null;
  if (/^\d+$/.test(text)) return readWhole("--rate", text, { min: 1, max: 100_000, what: "how many a second" });
  throw new UsageProblem(`--rate ${shown(text)}: write how many ports to try in a second, from 1 to 100000, or max`);
}

/** A question that only TLS raises. */
function underTls(args: Arguments, name: string): boolean {
  if (flagOf(args, name) && security(args) === "none") {
    throw new UsageProblem(`--${name} and --security none contradict each other; give one of them`);
  }
  return flagOf(args, name);
}

function samples(args: Arguments, modes: readonly Mode[]): number | null {
  const text = textOf(args, "samples");
  if (text === null) return null;
  needsPassive("--samples", modes);
  return readWhole("--samples", text, { min: 1, max: 100, what: "how many ports" });
}

function rounds(args: Arguments): Pick<ProbeChoices, "repeat" | "intervalMs"> {
  const repeat = textOf(args, "repeat");
  const interval = textOf(args, "interval");
  if (interval !== null && repeat === null) {
    throw new UsageProblem("--interval needs --repeat N, the rounds between which it lies");
  }
  return {
    repeat: repeat === null ? 1 : readWhole("--repeat", repeat, { min: 2, max: 100, what: "how many rounds" }),
    intervalMs: interval === null ? DEFAULTS.intervalMs : 1000 * readNumber("--interval", interval, INTERVAL_S),
  };
}

function holdSeconds(args: Arguments): number | null {
  const text = textOf(args, "hold");
  return text === null ? null : readWhole("--hold", text, { min: 1, max: 86_400, what: "how many seconds" });
}

function writeDirectory(args: Arguments, modes: readonly Mode[]): string | null {
  const text = textOf(args, "write");
  if (text === null) return null;
  needsPassive("--write", modes);
  if (!isPath(text)) {
    throw new UsageProblem(`--write ${shown(text)}: write a directory on the server, such as --write /incoming`);
  }
  return text;
}

/** FTP carries no line breaks in a path, and servers no longer ones. */
function isPath(text: string): boolean {
  return (
    text !== "" &&
    text.length <= LONGEST_PATH &&
    ![...text].some((character) => character < " " || character === "\x7f")
  );
}

function needsPassive(option: string, modes: readonly Mode[]): void {
  if (modes.some(isPassive)) return;
  throw new UsageProblem(
    `${option} needs a passive mode, which --modes ${modes.join(",")} leaves out; add epsv or pasv`,
  );
}

function security(args: Arguments): ProbeChoices["security"] {
  const text = textOf(args, "security");
  if (text === null) return null;
  return readName("--security", text, ["auto", "explicit", "implicit", "none"] as const);
}

function requirements(args: Arguments, modes: readonly Mode[]): Requirement[] | null {
  const text = textOf(args, "require");
  if (text === null) return null;
  const required = readNames("--require", text, REQUIREMENTS);
  if (required.includes("upload") && textOf(args, "write") === null) {
    throw new UsageProblem("--require upload needs --write DIR, the directory on the server in which to try it");
  }
  const kinds: Readonly<Record<string, readonly Mode[]>> = { passive: ["epsv", "pasv"], active: ["eprt", "port"] };
  for (const name of required) {
    const any = kinds[name] ?? (isMode(name) ? [name] : modes);
    if (!modes.some((mode) => any.some((wanted) => wanted === mode))) {
      throw new UsageProblem(
        `--require ${name} asks for what --modes ${modes.join(",")} leaves out; require what is tried`,
      );
    }
  }
  if (required.includes("ipv6") && textOf(args, "family") === "4") {
    throw new UsageProblem("--require ipv6 asks for what --family 4 leaves out; require what is tried");
  }
  if (required.includes("tls") && security(args) === "none") {
    throw new UsageProblem("--require tls asks for what --security none leaves out; require what is tried");
  }
  return required;
}

function isMode(name: Requirement): name is Mode {
  return MODES.some((mode) => mode === name);
}

function credentialChoices(args: Arguments): CredentialChoices {
  const choices = {
    user: textOf(args, "user"),
    passwordFile: textOf(args, "password-file"),
    netrc: flagOf(args, "netrc"),
  };
  // Not echoed: what stands behind the colon is a password.
  if (choices.user?.includes(":")) {
    throw new UsageProblem(`--user takes the name alone; a password behind a colon ${PASSWORD_SHOWN}`);
  }
  if (choices.netrc && choices.passwordFile !== null) {
    throw new UsageProblem("--netrc and --password-file both say where the password is; give one of them");
  }
  return choices;
}

function reportChoices(args: Arguments): ReportChoices {
  const quiet = flagOf(args, "quiet");
  const verbose = flagOf(args, "verbose");
  if (quiet && verbose) throw new UsageProblem("--quiet and --verbose contradict each other; give one of them");
  if (quiet && flagOf(args, "clients")) {
    throw new UsageProblem("--quiet and --clients contradict each other; give one of them");
  }
  return {
    destinations: destinations(args),
    verbose,
    quiet,
    clients: flagOf(args, "clients"),
    noColor: flagOf(args, "no-color"),
    noProgress: flagOf(args, "no-progress"),
    failOn: readName("--fail-on", textOf(args, "fail-on") ?? "degraded", ["degraded", "broken"]),
  };
}

/** `--format` goes to `--output` or to standard output; every `--report` is written besides. */
function destinations(args: Arguments): ReportDestination[] {
  const format = textOf(args, "format");
  const output = textOf(args, "output");
  const extra = textsOf(args, "report").map(readReport);
  const list = [...extra];
  // `--report json=-` alone puts that report where the table would stand.
  if (format !== null || output !== null || !extra.some(({ file }) => file === null)) {
    list.unshift({
      format: readName("--format", format ?? "table", FORMATS),
      file: output === null || output === "-" ? null : output,
    });
  }
  const seen = new Set<string | null>();
  for (const { file } of list) {
    if (seen.has(file)) {
      throw new UsageProblem(
        `two reports cannot both go to ${file === null ? "standard output" : shown(file)}; name a file for each`,
      );
    }
    seen.add(file);
  }
  return list;
}

function readReport(text: string): ReportDestination {
  const at = text.indexOf("=");
  const file = text.slice(at + 1);
  if (at < 1 || file === "") {
    throw new UsageProblem(`--report ${shown(text)}: write NAME=FILE, such as --report json=run.json`);
  }
  return { format: readName("--report", text.slice(0, at), FORMATS), file: file === "-" ? null : file };
}
