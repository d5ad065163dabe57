import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import type { InputStream, Io, OutputStream, StopSignal } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

/** The built command line. */
export const program = fileURLToPath(new URL("../../bin/ftp-doctor.js", import.meta.url));
/** The project's root. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a run of the command line came to. */
export interface Outcome {
  /** Exit code; null where a signal ended it. */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Environment of the children: nothing of the caller's that changes what is printed or how the net is reached. */
export function plainEnv(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  return { PATH, HOME, ...(SystemRoot === "" ? {} : { SystemRoot }), ...extra };
}

/** Starts the built command line. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcess & { ended: Promise<Outcome> } {
  if (!existsSync(`${root}/dist/main.js`)) throw new Error("dist/ is missing: npm run build");
  const child = spawn(process.execPath, [program, ...args], { env: plainEnv(env), cwd: root });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return Object.assign(child, { ended });
}

/** Runs the built command line to its end. */
export async function runCli(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Outcome> {
  const child = startCli(args, options.env);
  child.stdin?.end(options.input ?? "");
  return child.ended;
}

/** A process that tests hold in their hands. */
export interface FakeIo extends Io {
  readonly stdin: InputStream & PassThrough;
  /** Everything printed so far. */
  printed(): { stdout: string; stderr: string };
  /** Calls the handlers of a signal, as the system would. */
  send(signal: StopSignal): void;
  /** Signals that the program sent to itself. */
  readonly raised: StopSignal[];
  /** Raw mode of the terminal, as last set; null where it never was. */
  rawMode: boolean | null;
  /** Whether the command line was hidden from `ps`. */
  hidden: boolean;
}

/** Makes one; `terminal` makes all three streams one. */
export function fakeIo(options: { env?: Record<string, string>; terminal?: boolean; columns?: number } = {}): FakeIo {
  const texts = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): OutputStream => {
    const stream: OutputStream = new PassThrough();
    stream.on("data", (chunk: Buffer) => {
      texts[name] += chunk;
    });
    stream.isTTY = options.terminal === true;
    if (options.columns !== undefined) stream.columns = options.columns;
    return stream;
  };
  const handlers = new Map<StopSignal, Set<() => void>>();
  const stdin: InputStream & PassThrough = new PassThrough();
  const io: FakeIo = {
    stdin,
    stdout: output("stdout"),
    stderr: output("stderr"),
    env: options.env ?? {},
    platform: "linux",
    rawMode: null,
    hidden: false,
    raised: [],
    onSignal: (signal, handler) => {
      handlers.set(signal, (handlers.get(signal) ?? new Set()).add(handler));
    },
    offSignal: (signal, handler) => {
      handlers.get(signal)?.delete(handler);
    },
    raise: (signal) => {
      io.raised.push(signal);
    },
    hideArguments: () => {
      io.hidden = true;
    },
    send: (signal) => {
      for (const handler of [...(handlers.get(signal) ?? [])]) handler();
    },
    printed: () => texts,
  };
  if (options.terminal) {
    // What a spinner asks of a terminal.
    for (const stream of [io.stdout, io.stderr]) {
      Object.assign(stream, { cursorTo: () => true, clearLine: () => true, moveCursor: () => true });
    }
    stdin.isTTY = true;
    stdin.setRawMode = (raw) => {
      io.rawMode = raw;
    };
  }
  return io;
}

/** Runs the command line in this process. */
export async function runMain(
  args: readonly string[],
  io: FakeIo = fakeIo(),
): Promise<{ code: number; stdout: string; stderr: string }> {
  const code = await main(args, io);
  return { code, ...io.printed() };
}
