import { domainToASCII } from "node:url";
import { canonicalAddress, classifyAddress, isIpLiteral, parseIpv4Strict } from "./address.ts";
import type { TargetRecord } from "./evidence.ts";
import type { Security } from "./mode.ts";
import { Secret } from "./secret.ts";

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

/** What a TARGET was read as, or why it could not be. */
export type TargetAnswer =
  /** `warnings` are single lines for people. */
  | { ok: true; target: Target; warnings: string[] }
  /** `problem` is a single line: what is wrong and what would be right; never holds a password. */
  | { ok: false; problem: string };

const FORMS = "write HOST, USER@HOST, HOST:PORT, ftp://HOST/PATH, ftps://HOST or ftpes://HOST";
const SSH =
  "that is SFTP, another protocol (SSH, usually on port 22) and not FTP; test it with an SFTP client such as sftp or WinSCP";

const SSH_SCHEMES: readonly string[] = ["sftp", "scp", "ssh"];

/** Where servers speak TLS from the first byte (IANA: ftps). */
const IMPLICIT_PORT = 990;

/** Schemes and what they mean; ftps is the implicit form as curl, lftp and FileZilla read it (RFC 4217 names none). */
const SCHEMES: Readonly<Record<string, { security: Security; port: number }>> = {
  ftp: { security: "auto", port: 21 },
  ftps: { security: "implicit", port: IMPLICIT_PORT },
  ftpes: { security: "explicit", port: 21 },
};

/** Thrown inside this file alone: ends the reading with a problem. */
class Refusal extends Error {}

/**
 * Reads a TARGET: host, user@host, host:port, IPv6, [IPv6]:port, ftp://user@host/path (security auto), ftps://host
 * (implicit TLS, port 990), ftpes://host (explicit TLS, port 21). Parts of URLs are percent-decoded; without a scheme
 * everything is taken as it stands. The last `@` ends the login, because hosting logins look like `name@domain`.
 * `security` says otherwise how to secure the connections, null that it is not said; the usual port follows it, and it
 * must not contradict ftps:// or ftpes://.
 */
export function parseTarget(text: string, security: Security | null = null): TargetAnswer {
  try {
    return read(text.trim(), security);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message };
    throw error;
  }
}

/** The target as it may be recorded: without the password. */
export function targetRecord(target: Target): TargetRecord {
  const { input, host, port, security, user, path } = target;
  return { input, host, port, security, user, path };
}

function read(text: string, asked: Security | null): TargetAnswer {
  if (text === "") throw new Refusal(`the target is empty; ${FORMS}`);
  if (/[\0-\x1f\x7f-\x9f]/.test(text)) throw new Refusal("the target holds a control character; FTP cannot carry one");
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (/\s/.test(text)) throw new Refusal(spaceProblem(text, url !== null));
  if (url === null) refuseHalfScheme(text);
  const { security, port: defaultPort } = secured(url?.[1]?.toLowerCase(), asked);
  const rest = url?.[2] ?? text;
  const slash = rest.indexOf("/");
  // Where a password has a raw / in it, parts of it would be taken for host and path, and be shown.
  if (
    slash !== -1 &&
    rest.includes("@", slash) &&
    rest
      .slice(0, slash)
      .replace(/\[[^\]]*\]/, "")
      .includes(":")
  ) {
    throw new Refusal("in a URL, a / in a login or password must be written %2F, and an @ in a path %40");
  }
  if (url === null && slash !== -1) {
    throw new Refusal("a path needs a URL: write ftp://HOST/PATH; in a URL, write %2F for a / in a password");
  }
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf("@");
  const login = at === -1 ? null : readLogin(authority.slice(0, at), url !== null);
  const place = readPlace(authority.slice(at + 1), login?.password != null);
  refuseGroup(place.host);
  const port = place.port ?? defaultPort;
  if (port === 22) throw new Refusal(`port 22: ${SSH}`);
  const path = slash === -1 ? null : readPath(rest.slice(slash + 1));
  const start = text.length - rest.length;
  const input =
    login?.password == null ? text : `${text.slice(0, start + login.hidden)}[secret]${text.slice(start + at)}`;
  const warnings = portWarnings(security, port);
  if (login?.password != null && login.user !== null) {
    warnings.unshift(
      "a password on the command line can be seen in the process list and stays in the shell's history; use --password-file or FTP_DOCTOR_PASSWORD",
    );
  }
  const { user = null, password = null } = login ?? {};
  return { ok: true, target: { input, host: place.host, port, security, user, password, path }, warnings };
}

function schemeOf(scheme: string | undefined): { security: Security; port: number } {
  if (scheme === undefined) return { security: "auto", port: 21 };
  const known = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (known !== undefined) return known;
  if (SSH_SCHEMES.includes(scheme)) throw new Refusal(`${scheme}://: ${SSH}`);
  if (["http", "https"].includes(scheme)) {
    throw new Refusal(`${scheme}:// is a web address, not an FTP server; write the FTP server's name or ftp://HOST`);
  }
  throw new Refusal(
    `the scheme ${quote(scheme)} is not FTP; write ftp://, ftps:// (implicit TLS) or ftpes:// (explicit TLS)`,
  );
}

/** How the connections are to be secured, by the scheme and by what was asked for beside it, and the port for that. */
function secured(scheme: string | undefined, asked: Security | null): { security: Security; port: number } {
  const meant = schemeOf(scheme);
  if (asked === null || asked === meant.security) return meant;
  if (meant.security !== "auto") {
    throw new Refusal(
      `${scheme}:// means ${meant.security} TLS, and --security ${asked} contradicts it; leave one of them out`,
    );
  }
  return { security: asked, port: asked === "implicit" ? IMPLICIT_PORT : meant.port };
}

function spaceProblem(text: string, url: boolean): string {
  if (url) return "the target holds a space; in a URL write %20 for it";
  if (!text.includes("@"))
    return "the target holds a space, which no host name does; write a name such as ftp.example.com";
  return "the target holds a space; a login with one needs a URL: write ftp://USER@HOST with %20 for the space";
}

/**
 * `sftp:host` and `ftp:host` lack the slashes and would be read as HOST:PORT. A number behind is the port of a host of
 * that name, and with an @ the scheme is a user name. Nothing is quoted: `ftp:password` without a host comes here too.
 */
function refuseHalfScheme(text: string): void {
  const [, scheme = "", behind = ""] = /^([a-z]+):([^@]*)$/i.exec(text) ?? [];
  const name = scheme.toLowerCase();
  if (/^\d*$/.test(behind) || behind.includes(":")) return;
  if (SSH_SCHEMES.includes(name)) throw new Refusal(`${name}: ${SSH}`);
  if (Object.hasOwn(SCHEMES, name)) throw new Refusal(`a URL has two slashes behind ${name}: - write ${name}://HOST`);
}

/** No server is at an address of many machines; a TCP connection to one fails in a way that says nothing of any. */
function refuseGroup(host: string): void {
  const kind = classifyAddress(host).class;
  if (kind === "multicast" || kind === "broadcast") {
    throw new Refusal(
      `${host} is a ${kind} address, which belongs to no single server; write the server's own address`,
    );
  }
}

interface Login {
  /** Null for an anonymous login. */
  user: string | null;
  password: Secret | null;
  /** Where the password begins, counted from the start of the authority. */
  hidden: number;
}

function readLogin(text: string, url: boolean): Login {
  const colon = text.indexOf(":");
  const rawUser = colon === -1 ? text : text.slice(0, colon);
  if (rawUser === "")
    throw new Refusal("the user name before @ is empty; write USER@HOST, or HOST for an anonymous login");
  const name = url ? decode(rawUser, "the user name") : rawUser;
  const rawPassword = colon === -1 ? null : text.slice(colon + 1);
  const password = rawPassword === null ? null : new Secret(url ? decode(rawPassword, "the password") : rawPassword);
  // `ftp` may be somebody's account: its password may still come from elsewhere, and only without one it is the public login.
  return { user: name.toLowerCase() === "anonymous" ? null : name, password, hidden: colon + 1 };
}

/** Host and port. With `guarded` nothing of the text is quoted: part of a password may stand in it. */
function readPlace(text: string, guarded: boolean): { host: string; port: number | null } {
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(text);
  if (bracketed !== null) {
    const [, inside = "", behind = ""] = bracketed;
    if (!inside.includes(":")) throw new Refusal("brackets are for IPv6 addresses, as in [2001:db8::5]:21");
    if (behind !== "" && !behind.startsWith(":"))
      throw new Refusal("behind the ] only :PORT may stand, as in [2001:db8::5]:21");
    return { host: readIpv6(inside), port: behind === "" ? null : readPort(behind.slice(1)) };
  }
  const colons = text.split(":").length - 1;
  if (colons > 1) return { host: readIpv6(text), port: null };
  const [host = "", port] = text.split(":");
  return { host: readName(host, guarded), port: port === undefined ? null : readPort(port) };
}

/** The text is not quoted in the problem: where the host was forgotten, a password stands here. */
function readPort(text: string): number {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (port < 1 || port > 65_535) {
    throw new Refusal(
      "what stands behind the colon is no port; a port is a number from 1 to 65535, as in ftp.example.com:21",
    );
  }
  return port;
}

function readIpv6(text: string): string {
  if (/^[\da-f:.]*:[\da-f:.]*%/i.test(text)) {
    throw new Refusal("addresses with a zone, such as fe80::1%eth0, are not supported; use a global address or a name");
  }
  const address = isIpLiteral(text) ? canonicalAddress(text) : null;
  if (address !== null) return address;
  // Not quoted: `user:password:word` without a host comes here too.
  throw new Refusal("this is no IPv6 address and no HOST:PORT; write [2001:db8::5]:21 or ftp.example.com:21");
}

function readName(text: string, guarded: boolean): string {
  const what = guarded ? "what stands behind the @" : quote(text);
  if (text === "") throw new Refusal(`the host is missing; ${FORMS}`);
  if (parseIpv4Strict(text) !== null) return text;
  // Names as DNS carries them, also for international ones (UTS 46); it takes number forms of IPv4 too, caught below.
  // It reads like a URL parser and would leave out what stands behind one of # ? and \: another host than was typed.
  const host = /[%#?\\]/.test(text) ? "" : looksNumeric(text) ? text : domainToASCII(text);
  if (looksNumeric(host)) {
    throw new Refusal(
      `${what} is no complete IPv4 address; write four decimal numbers from 0 to 255 without leading zeros, as in 203.0.113.5`,
    );
  }
  const labels = host.replace(/\.$/, "").split(".");
  const good = labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) && host.length <= 254 && !host.startsWith("-");
  if (!good) throw new Refusal(`${what} is no host name; write a name such as ftp.example.com or an IP address`);
  return host;
}

/** Whether a resolver would take it for an IPv4 address: the last label is a number, decimal, octal or hexadecimal. */
function looksNumeric(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(host);
}

/** RFC 1738 section 3.2.2: the slash behind the host is no part of the path, `;type=` tells the transfer type. */
function readPath(text: string): string | null {
  const path = decode(text.replace(/;type=[a-z]$/i, ""), "the path");
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? (path === "" ? null : "/") : trimmed;
}

function decode(text: string, what: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new Refusal(`${what} holds a % that begins no UTF-8 escape; in a URL write %25 for a percent sign`);
  }
  if (/[\0-\x1f\x7f-\x9f]/.test(decoded)) throw new Refusal(`${what} holds a control character; FTP cannot carry one`);
  return decoded;
}

function portWarnings(security: Security, port: number): string[] {
  if (security === "implicit" && port === 21) {
    return ["implicit TLS is what servers speak on port 990; for explicit TLS on port 21 write ftpes://HOST"];
  }
  if (security !== "implicit" && port === 990) {
    return ["port 990 is the port of implicit TLS; if the server speaks that there, write ftps://"];
  }
  return [];
}

/** Text of the user's as it may stand in a one-line message. */
function quote(text: string): string {
  const clean = text.replace(/[^\x20-\x7e\u00a0-\u1fff\u2c00-\ud7ff]/g, "?");
  return `"${clean.length > 80 ? `${clean.slice(0, 80)}...` : clean}"`;
}
