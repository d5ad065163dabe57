import type { DialRecord } from "./channel-evidence.ts";
import type { Endpoint, Family } from "./endpoint.ts";
import type { LoginRecord, RecordBase } from "./evidence.ts";
import type { Outcome } from "./failure.ts";
import type { Mode, Protection } from "./mode.ts";

/**
 * A further round of a repeated run (`--repeat`): the same questions as the run itself asked first, on fresh control
 * connections. Only what can differ between rounds is kept, so that a hundred of them fit into a report.
 */
export interface RoundRecord extends RecordBase {
  /** 2 for the first repetition: round 1 is the run itself. */
  ordinal: number;
  /** What the name resolved to this time, one entry per family. */
  resolved: RoundResolved[];
  /** One entry per address. */
  visits: RoundVisit[];
}

/** What the name resolved to in one family. */
export interface RoundResolved {
  /** The family asked for. */
  family: Family;
  /** `ok`, or why there is no address. */
  outcome: Outcome;
  /** IP literals; empty where there are none. */
  addresses: string[];
}

/** One address in one round. */
export interface RoundVisit {
  /** IP literal. */
  address: string;
  /** Its family. */
  family: Family;
  /** Every control connection, in the order in which they were opened. */
  connections: RoundConnection[];
  /** Every attempt to move bytes. */
  attempts: RoundAttempt[];
}

/** One control connection of a round. */
export interface RoundConnection {
  /** Id of the session, such as `round-1-session-2`, to which attempts point: unique in the evidence; null where TCP did not connect. */
  session: string | null;
  /** What became of the TCP connect. */
  connect: Outcome;
  /** Time it took in milliseconds. */
  connectMs: number;
  /** The greeting: how waiting for it ended, and its reply; null where TCP did not connect. */
  greeting: RoundAnswer | null;
  /** What the login gave; null where it was not tried. */
  login: LoginRecord["result"] | null;
  /** The certificate on the control connection; null where it stayed in clear, or TLS failed. */
  certificate: RoundCertificate | null;
  /** What else the server answered, at most 12 commands: wordings tell products apart. */
  said: RoundSaid[];
}

/** What tells one certificate from another. */
export interface RoundCertificate {
  /** Distinguished name of its owner; untrusted text. */
  subject: string;
  /** SHA-256 of the certificate, hexadecimal with colons. */
  fingerprint256: string;
}

/** What a command was answered. */
export interface RoundSaid {
  /** The command's first word. */
  command: string;
  /** Code of the last reply. */
  code: number;
  /** Its first line; untrusted text. */
  text: string;
}

/** One attempt to move bytes in one round. */
export interface RoundAttempt {
  /** The mode. */
  mode: Mode;
  /** Protection of the data channel. */
  protection: Protection;
  /** The session it was made on; null where none could be had. */
  session: string | null;
  /** As in every record. */
  status: RecordBase["status"];
  /** As in every record. */
  note: string | null;
  /** EPSV, PASV, EPRT or PORT; null where it was not sent. */
  command: RoundAnswer | null;
  /** What the server advertised, or we offered; null where there was nothing. */
  endpoint: Endpoint | null;
  /** Endpoints dialled in passive modes. */
  dialled: RoundDial[];
  /** Waiting for the server's call in active modes; null elsewhere, and where the command was refused. */
  accept: Outcome | null;
  /** Who called in active modes; null where nobody did. */
  calledFrom: Endpoint | null;
  /** The listing; null where none was begun. */
  transfer: RoundTransfer | null;
  /** Duration of the attempt in milliseconds. */
  ms: number;
}

/** One endpoint dialled in one round. */
export interface RoundDial {
  /** As in every dial. */
  role: DialRecord["role"];
  /** Where to. */
  endpoint: Endpoint;
  /** What became of it. */
  outcome: Outcome;
  /** Time until then in milliseconds. */
  ms: number;
}

/** A command's, or the greeting's, end. */
export interface RoundAnswer {
  /** `ok`: a reply came, whatever its code. */
  outcome: Outcome;
  /** Code of the last reply; null where none came. */
  code: number | null;
  /** Its first line, at most 160 characters; empty where none came. */
  text: string;
}

/** A listing of one round. */
export interface RoundTransfer extends RoundAnswer {
  /** Remote end of the data connection; null where there was none. */
  over: Endpoint | null;
  /** How the data connection ended; null where there was none. */
  dataOutcome: Outcome | null;
  /** Bytes received. */
  bytes: number;
}
