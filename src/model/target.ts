import type { TargetRecord } from "./evidence.ts";
import type { Security } from "./mode.ts";
import type { Secret } from "./secret.ts";

/** What is to be probed. */
export interface Target {
  /** What the user typed, a password in it replaced by `[secret]`. */
  input: string;
  /** Host name in ASCII (lower case) or canonical IP literal without brackets. */
  host: string;
  /** Control port. */
  port: number;
  /** How the control connection is to be secured. */
  security: Security;
  /** Login name; null for an anonymous login. */
  user: string | null;
  /** Password given in the text; null where none was. */
  password: Secret | null;
  /** Directory, relative to the one the login lands in unless it begins with `/` (RFC 1738 section 3.2.2); null for that one itself. */
  path: string | null;
}

export type TargetAnswer =
  /** `warnings` are single lines for people. */
  | { ok: true; target: Target; warnings: string[] }
  /** `problem` is a single line: what is wrong and what would be right; never holds a password. */
  | { ok: false; problem: string };

/** Reads a TARGET: host, user@host, host:port, IPv6, [IPv6]:port, ftp://, ftps://, ftpes://. */
export function parseTarget(_text: string): TargetAnswer {
  throw new Error("not written yet");
}

/** The target as it may be recorded: without the password. */
export function targetRecord(target: Target): TargetRecord {
  const { input, host, port, security, user, path } = target;
  return { input, host, port, security, user, path };
}
