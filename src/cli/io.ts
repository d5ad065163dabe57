import type { Readable, Writable } from "node:stream";

/** An output stream, as far as the command line looks at it. */
export interface OutputStream extends Writable {
  isTTY?: boolean;
  /** Width of the terminal in columns. */
  columns?: number;
}

/** An input stream; only a terminal has a raw mode. */
export interface InputStream extends Readable {
  isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** Signals that stop a run. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** Everything the command line sees of the process it runs in; tests give their own. */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Operating system as Node names it. */
  readonly platform: string;
  onSignal(signal: StopSignal, handler: () => void): void;
  offSignal(signal: StopSignal, handler: () => void): void;
  /** Sends the signal to this process, with whatever handling is left. */
  raise(signal: StopSignal): void;
  /** Replaces what `ps` shows of the command line. */
  hideArguments(): void;
}
