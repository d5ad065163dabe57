import type { Io, OutputStream } from "./io.ts";

/** A reader that went away (`| head`) is told to the write's callback; without a listener Node would also throw it. */
function quietly(stream: OutputStream): OutputStream {
  if (stream.listenerCount("error") === 0) stream.on("error", () => {});
  return stream;
}

/** The real process. Its streams are only touched when they are used: opening them costs start-up time. */
export function processIo(): Io {
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
