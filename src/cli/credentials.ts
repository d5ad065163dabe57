import { isAnonymous } from "../model/login.ts";
import { Secret } from "../model/secret.ts";
import type { Target } from "../model/target.ts";
import type { Files } from "../system/ports.ts";
import type { CredentialChoices } from "./invocation.ts";
import type { Io } from "./io.ts";
import { findNetrcEntry } from "./netrc.ts";
import { UsageProblem } from "./problem.ts";
import { canPrompt, promptHidden } from "./prompt.ts";

/** Whose login is used for a target; both null is the anonymous login. */
export interface Credentials {
  /** Login name. */
  user: string | null;
  /** Its password. */
  password: Secret | null;
}

/** More than any password file holds. */
const PASSWORD_FILE_BYTES = 64 * 1024;
const NETRC_BYTES = 1024 * 1024;

/** The environment variable that may hold the password. */
const VARIABLE = "FTP_DOCTOR_PASSWORD";

/** A password in a target and one in a file: neither outranks the other. Throws `UsageProblem` where both are given. */
export function checkPasswordSources(targets: readonly Target[], choices: CredentialChoices): void {
  if (choices.passwordFile !== null && targets.some(({ password }) => password !== null)) {
    throw new UsageProblem("the target and --password-file both say what the password is; give one of them");
  }
}

/**
 * Finds login and password of every target, in order: the target itself, `--password-file`, `--netrc`, the
 * environment, a prompt. A password is asked for per target, since one server's must not be shown to another.
 * Throws `UsageProblem` where a user has no password, and `Interrupted` at a prompt that was left.
 */
export async function findCredentials(
  targets: readonly Target[],
  choices: CredentialChoices,
  io: Io,
  files: Files,
): Promise<Credentials[]> {
  const fromFile = choices.passwordFile === null ? null : await readPasswordFile(choices.passwordFile, files);
  const netrc = choices.netrc ? await readNetrc(io, files) : null;
  const found: Credentials[] = [];
  for (const target of targets) {
    const user = target.user ?? choices.user;
    if (target.password !== null) {
      found.push({ user, password: target.password });
      continue;
    }
    if (fromFile !== null) {
      if (user === null) {
        throw new UsageProblem(
          `--password-file needs a login name for ${target.host}: --user NAME or NAME@${target.host}`,
        );
      }
      found.push({ user, password: fromFile });
      continue;
    }
    if (netrc !== null) {
      found.push(fromNetrc(netrc, target, user));
      continue;
    }
    found.push(
      user === null || isAnonymous(user)
        ? { user, password: null }
        : { user, password: await ownPassword(user, target, io) },
    );
  }
  return found;
}

async function ownPassword(user: string, target: Target, io: Io): Promise<Secret> {
  const variable = io.env[VARIABLE];
  if (variable !== undefined && variable !== "") return usable(variable, VARIABLE);
  if (!canPrompt(io)) {
    throw new UsageProblem(
      `no password for ${user} at ${target.host} and no terminal to ask on; use --password-file, --netrc or ${VARIABLE}`,
    );
  }
  return usable(await promptHidden(`Password of ${user} at ${target.host}: `, io), "the password");
}

async function readPasswordFile(path: string, files: Files): Promise<Secret> {
  const [line = ""] = (await files.read(path, PASSWORD_FILE_BYTES)).replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  if (line === "") throw new UsageProblem(`--password-file ${path}: its first line is empty; it must be the password`);
  // What is no UTF-8 was read as this character: another password than the file's would be sent.
  if (line.includes("\uFFFD")) {
    throw new UsageProblem(`--password-file ${path}: its first line is not UTF-8; save the file as UTF-8`);
  }
  return usable(line, "the password");
}

/** A line end or NUL cannot be sent in a command; better said now than in the middle of a login. */
function usable(text: string, what: string): Secret {
  if (/[\0\r\n]/.test(text)) throw new UsageProblem(`${what} holds a line end or a NUL, which FTP cannot carry`);
  return new Secret(text);
}

async function readNetrc(io: Io, files: Files): Promise<{ path: string; text: string }> {
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const path =
    io.env["NETRC"] || (home === undefined ? null : `${home}/${io.platform === "win32" ? "_netrc" : ".netrc"}`);
  if (path === null) throw new UsageProblem("--netrc: there is no home directory; set NETRC to the file");
  return { path, text: await files.read(path, NETRC_BYTES) };
}

function fromNetrc(netrc: { path: string; text: string }, target: Target, user: string | null): Credentials {
  const entry = findNetrcEntry(netrc.text, target.host, user);
  const login = user ?? entry?.login ?? null;
  if (entry === null || login === null) {
    const whom = user === null ? target.host : `${user} at ${target.host}`;
    throw new UsageProblem(`${netrc.path} has no entry for ${whom}; add one, or leave --netrc out`);
  }
  if (entry.password === null && !isAnonymous(login)) {
    throw new UsageProblem(
      `${netrc.path} has no password for ${login} at ${target.host}; add one, or leave --netrc out`,
    );
  }
  return {
    user: login,
    password: entry.password === null ? null : usable(entry.password, `the password in ${netrc.path}`),
  };
}
