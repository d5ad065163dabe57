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
  resolved: { family: Family; outcome: Outcome; addresses: string[] }[];
  /** One entry per address. */
  visits: RoundVisit[];
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
  /** Id of the session within its round, to which attempts point; null where TCP did not connect. */
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
  certificate: { subject: string; fingerprint256: string } | null;
  /** What else the server answered, at most 12 commands: wordings tell products apart. */
  said: { command: string; code: number; text: string }[];
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
  dialled: { role: DialRecord["role"]; endpoint: Endpoint; outcome: Outcome; ms: number }[];
  /** Waiting for the server's call in active modes; null elsewhere, and where the command was refused. */
  accept: Outcome | null;
  /** Who called in active modes; null where nobody did. */
  calledFrom: Endpoint | null;
  /** The listing; null where none was begun. */
  transfer: RoundTransfer | null;
  /** Duration of the attempt in milliseconds. */
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
