import type { Io, OutputStream } from "./io.ts";
import { EXIT_USAGE } from "./problem.ts";

/** A reader that went away (`| head`) is told to the write's callback; without a listener Node would also throw it. */
function quietly(stream: OutputStream): OutputStream {
  if (stream.listenerCount("error") === 0) stream.on("error", () => {});
  return stream;
}

/** A bug in a callback is thrown at nobody: it must not print a stack, which may hold anything, nor look like a verdict. */
function reportCrashes(): void {
  process.on("uncaughtException", (error) => {
    void import("./command-line.ts").then(({ complaint }) => {
      process.stderr.write(complaint(error, process.env), () => process.exit(EXIT_USAGE));
    });
  });
}

/** The real process. Its streams are only touched when they are used: opening them costs start-up time. */
export function processIo(): Io {
  reportCrashes();
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return quietly(process.stdout);
    },
    get stderr() {
      return quietly(process.stderr);
    },
    env: process.env,
    platform: process.platform,
    onSignal: (signal, handler) => void process.on(signal, handler),
    offSignal: (signal, handler) => void process.off(signal, handler),
    raise: (signal) => void process.kill(process.pid, signal),
    hideArguments: () => {
      process.title = "ftp-doctor";
    },
  };
}
