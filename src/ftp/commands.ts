import { Secret } from "../model/secret.ts";

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

/** Commands whose argument is a secret whatever its type. */
const SECRET_VERBS: ReadonlySet<string> = new Set(["PASS", "ACCT"]);
/** Longer lines are refused by servers (4 KiB in vsftpd and ProFTPD, less elsewhere); an argument this long is a mistake. */
const LINE_BYTES = 4 * 1024;
const IAC = 0xff;

/**
 * Builds one command line. Without `argument` there is no space behind the verb; an empty one leaves the space
 * (`PASS ` with an empty password). Throws `CommandProblem` for a CR, LF or NUL, which would inject another command,
 * for what is no verb, and for a line over 4 KiB. `charset` latin1 is for servers that are known not to speak UTF-8.
 */
export function command(verb: string, argument?: string | Secret, charset: "utf-8" | "latin1" = "utf-8"): Command {
  if (!/^[A-Za-z][A-Za-z0-9]{1,15}$/.test(verb)) throw new CommandProblem("the command is no FTP verb");
  const hidden = argument instanceof Secret || SECRET_VERBS.has(verb.toUpperCase());
  // The one place where a secret is turned into bytes for the wire.
  const value = argument instanceof Secret ? argument.reveal() : argument;
  if (value === undefined) return { line: encode(verb, charset), shown: verb };
  if (/[\r\n\0]/.test(value)) {
    throw new CommandProblem(`the argument of ${verb} holds a line break or a NUL character, which FTP cannot carry`);
  }
  if (charset === "latin1" && /[^\0-\xff]/.test(value)) {
    throw new CommandProblem(`the argument of ${verb} has characters that latin1 cannot carry`);
  }
  const line = encode(`${verb} ${value}`, charset);
  if (line.length > LINE_BYTES)
    throw new CommandProblem(`the argument of ${verb} is longer than servers accept (4 KiB)`);
  return { line, shown: hidden ? `${verb} [secret]` : `${verb} ${value}` };
}

/** Bytes of a line; 255 is doubled because the control connection is TELNET (RFC 959 section 3.1, RFC 854). */
function encode(text: string, charset: "utf-8" | "latin1"): Uint8Array {
  const bytes = Buffer.from(`${text}\r\n`, charset);
  if (!bytes.includes(IAC)) return Uint8Array.from(bytes);
  return Uint8Array.from(Array.from(bytes).flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])));
}
