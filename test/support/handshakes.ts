import type {
  AddressedRecord,
  CertificateRecord,
  DataTlsRecord,
  HandshakeRecord,
  SecureRecord,
  TlsProblem,
  TlsTrial,
} from "../../src/model/evidence.ts";
import type { Outcome } from "../../src/model/failure.ts";
import { exchangeAt, step } from "./attempts.ts";

/** What a handshake came to; everything left out is as with a healthy server. */
export interface HandshakeSketch {
  /** How it ended; `ok` where left out. */
  outcome?: Outcome;
  /** Error code of a failed one. */
  code?: string;
  /** What the server's alert said, such as `protocol_version`. */
  alert?: string;
  /** Clear text that came in place of a TLS record. */
  foreign?: string;
  /** Versions offered; null for TLS 1.2 and 1.3. */
  versions?: HandshakeRecord["versions"];
  /** The server asked for a certificate of the client. */
  certificateRequested?: boolean;
  /** Bytes that came of a handshake that failed, and when the last of them did. */
  came?: { bytes: number; lastMs: number };
  /** A session to resume was offered. */
  offeredSession?: boolean;
  /** Protocol version agreed on. */
  version?: string;
  /** Cipher suite agreed on. */
  cipher?: string;
  /** An earlier session was resumed. */
  resumed?: boolean;
  /** What verification found wrong, by code or in full. */
  problems?: readonly (string | TlsProblem)[];
  /** Roots it was verified with. */
  store?: "bundled" | "bundled+ca-file";
  /** Which of them it ends in. */
  root?: "bundled" | "ca-file";
  /** The chain, the server's own first; what is left out of a certificate is as in `certificate()`. */
  certificates?: readonly Partial<CertificateRecord>[];
}

/** What an attempt to put the control connection under TLS came to. */
export interface SecureSketch extends HandshakeSketch {
  /** AUTH on a connection in clear, or TLS from the first byte. */
  how?: SecureRecord["how"];
  /** Replies to AUTH TLS and, where there are two, to AUTH SSL. Null: none came. */
  auth?: string | readonly string[] | null;
  /** How the last AUTH ended where no reply came. */
  authOutcome?: Outcome;
  /** The handshake was tried only because the port kept silent. */
  knock?: boolean;
  /** What came behind a handshake with which the connection began; the greeting of an FTP server where left out. */
  said?: { greeting: string | null; greetingOutcome: Outcome; greetingLimitMs?: number; firstBytes?: string };
  /** False: AUTH was accepted, but no handshake was begun; refused AUTH has none by itself. */
  begun?: boolean;
  /** Reply to PBSZ 0; null: not sent. */
  pbsz?: string | null;
  /** Reply to PROT P; null: not sent. */
  prot?: string | null;
  /** How PROT P ended where no reply came. */
  protOutcome?: Outcome;
}

/** What TLS on a data connection came to. */
export interface DataTlsSketch extends HandshakeSketch {
  /** See `DataTlsRecord`. */
  beforePreliminary?: boolean | null;
  /** See `DataTlsRecord`. */
  closeNotify?: boolean | null;
  /** See `DataTlsRecord`. */
  sameCertificate?: boolean | null;
}

/** One handshake with another offer than the ordinary one. */
export interface TrialSketch extends Pick<TlsTrial, "versions" | "weak" | "named"> {
  /** What it came to. */
  handshake: HandshakeSketch;
}

/** A good certificate for ftp.example.com at the built evidence's date; the fields given replace its own. */
export function certificate(fields: Partial<CertificateRecord> = {}): CertificateRecord {
  return {
    subject: "CN=ftp.example.com",
    issuer: "CN=Example Intermediate CA, O=Example",
    names: ["ftp.example.com"],
    notBefore: "2025-11-01T00:00:00Z",
    notAfter: "2026-11-01T00:00:00Z",
    keyType: "ec",
    keyBits: null,
    curve: "prime256v1",
    signature: "sha256WithRSAEncryption",
    fingerprint256: "AA:BB:CC",
    selfSigned: false,
    ...fields,
  };
}

/** The record of a handshake. */
export function handshakeAt(sketch: HandshakeSketch): HandshakeRecord {
  const outcome = sketch.outcome ?? "ok";
  return {
    ...step(outcome, sketch.code ?? null),
    limitMs: 10_000,
    alert: sketch.alert ?? null,
    foreign: sketch.foreign ?? null,
    ...(sketch.certificateRequested === true ? { certificateRequested: true } : {}),
    ...(sketch.came === undefined ? {} : { receivedBytes: sketch.came.bytes, lastByteMs: sketch.came.lastMs }),
    offeredSession: sketch.offeredSession ?? false,
    versions: sketch.versions ?? null,
    agreed:
      outcome !== "ok"
        ? null
        : {
            version: sketch.version ?? "TLSv1.3",
            cipher: sketch.cipher ?? "TLS_AES_256_GCM_SHA384",
            resumed: sketch.resumed ?? false,
            problems: (sketch.problems ?? []).map((each) =>
              typeof each === "string" ? { code: each, text: null } : each,
            ),
            store: sketch.store ?? "bundled",
            ...(sketch.root === undefined ? {} : { root: sketch.root }),
            certificates: (sketch.certificates ?? [{}]).map(certificate),
          },
  };
}

/** A trial of the record of versions. */
export function trialAt({ versions, weak, named, handshake }: TrialSketch): TlsTrial {
  return { versions, weak, named, session: null, auth: null, handshake: handshakeAt({ versions, ...handshake }) };
}

/** The record of TLS on a data connection that resumed the control connection's session. */
export function dataTlsAt(sketch: DataTlsSketch): DataTlsRecord {
  const handshake = handshakeAt({ offeredSession: true, resumed: true, ...sketch });
  const whenOk = <T>(given: T | null | undefined, healthy: T): T | null =>
    given === undefined ? (handshake.outcome === "ok" ? healthy : null) : given;
  return {
    handshake,
    beforePreliminary: whenOk(sketch.beforePreliminary, false),
    closeNotify: whenOk(sketch.closeNotify, true),
    sameCertificate: sketch.sameCertificate ?? null,
  };
}

/** The record of putting a control connection under TLS. */
export function secureRecord(base: AddressedRecord, ordinal: number, sketch: SecureSketch): SecureRecord {
  const how = sketch.how ?? "explicit";
  const atMs = base.startedMs;
  const replies = sketch.auth === undefined ? "234 Proceed with negotiation." : sketch.auth;
  const texts = replies === null ? [null] : typeof replies === "string" ? [replies] : replies;
  const auth =
    how === "implicit"
      ? []
      : texts.map((text, index) => exchangeAt(atMs, `AUTH ${index === 0 ? "TLS" : "SSL"}`, text, sketch.authOutcome));
  const last = texts.at(-1) ?? "";
  const begun = sketch.begun ?? (how === "implicit" || /^(?:2\d\d|334)/.test(last));
  const handshake = begun ? handshakeAt(sketch) : null;
  const answer = (verb: string, reply: string | null | undefined, healthy: string) =>
    handshake?.outcome !== "ok" || reply === null ? null : exchangeAt(atMs, verb, reply ?? healthy);
  return {
    ...base,
    protection: how === "implicit" ? "tls" : "clear",
    experiment: "secure",
    ordinal,
    how,
    ...(sketch.knock === true ? { knock: true } : {}),
    auth,
    handshake,
    pbsz: answer("PBSZ 0", sketch.pbsz, "200 PBSZ set to 0."),
    prot:
      sketch.protOutcome === undefined
        ? answer("PROT P", sketch.prot, "200 PROT now Private.")
        : exchangeAt(atMs, "PROT P", null, sketch.protOutcome),
  };
}
