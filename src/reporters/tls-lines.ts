import type { CertificateRecord, HandshakeRecord, SecureRecord, TlsProblem } from "../model/evidence.ts";
import { hexOf, isText } from "../model/raw-bytes.ts";
import type { ControlSummary, Report } from "../model/report.ts";
import { weakDigestOf } from "../model/weak-digest.ts";
import { duration, OUTCOME, size } from "../model/words.ts";
import { quoted } from "./attempt-words.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Most of a server's own text shown of a name. */
const NAME_SHOWN = 60;

/**
 * TLS of the control connection to an address: one row for the handshake, one for the certificate; none where it was not
 * asked for. Where several were tried, as the other kind of TLS after the one asked for, the one that came about counts.
 */
export function tlsRows(entry: ControlSummary, report: Report, verbose = false): Row[] {
  const tried = report.evidence.experiments.filter(
    (each): each is SecureRecord => each.experiment === "secure" && each.address === entry.address,
  );
  const record = tried.find(({ handshake }) => handshake?.outcome === "ok") ?? tried[0];
  if (record === undefined || record.status === "skipped") return [];
  const agreed = record.handshake?.agreed ?? null;
  const [certificate] = agreed?.certificates ?? [];
  const handshake = { label: "TLS", chunks: handshakeChunks(record) };
  if (agreed === null) return [handshake];
  const now = Date.parse(report.startedAt);
  const issued = certificate === undefined ? ["the server sent none"] : certificateChunks(certificate, now);
  const row = { label: "Cert", chunks: [...issued, verification(agreed)] };
  return [handshake, row, ...(verbose ? [...chainRows(agreed.certificates), ...dataRows(entry, report)] : [])];
}

/** Each certificate that the server sent, so that it can be compared with what lies on its disk. */
function chainRows(chain: readonly CertificateRecord[]): Row[] {
  return chain.map((certificate, index) => ({
    label: index === 0 ? "Chain" : "",
    chunks: [
      `${index + 1}. ${short(certificate.subject)}`,
      ...strength(certificate),
      `${certificate.notBefore?.slice(0, 10) ?? "?"} to ${certificate.notAfter?.slice(0, 10) ?? "?"}`,
      `SHA-256 ${certificate.fingerprint256}`,
    ],
  }));
}

function strength({ keyType, keyBits, curve, signature }: CertificateRecord): string[] {
  const size = keyBits === null ? curve : `${keyBits} bits`;
  return [
    ...(keyType === null ? [] : [`${keyType.toUpperCase()} key${size === null ? "" : ` (${size})`}`]),
    ...(signature === null ? [] : [`signed with ${signature}`]),
  ];
}

/** Certificates of data connections that are others than the control connection's. */
function dataRows({ address }: ControlSummary, { evidence }: Report): Row[] {
  const others = evidence.experiments.flatMap((each) => {
    if ((each.experiment !== "passive" && each.experiment !== "active") || each.address !== address) return [];
    const tls = each.transfer?.tls ?? null;
    return tls?.sameCertificate === false ? (tls.handshake.agreed?.certificates.slice(0, 1) ?? []) : [];
  });
  const each = [...new Map(others.map((certificate) => [certificate.fingerprint256, certificate])).values()];
  return each.map((certificate) => ({
    label: "Data cert",
    chunks: [
      `another one: ${short(certificate.subject)}`,
      ...strength(certificate),
      `SHA-256 ${certificate.fingerprint256}`,
    ],
  }));
}

/** A label and what stands beside it. */
interface Row {
  label: string;
  chunks: string[];
}

/** Whether TLS came about on a control connection to the address, or to any where none is named. */
export function wasUnderTls({ evidence }: Report, address: string | null = null): boolean {
  return evidence.experiments.some(
    (each) =>
      each.experiment === "secure" &&
      (address === null || each.address === address) &&
      each.handshake?.outcome === "ok",
  );
}

function handshakeChunks({ how, auth, handshake, prot }: SecureRecord): string[] {
  if (handshake === null) {
    const last = auth.at(-1);
    const line = last?.replies.at(-1)?.lines.at(-1);
    if (last === undefined) return ["not asked for"];
    if (last.outcome === "timed-out") return [`AUTH got no answer in ${duration(last.ms)}`];
    if (last.outcome !== "ok") return [`AUTH got no answer: ${OUTCOME[last.outcome]}`];
    return [`AUTH refused${line === undefined ? "" : `: ${quoted(line)}`}`];
  }
  const { agreed, ms } = handshake;
  if (agreed === null) return [`${how}, the handshake failed: ${failed(handshake)}`];
  const code = prot?.outcome === "ok" ? (prot.replies.at(-1)?.code ?? null) : null;
  return [
    `${how}, ${agreed.version.replace("TLSv", "TLS ")} in ${duration(ms)}`,
    agreed.cipher,
    ...(code === null || code < 300 ? [] : [`PROT P refused (${code})`]),
  ];
}

/** As it was received, or as it was made visible. */
const LINE_END = /\r?\n|\\r\\n|\\n/;

function failed({ outcome, alert, code, foreign, ms, receivedBytes = 0 }: HandshakeRecord): string {
  if (foreign !== null && !isText(asReceived(foreign))) {
    return `what came is neither TLS nor text (hex ${hexOf(asReceived(foreign))})`;
  }
  if (foreign !== null) return `clear text came: ${quoted(foreign.split(LINE_END, 1)[0] ?? "")}`;
  if (alert !== null) return `the server's alert ${alert}`;
  if (outcome === "tls-failed") return `this side's TLS library gave up${code === null ? "" : ` (${code})`}`;
  if (outcome !== "timed-out") return OUTCOME[outcome];
  return receivedBytes > 0
    ? `not ended in ${duration(ms)}, ${size(receivedBytes)} came`
    : `no answer in ${duration(ms)}`;
}

/** What was made visible, as it was: to see whether it was text at all. */
function asReceived(visible: string): string {
  return visible.replace(/\\x([\da-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function certificateChunks(
  { names, subject, issuer, selfSigned, notBefore, notAfter }: CertificateRecord,
  now: number,
) {
  const [name = subject, ...more] = names;
  return [
    `${short(name)}${more.length === 0 ? "" : ` and ${more.length} more`}`,
    selfSigned ? "self-signed" : `issued by ${short(issuerName(issuer))}`,
    validity(notBefore, notAfter, now),
  ];
}

/** The authority's common name, where it has one. */
function issuerName(issuer: string): string {
  return /(?:^|, )CN=([^,]+)/.exec(issuer)?.[1] ?? issuer;
}

function validity(notBefore: string | null, notAfter: string | null, now: number): string {
  if (notBefore !== null && Date.parse(notBefore) > now) return `valid only from ${notBefore.slice(0, 10)}`;
  const end = Date.parse(notAfter ?? "");
  if (notAfter === null || Number.isNaN(end)) return "its end is not readable";
  const days = Math.floor((end - now) / DAY_MS);
  // The report was changed by hand: the day it was made is none.
  if (Number.isNaN(days)) return `valid until ${notAfter.slice(0, 10)}`;
  if (days < 0) return `expired on ${notAfter.slice(0, 10)}`;
  return `${days} ${days === 1 ? "day" : "days"} left`;
}

/** Verification's own words for what people meet most; others are shown as OpenSSL and Node name them. */
const PROBLEM: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not yet valid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its root is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "its issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its issuer is unknown",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its issuer is unknown",
  ERR_TLS_CERT_ALTNAME_INVALID: "for another name",
  EE_KEY_TOO_SMALL: "its key is too short",
  EE_MD_TOO_WEAK: "its signature is too weak",
  CA_KEY_TOO_SMALL: "its authority's key is too short",
  CA_MD_TOO_WEAK: "its authority's signature is too weak",
};

interface Verified {
  problems: readonly TlsProblem[];
  store: string;
  certificates: readonly Pick<CertificateRecord, "keyBits" | "signature" | "selfSigned">[];
}

function verification({ problems, store, certificates }: Verified): string {
  const roots = store === "bundled" ? "Node's roots" : "Node's roots and --ca-file";
  if (problems.length === 0) return `verified with ${roots}`;
  const why = problems.map(({ code }) =>
    code === "UNSPECIFIED" ? unnamed(certificates) : Object.hasOwn(PROBLEM, code) ? (PROBLEM[code] ?? code) : code,
  );
  return `not verified with ${roots}: ${[...new Set(why)].join(", ")}`;
}

/** Node has no name for some of OpenSSL's reasons; a key or a signature that is too weak is what they mostly are. */
function unnamed(certificates: Verified["certificates"]): string {
  const [own, ...authorities] = certificates;
  const weak = weakDigestOf(own?.signature ?? null);
  if (weak !== null) return `its signature (${weak}) is too weak`;
  const above = authorities.flatMap(({ selfSigned, signature }) => (selfSigned ? [] : (weakDigestOf(signature) ?? [])));
  if (above[0] !== undefined) return `its authority's signature (${above[0]}) is too weak`;
  const size = own?.keyBits == null ? "" : ` (its key has ${own.keyBits} bits)`;
  return `OpenSSL refuses it for a reason that has no name here${size}`;
}

function short(text: string): string {
  return text.length <= NAME_SHOWN ? text : `${text.slice(0, NAME_SHOWN - 1)}…`;
}
