import { DEFAULTS } from "../../model/defaults.ts";
import { familyOf } from "../../model/endpoint.ts";
import type { Requirement } from "../../model/evidence.ts";
import { isPassive, MODES, type Mode } from "../../model/mode.ts";
import { type Arguments, flagOf, textOf, textsOf } from "../arguments.ts";
import type { ProbeChoices } from "../invocation.ts";
import { UsageProblem } from "../problem.ts";
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
} from "../values.ts";

/** What `--require` may name. */
const REQUIREMENTS: readonly Requirement[] = [...MODES, "passive", "active", "tls", "ipv6", "upload"];

const TIMEOUT_S = { min: 0.1, max: 600, unit: "seconds" };
const DEADLINE_S = { min: 0.1, max: 86_400, unit: "seconds" };
const INTERVAL_S = { min: 1, max: 3_600, unit: "seconds" };
const LONGEST_PATH = 1_024;

/** What is asked of a probe. Throws `UsageProblem`. */
export function probeChoices(args: Arguments): ProbeChoices {
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
    caFile: textOf(args, "ca-file"),
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
