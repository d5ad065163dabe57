import type { DialRecord, OfferRecord, TransferRecord } from "./channel-evidence.ts";
import type { AddressedRecord, StepRecord } from "./evidence.ts";
import type { Exchange } from "./session-evidence.ts";

/** Versions of TLS as Node names them. */
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** Roots against which a certificate was verified: those that come with Node, or also those of `--ca-file`. */
export type CertificateStore = "bundled" | "bundled+ca-file";

/** One thing that verification found wrong. */
export interface TlsProblem {
  /** OpenSSL's or Node's code, such as `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT` or `ERR_TLS_CERT_ALTNAME_INVALID`. */
  code: string;
  /** Its text where it says more than the code; null otherwise. */
  text: string | null;
}

/** What one certificate says; untrusted text. */
export interface CertificateRecord {
  /** Distinguished name of its owner. */
  subject: string;
  /** Distinguished name of who signed it. */
  issuer: string;
  /** Host names and addresses it is for. */
  names: string[];
  /** Valid from, ISO 8601; null where unreadable. */
  notBefore: string | null;
  /** Valid to, ISO 8601; null where unreadable. */
  notAfter: string | null;
  /** Kind of key, such as `rsa` or `ec`; null where unknown. */
  keyType: string | null;
  /** Length of an RSA key in bits; null for other kinds. */
  keyBits: number | null;
  /** Curve of an elliptic key; null for other kinds. */
  curve: string | null;
  /** Signature algorithm, by name or object identifier; null where unreadable. */
  signature: string | null;
  /** SHA-256 of the certificate, hexadecimal with colons. */
  fingerprint256: string;
  /** Whether it signed itself. */
  selfSigned: boolean;
}

/** One TLS handshake of ours. */
export interface HandshakeRecord extends StepRecord {
  /** What the server's alert said (RFC 8446 section 6), such as `protocol_version`; null where it sent none. */
  alert: string | null;
  /** What came where a TLS record should be (at most 256 bytes, latin1, redacted); null where everything was TLS. */
  foreign: string | null;
  /**
   * Whether the server asked for a certificate of ours before the handshake failed; only to be seen in TLS 1.2 and older,
   * missing where it was not.
   */
  certificateRequested?: boolean;
  /** Bytes that came before the handshake failed; missing where it did not fail, or nothing came. */
  receivedBytes?: number;
  /** When the last of them came, in milliseconds from the beginning of the handshake; missing where `receivedBytes` is. */
  lastByteMs?: number;
  /** Whether we offered a session to resume. */
  offeredSession: boolean;
  /** Protocol versions offered; null for TLS 1.2 and 1.3. */
  versions: TlsRange | null;
  /** What was agreed on; null where the handshake failed. */
  agreed: AgreedTls | null;
}

/** Versions of TLS from one to another. */
export interface TlsRange {
  /** Lowest. */
  from: TlsVersion;
  /** Highest. */
  to: TlsVersion;
}

/** What a handshake agreed on. */
export interface AgreedTls {
  /** Protocol version, such as `TLSv1.3`. */
  version: string;
  /** Cipher suite by its IANA name. */
  cipher: string;
  /** Whether an earlier session was resumed. */
  resumed: boolean;
  /** What verification found wrong; empty where the certificate is good. A resumed session has only its name checked. */
  problems: TlsProblem[];
  /** Roots it was verified with. */
  store: CertificateStore;
  /**
   * Which of them the chain ends in; missing where it was not verified, and where it ends in none, or there was no
   * `--ca-file` to tell apart from the others.
   */
  root?: "bundled" | "ca-file";
  /** The chain, the server's own certificate first, empty where it sent none; on a data connection the first one alone. */
  certificates: CertificateRecord[];
}

/** Can the control connection be put under TLS? */
export interface SecureRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "secure";
  /** 1 for the first attempt at this address, 2 for the next, ... */
  ordinal: number;
  /** `explicit`: AUTH on a connection in clear (RFC 4217); `implicit`: TLS from the first byte. */
  how: "explicit" | "implicit";
  /** True where nobody had asked for implicit TLS: it was tried beside a connection on which the server kept silent. */
  knock?: boolean;
  /** AUTH TLS, and AUTH SSL where only that was taken; empty for implicit TLS. */
  auth: Exchange[];
  /** The handshake; null where it did not come to that. */
  handshake: HandshakeRecord | null;
  /** PBSZ 0 (RFC 4217 section 8); null where not sent. */
  pbsz: Exchange | null;
  /** PROT P (RFC 4217 section 9); null where not sent. */
  prot: Exchange | null;
}

/** TLS on a data connection. */
export interface DataTlsRecord {
  /** The handshake. */
  handshake: HandshakeRecord;
  /** Whether it had to wait for the preliminary reply (150), or was over before it; null where no such reply came. */
  beforePreliminary: boolean | null;
  /** Whether the server ended with close_notify; null where it did not end, or nothing tells. */
  closeNotify: boolean | null;
  /** Whether its certificate is the control connection's; null where it is not known, as in a resumed session. */
  sameCertificate: boolean | null;
}

/**
 * Which versions of TLS does the server speak on the control connection, and what else helps? Made where a handshake of
 * the control connection failed, or `--tls-matrix` asks for it. Each trial has a connection of its own and no login.
 */
export interface TlsVersionsRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "tls-versions";
  /** `explicit`: AUTH on a connection in clear (RFC 4217); `implicit`: TLS from the first byte. */
  how: "explicit" | "implicit";
  /** The trials, in the order in which they were made; fewer than were planned where connections or time ran out, `note` says so. */
  trials: TlsTrial[];
}

/** One handshake on a control connection of its own. */
export interface TlsTrial {
  /** Versions offered; null for what an ordinary handshake offers (TLS 1.2 and 1.3). */
  versions: TlsRange | null;
  /**
   * Whether suites, keys and signatures were offered and taken that are thought too weak today (OpenSSL's security
   * level 0); always so for TLS 1.0 and 1.1, which cannot do without.
   */
  weak: boolean;
  /** Whether the host's name was sent along (SNI, RFC 6066 section 3); never for a target that is an address. */
  named: boolean;
  /** Id of its session; null for implicit TLS, where no greeting is waited for, and where none could be had. */
  session: string | null;
  /** AUTH; null for implicit TLS, and where it did not come to that. */
  auth: Exchange | null;
  /** The handshake; null where it did not come to that. */
  handshake: HandshakeRecord | null;
}

/**
 * What do data connections under TLS depend on? Made where one failed under TLS, or `--tls-matrix` asks for it; one
 * record per control connection, which was made for it and speaks one version of TLS.
 */
export interface TlsMatrixRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "tls-matrix";
  /** The one version the control connection offered; null where it was an ordinary one. */
  versions: TlsRange | null;
  /** The version that was agreed on; null where the control connection was not had. */
  version: string | null;
  /** Mode of the data connections. */
  mode: "epsv" | "pasv";
  /** The transfers, in the order in which they were made on the one session. */
  trials: MatrixTrial[];
}

/** One transfer of the matrix. */
export interface MatrixTrial {
  /**
   * How the data connection was protected and what was resumed.
   *
   * - `resume-1`, `resume-2`, `resume-3`: first, second and third transfer of the session, each offering the next of its
   *   tickets, and the first again where there are no more; the control connection's own session in TLS 1.2.
   * - `same-ticket`: offers the very ticket of the transfer before it.
   * - `no-resume`: a full handshake.
   * - `after-preliminary`: resumes, but begins the handshake only when the preliminary reply (150) has come.
   * - `prot-c`: in clear, after PROT C.
   */
  what: "resume-1" | "resume-2" | "resume-3" | "same-ticket" | "no-resume" | "after-preliminary" | "prot-c";
  /** Id of the control connection it was made on: another one where the one before it was lost. */
  session: string;
  /** Which of the control connection's sessions was offered, from 1 for the oldest; null where none was. */
  ticket: number | null;
  /** How many of them there were. TLS 1.2 has one; in TLS 1.3 these are the tickets that the server sent. */
  tickets: number;
  /** PROT C or P that was sent before it; null where none was needed. */
  prot: Exchange | null;
  /** The passive offer; null where it was not come to. */
  offer: OfferRecord | null;
  /** Every endpoint dialled. */
  dialled: DialRecord[];
  /** The listing; null where no data connection was had. */
  transfer: TransferRecord | null;
}

/** What becomes of a session that goes back to a control connection in clear (RFC 4217 section 6)? Only made for `--ccc`. */
export interface CccRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "ccc";
  /** CCC; null where it was not sent. */
  exchange: Exchange | null;
  /**
   * Leaving TLS: `ok` when the server's close_notify came, else why it did not; the session was tried in clear all the
   * same. Null where CCC was refused.
   */
  left: StepRecord | null;
  /** NOOP, the first command in clear; left out where it was not come to. */
  noop?: Exchange;
  /** Mode of the transfer that was tried in clear, PASV where there is IPv4: it carries an address that devices on the way rewrite. */
  mode: "epsv" | "pasv";
  /** The passive offer in clear; null where it was not come to. */
  offer: OfferRecord | null;
  /** Every endpoint dialled. */
  dialled: DialRecord[];
  /** The listing, its data connection under TLS as before; null where no data connection was had. */
  transfer: TransferRecord | null;
}
