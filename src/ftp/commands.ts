import type { Secret } from "../model/secret.ts";

/** A command ready to be sent. */
export interface Command {
  /** The bytes for the wire, CR LF included. */
  line: Uint8Array;
  /** The same for people and records: no CR LF, secrets replaced (`PASS [secret]`). */
  shown: string;
}

/** A command that must not be sent; the message is one line and never holds the argument. */
export class CommandProblem extends Error {
  override name = "CommandProblem";
}

/** Builds one command line. Throws `CommandProblem` for CR, LF or NUL in it. */
export function command(_verb: string, _argument?: string | Secret, _charset: "utf-8" | "latin1" = "utf-8"): Command {
  throw new Error("not written yet");
}
