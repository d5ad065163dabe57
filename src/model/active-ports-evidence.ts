import type { Endpoint } from "./endpoint.ts";
import type { AddressedRecord, PortRange } from "./evidence.ts";
import type { Outcome } from "./failure.ts";

/**
 * Which of our own ports can the server call? One listing in active mode for each port tried. A port that nobody calls
 * costs a session: the server goes on calling behind our back.
 */
export interface ActivePortsRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "active-ports";
  /** The ports asked for. */
  range: PortRange;
  /** The command that names them. */
  mode: "eprt" | "port";
  /** Ports that were to be tried: all of the range, or as many spread over it. */
  planned: number;
  /** The trials in ascending order of their ports; fewer than planned where the run was stopped or no session could be had any more. */
  trials: ActivePortTrial[];
}

/** One port of ours. */
export interface ActivePortTrial {
  /** The port we listened on. */
  port: number;
  /** Listening: `ok`, or why it could not be. */
  listen: Outcome;
  /** The system's error code where it could not; null otherwise. */
  listenCode: string | null;
  /** How PORT or EPRT was answered; null where no reply came, or it was not sent. */
  reply: ActivePortReply | null;
  /** Waiting for the call; null where the command was refused. */
  accept: Outcome | null;
  /** Who called; null where nobody did. */
  calledFrom: Endpoint | null;
  /** Addresses of callers other than the server's; they were hung up on. */
  strangers: string[];
  /** How the data connection ended; null where there was none. */
  dataOutcome: Outcome | null;
  /** Code of the transfer's last reply; null where none came. */
  finalCode: number | null;
  /** First line of it; untrusted text. Missing in files of the first days. */
  finalText?: string | null;
  /** Duration in milliseconds. */
  ms: number;
}

/** How PORT or EPRT was answered. */
export interface ActivePortReply {
  /** Reply code. */
  code: number;
  /** Its first line; untrusted text. */
  text: string;
}
