import type { Endpoint } from "./endpoint.ts";
import type { AddressedRecord, StepRecord } from "./evidence.ts";
import type { Outcome } from "./failure.ts";
import type { Exchange, TimelineEvent } from "./session-evidence.ts";
import type { DataTlsRecord } from "./tls-evidence.ts";

/** One attempt to move bytes over a data connection that we open (PASV, EPSV). */
export interface PassiveRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "passive";
  /** Which mode. */
  mode: "epsv" | "pasv";
  /** The offer: command, reply and the endpoint read from it; null where no session could be had. */
  offer: OfferRecord | null;
  /** Every endpoint dialled, in order. */
  dialled: DialRecord[];
  /** The listing; null where no data connection was had. */
  transfer: TransferRecord | null;
  /** What happened in which order. */
  timeline: TimelineEvent[];
}

/** One attempt to move bytes over a data connection that the server opens (PORT, EPRT). */
export interface ActiveRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "active";
  /** Which mode. */
  mode: "eprt" | "port";
  /** Our listener. */
  listen: StepRecord;
  /** The endpoint put into the command; null where listening failed. */
  offered: Endpoint | null;
  /** PORT or EPRT and its reply; null where it was not sent. */
  exchange: Exchange | null;
  /** Waiting for the call; null where the command was refused. `closed`: the server gave up first, its reply is in `transfer`. */
  accept: StepRecord | null;
  /** Who called; null where nobody did. */
  calledFrom: Endpoint | null;
  /** Callers with another address than the server's; they were hung up on. */
  strangers: Endpoint[];
  /** The listing; null where the transfer command was not sent. */
  transfer: TransferRecord | null;
  /** What happened in which order. */
  timeline: TimelineEvent[];
}

/** A passive offer. */
export interface OfferRecord {
  /** PASV or EPSV and its reply. */
  exchange: Exchange;
  /** The endpoint named; for EPSV the control peer's address with the port. Null where none could be read. */
  advertised: Endpoint | null;
  /** Readable deviations from RFC 959 and RFC 2428, such as `no-parentheses`; empty when there are none. */
  oddities: string[];
  /** Why no valid endpoint could be read from a positive reply; null where one could. */
  problem: string | null;
}

/** One TCP connect of a passive data connection. */
export interface DialRecord {
  /** Where to. */
  endpoint: Endpoint;
  /** `advertised`: what the server named; `peer`: the control connection's address with the same port. */
  role: "advertised" | "peer";
  /** When it was begun, in milliseconds since the start of the run. */
  startedMs: number;
  /** What became of it. */
  outcome: Outcome;
  /** The system's error code; null where there was none. */
  code: string | null;
  /** Time until the outcome, in milliseconds. */
  ms: number;
  /** The limit it ran under, in milliseconds. */
  limitMs: number;
}

/** A listing over a data connection. */
export interface TransferRecord {
  /** The transfer command and its replies, the preliminary one (1xx) and the closing one. */
  exchange: Exchange;
  /** Remote end of the data connection used; null where there was none. */
  over: Endpoint | null;
  /**
   * How the data connection ended: `ok` in order, `closed` by us after a negative reply or the control connection's
   * end, `protocol-error` cut off by us while it still flowed, at 8 MiB or at the limit, `reset`, `timed-out`,
   * `tls-failed`, `cancelled`; null where there was none.
   */
  dataOutcome: Outcome | null;
  /** Bytes received. */
  bytes: number;
  /** From the data connection's start to its first byte, in milliseconds; null where none came. */
  firstByteMs: number | null;
  /** The beginning of the listing, at most 2 KiB, latin1. */
  sample: string;
  /** TLS on the data connection; null or missing where it was in clear, or there was none. */
  tls?: DataTlsRecord | null;
}
