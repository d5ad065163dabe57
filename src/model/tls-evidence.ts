import type {
  AddressedRecord,
  DialRecord,
  Exchange,
  HandshakeRecord,
  OfferRecord,
  StepRecord,
  TlsRange,
  TransferRecord,
} from "./evidence.ts";

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
   * - `resume-1`, `resume-2`, `resume-3`: first, second and third transfer of the session, each offering the next of its tickets, and the first again where there are no more; the control connection's own session in TLS 1.2.
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
  /** Leaving TLS: `ok` when the server's close_notify came, `timed-out` when none came and the session was tried in clear all the same; null where CCC was refused. */
  left: StepRecord | null;
  /** Mode of the transfer that was tried in clear, PASV where there is IPv4: it carries an address that devices on the way rewrite. */
  mode: "epsv" | "pasv";
  /** The passive offer in clear; null where it was not come to. */
  offer: OfferRecord | null;
  /** Every endpoint dialled. */
  dialled: DialRecord[];
  /** The listing, its data connection under TLS as before; null where no data connection was had. */
  transfer: TransferRecord | null;
}
