import type { TlsTrial } from "../../model/evidence.ts";
import { isText } from "../../model/raw-bytes.ts";
import type { Confidence } from "../../model/report.ts";
import type { Args } from "../define-rule.ts";
import { controlArgs } from "./control-facts.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import { type ControlHandshake, failedHandshakes, isEcho, quoteHandshake } from "./tls-control.ts";

/** Why a handshake on the control connection failed, as far as the evidence tells; each belongs to one rule. */
export type FailureKind =
  /** No version in common. */
  | "version"
  /** No cipher in common, or keys too weak for us. */
  | "cipher"
  /** The server wants a certificate of the client. */
  | "client-certificate"
  /** The server has nothing to make TLS with. */
  | "not-configured"
  /** The server does not know the name that it was asked for (SNI). */
  | "name"
  /** Clear text came in place of TLS. */
  | "clear-text"
  /** What came is neither TLS nor text. */
  | "garbage"
  /** Nothing came. */
  | "stall"
  /** It was cut, or ended for another reason. */
  | "cut";

/** A failed handshake, and how it is read. */
export interface FailedHandshake extends ControlHandshake {
  /** Why it failed. */
  kind: FailureKind;
  /** How sure that is. */
  confidence: Confidence;
  /** What our TLS library found too weak, by the reason in its error code; null for other kinds. */
  weakness: string | null;
  /** Handshakes with other offers at the same address, and the records they are in. */
  trials: TlsTrial[];
  /** Ids of all that it rests on. */
  because: string[];
}

/** What our own TLS library finds too weak, by the reason in its error code or in the verification. */
export const TOO_WEAK: Readonly<Record<string, string>> = {
  DH_KEY_TOO_SMALL: "a Diffie-Hellman group that is too small",
  EE_KEY_TOO_SMALL: "a certificate whose key is too short",
  CA_KEY_TOO_SMALL: "an authority whose key is too short",
  CA_MD_TOO_WEAK: "a certificate signed with an outdated algorithm",
  EE_MD_TOO_WEAK: "a certificate signed with an outdated algorithm",
  WRONG_SIGNATURE_TYPE: "a signature of a kind that is no longer accepted",
  UNSAFE_LEGACY_RENEGOTIATION_DISABLED: "TLS without secure renegotiation",
};

/** Every address whose control connection did not come under TLS, each with one reading. */
function failuresOf(facts: Facts): FailedHandshake[] {
  return failedHandshakes(facts).flatMap((made) => {
    const trials = trialsAt(made.address);
    const { address, secure } = made;
    const because = [secure.id, ...address.tlsVersions.map(({ id }) => id)];
    const how = read(made, trials);
    // In place of implicit TLS it takes the greeting's place too: ctl-protocol-violation speaks of that.
    return how.kind === "garbage" && secure.how === "implicit" ? [] : [{ ...made, ...how, trials, because }];
  });
}

/** The failures of one kind, as a finding tells of them. */
export interface FailuresOfKind {
  /** The first one, which the words are about. */
  first: FailedHandshake;
  /** One for each address. */
  all: FailedHandshake[];
  /** The values that all words about them need. */
  args: Args;
  /** Ids of all that they rest on. */
  because: string[];
}

/** The failures of these kinds; null where there are none. */
export function failuresOfKind(facts: Facts, ...kinds: readonly FailureKind[]): FailuresOfKind | null {
  const all = failuresOf(facts).filter(({ kind }) => kinds.includes(kind));
  const [first] = all;
  if (first === undefined) return null;
  const addresses = all.map(({ address }) => address);
  return { first, all, args: controlArgs(addresses, facts), because: all.flatMap(({ because }) => because) };
}

/** Handshakes with other offers that came to an end of their own. */
function trialsAt({ tlsVersions }: AddressFacts): TlsTrial[] {
  return tlsVersions
    .flatMap(({ trials }) => trials)
    .filter(({ handshake }) => handshake !== null && handshake.outcome !== "cancelled");
}

/** Whether the handshake of a trial was completed. */
export function completed({ handshake }: TlsTrial): boolean {
  return handshake?.outcome === "ok";
}

/** Node's own words for a version that was not offered. */
const VERSION_CODES = /_(?:UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|WRONG_VERSION_NUMBER|NO_PROTOCOLS_AVAILABLE)$/;
/** RFC 8446 section 6.2; older servers say bad_certificate or handshake_failure. */
export const CLIENT_CERTIFICATE: readonly string[] = ["certificate_required", "bad_certificate", "no_certificate"];
/** What a server without a certificate that it can use says: OpenSSL finds no cipher for it. */
const HELPLESS: readonly string[] = ["handshake_failure", "internal_error"];

type Reading = Pick<FailedHandshake, "kind" | "confidence" | "weakness">;

function reading(kind: FailureKind, confidence: Confidence, weakness: string | null = null): Reading {
  return { kind, confidence, weakness };
}

function read({ handshake }: ControlHandshake, trials: readonly TlsTrial[]): Reading {
  const { alert, code, foreign, outcome } = handshake;
  if (alert === "protocol_version") return reading("version", "certain");
  if (alert === "unrecognized_name") return reading("name", "certain");
  if (alert !== null && CLIENT_CERTIFICATE.includes(alert)) return reading("client-certificate", "certain");
  // Asked for a certificate and given none, it gave up: whatever the alert says.
  if (handshake.certificateRequested === true && alert !== null) {
    return reading("client-certificate", alert === "handshake_failure" ? "certain" : "likely");
  }
  // vsftpd and netkit's ftpd add OpenSSL's own reason in clear text. It is also what OpenSSL says where there is no certificate.
  if (foreign !== null && /\bno shared cipher\b/.test(foreign)) {
    return reading("cipher", trials.length > 0 && !trials.some(completed) ? "likely" : "certain");
  }
  if (alert === "insufficient_security") return reading("cipher", "certain");
  const weakness = Object.entries(TOO_WEAK).find(([name]) => code?.endsWith(`_${name}`) === true)?.[1];
  if (weakness !== undefined) return reading("cipher", "certain", weakness);
  const byTrial = readTrials(trials, alert === null ? "likely" : "certain");
  if (byTrial !== null) return byTrial;
  // Before the code, which OpenSSL gives for what is no TLS too (wrong version number).
  if (foreign !== null && !isEcho(foreign)) return reading(isText(foreign) ? "clear-text" : "garbage", "certain");
  if (code !== null && VERSION_CODES.test(code)) return reading("version", "certain");
  if (outcome === "timed-out") return reading("stall", "certain");
  const helpless = alert !== null && HELPLESS.includes(alert);
  if (alert === "handshake_failure" && knowsVersions(trials)) return reading("cipher", "likely");
  // Whatever was offered, the same alert: it is not what was offered. A bare end may as well be the work of a device on the way.
  if (everyVersionFailed(trials) && helpless) return reading("not-configured", "likely");
  if (alert === "handshake_failure") return reading("version", "possible");
  return reading("cut", alert === null ? "certain" : "likely");
}

/** An offer that was taken shows what was wrong with the ordinary one; null where none was. */
function readTrials(trials: readonly TlsTrial[], confidence: Confidence): Reading | null {
  const taken = trials.filter(completed);
  if (taken.length === 0) return null;
  const modern = taken.filter(({ versions }) => versions !== null && !isOld(versions.to));
  // One version alone is taken, and both together are not: the server stumbles over the other one.
  if (modern.some(({ weak }) => !weak)) return reading("version", confidence);
  if (modern.length > 0) return reading("cipher", confidence);
  if (taken.some(({ versions }) => versions !== null)) return reading("version", confidence);
  // The last thing that can have made a difference is the name that was sent along.
  return taken.some(({ named }) => !named) ? reading("name", "likely") : null;
}

function isOld(version: string): boolean {
  return version === "TLSv1" || version === "TLSv1.1";
}

/** A server that names the version as the reason where that is one had another reason elsewhere: nothing but the ciphers is left. */
function knowsVersions(trials: readonly TlsTrial[]): boolean {
  return (
    trials.every((trial) => !completed(trial)) &&
    trials.some(({ handshake, versions }) => versions?.to === "TLSv1.3" && handshake?.alert === "protocol_version") &&
    trials.some(({ handshake, versions }) => versions?.to === "TLSv1.2" && handshake?.alert === "handshake_failure")
  );
}

/** At least the two versions of today, each by itself. */
function everyVersionFailed(trials: readonly TlsTrial[]): boolean {
  return (
    trials.every((trial) => !completed(trial)) &&
    ["TLSv1.2", "TLSv1.3"].every((version) => trials.some(({ versions }) => versions?.to === version))
  );
}

/** A failed handshake and some of the other offers at its address, as `seen`. */
export function seenFailure({ handshake }: FailedHandshake, trials: readonly TlsTrial[]): string[] {
  return [quoteHandshake(handshake), ...trials.map(quoteTrial)].slice(0, 3);
}

/** `offering TLS 1.2 alone: done after 20 ms`. */
function quoteTrial({ handshake, weak, named }: TlsTrial): string {
  const how = [...(weak ? ["weak ciphers too"] : []), ...(named ? [] : ["no name sent"])].join(", ");
  return `${handshake === null ? "no handshake" : quoteHandshake(handshake)}${how === "" ? "" : ` (${how})`}`;
}
