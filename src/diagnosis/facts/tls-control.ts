import { agrees } from "../../model/acceptance.ts";
import type { HandshakeRecord, SecureRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { duration, OUTCOME, size } from "../../model/words.ts";
import type { Judgement } from "../define-rule.ts";
import { type AddressFacts, type Facts, lastReply } from "./facts.ts";

/** A handshake on a control connection, and where it was made. */
export interface ControlHandshake {
  /** The address. */
  address: AddressFacts;
  /** The attempt it is part of. */
  secure: SecureRecord;
  /** The handshake. */
  handshake: HandshakeRecord;
}

/** Every ordinary handshake on a control connection that came to an end of its own. */
export function controlHandshakes(facts: Facts): ControlHandshake[] {
  return facts.addresses.flatMap((address) =>
    address.secures.flatMap((secure) =>
      secure.handshake === null || secure.handshake.outcome === "cancelled"
        ? []
        : [{ address, secure, handshake: secure.handshake }],
    ),
  );
}

/** The first failed handshake of each address at which none succeeded. */
export function failedHandshakes(facts: Facts): ControlHandshake[] {
  return facts.addresses.flatMap((address) => {
    const here = controlHandshakes(facts).filter((made) => made.address === address);
    return here.some(({ handshake }) => handshake.outcome === "ok") ? [] : here.slice(0, 1);
  });
}

/** The code of the last answer to AUTH; null where none came. */
export function authCode({ auth }: SecureRecord): number | null {
  return lastReply(auth.at(-1) ?? null)?.code ?? null;
}

/** Whether the server agreed to TLS. */
export function acceptsAuth(secure: SecureRecord): boolean {
  const code = authCode(secure);
  return code !== null && agrees(code);
}

/** Pure-FTPd lists AUTH TLS in FEAT also where its TLS is switched off (ftp_parser.c): nobody took it away. */
export function isSwitchedOff({ auth }: SecureRecord): boolean {
  return auth.some((exchange) =>
    /security scheme is not implemented/i.test(lastReply(exchange)?.lines.join(" ") ?? ""),
  );
}

/** What a rule about TLS answers where no handshake was made; null where one was. */
export function withoutHandshake(facts: Facts): Judgement | null {
  if (controlHandshakes(facts).length > 0) return null;
  if (facts.evidence.target.security === "none") {
    return { kind: "not-applicable", reason: "TLS was not to be used (--security none)" };
  }
  if (facts.addresses.some(({ secures }) => secures.some(({ handshake }) => handshake !== null))) {
    return { kind: "undetermined", missing: "the run was stopped during the TLS handshake" };
  }
  const known = facts.addresses.filter(
    ({ identify, secures }) => identify?.authOffered === false || secures.length > 0,
  );
  return known.length > 0
    ? { kind: "not-applicable", reason: "the server offered no TLS" }
    : { kind: "undetermined", missing: "no TLS handshake was made" };
}

/** How bad it is that TLS cannot be had on the control connection: a login in clear beside it leaves what was not required. */
export function noTlsSeverity(facts: Facts): Severity {
  if (!facts.loggedIn) return "critical";
  const { evidence } = facts;
  const wanted = evidence.policy.required?.includes("tls") === true || isDemanded(facts);
  const elsewhere = facts.rows.some(({ protection }) => protection === "tls");
  return wanted && !elsewhere ? "error" : "warning";
}

/** Whether the user wanted TLS or nothing. */
export function isDemanded({ evidence }: Facts): boolean {
  return evidence.target.security === "explicit" || evidence.target.security === "implicit";
}

/** `TLS handshake: alert protocol_version from the server after 12 ms`. */
export function quoteHandshake(handshake: HandshakeRecord): string {
  const { outcome, alert, code, ms, versions, receivedBytes = 0, lastByteMs = 0 } = handshake;
  const offered = versions === null ? "" : ` (offering ${versionSpan(versions)})`;
  const after = `after ${duration(ms)}`;
  if (outcome === "ok") return `TLS handshake${offered}: done ${after}`;
  if (alert !== null) return `TLS handshake${offered}: the server's alert ${alert} ${after}`;
  if (outcome === "protocol-error") return `TLS handshake${offered}: what came is no TLS, ${after}`;
  if (outcome === "timed-out" && receivedBytes > 0) {
    return `TLS handshake${offered}: not ended ${after}; ${size(receivedBytes)} came, the last after ${duration(lastByteMs)}`;
  }
  if (outcome !== "tls-failed") return `TLS handshake${offered}: ${OUTCOME[outcome]} ${after}`;
  return `TLS handshake${offered}: given up by this side's TLS library${code === null ? "" : ` (${code})`} ${after}`;
}

/**
 * How far a handshake got that ran into its limit: nothing came (`silent`), something came and then nothing more (`stopped`), or bytes
 * were still coming in the last half of the limit (`dripping`).
 */
export function standstillOf({
  ms,
  receivedBytes = 0,
  lastByteMs = 0,
}: HandshakeRecord): "silent" | "stopped" | "dripping" {
  if (receivedBytes === 0) return "silent";
  return lastByteMs > ms / 2 ? "dripping" : "stopped";
}

function versionSpan({ from, to }: NonNullable<HandshakeRecord["versions"]>): string {
  return from === to ? spoken(from) : `${spoken(from)} to ${spoken(to)}`;
}

/** `TLS 1.2` for Node's `TLSv1.2`. */
export function spoken(version: string): string {
  return version.replace(/^TLSv1$/, "TLS 1.0").replace(/^TLSv/, "TLS ");
}

/** The first line of clear text that came in place of TLS, as a person reads it. */
export function firstLineOf(foreign: string): string {
  return foreign.split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
}

/** ProFTPD says so in clear behind every handshake that it ended, whatever the reason: an echo, no reason of its own. */
export function isEcho(foreign: string): boolean {
  return /^421[ -]TLS handshake failed/.test(foreign);
}
