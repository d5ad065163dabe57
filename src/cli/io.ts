import type { Readable, Writable } from "node:stream";

/** An output stream, as far as the command line looks at it. */
export interface OutputStream extends Writable {
  /** True where it is a terminal. */
  isTTY?: boolean;
  /** Width of the terminal in columns. */
  columns?: number;
}

/** An input stream; only a terminal has a raw mode. */
export interface InputStream extends Readable {
  /** True where it is a terminal. */
  isTTY?: boolean;
  /** In raw mode keys come one by one and the terminal shows none of them. */
  setRawMode?(raw: boolean): unknown;
}

/** Signals that stop a run. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** Everything the command line sees of the process it runs in; tests give their own. */
export interface Io {
  /** Passwords and saved files may come from it. */
  readonly stdin: InputStream;
  /** Takes the report and nothing else. */
  readonly stdout: OutputStream;
  /** Takes progress, prompts and complaints. */
  readonly stderr: OutputStream;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Operating system as Node names it. */
  readonly platform: string;
  /** Calls `handler` at each such signal, in place of ending the process. */
  onSignal(signal: StopSignal, handler: () => void): void;
  /** Takes back what `onSignal` was told. */
  offSignal(signal: StopSignal, handler: () => void): void;
  /** Sends the signal to this process, with whatever handling is left. */
  raise(signal: StopSignal): void;
  /** Replaces what `ps` shows of the command line. */
  hideArguments(): void;
}
