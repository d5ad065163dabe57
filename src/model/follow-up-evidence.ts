import type { DialRecord, OfferRecord, TransferRecord } from "./channel-evidence.ts";
import type { Endpoint } from "./endpoint.ts";
import type { AddressedRecord, StepRecord } from "./evidence.ts";
import type { Outcome } from "./failure.ts";
import type { Exchange, ReplyRecord } from "./session-evidence.ts";

/**
 * Repeated passive offers of one mode: made where that mode failed, or `--samples` asks for them. They show which port
 * numbers the server uses and whether the answer depends on the number, changes at random, or is the same each time.
 */
export interface OffersRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "offers";
  /** Which mode. */
  mode: "epsv" | "pasv";
  /**
   * `side-by-side`: all offers first, then all ports dialled at once, so that silence costs one limit in all; each offer
   * ends the listener of the one before, so `refused` there proves that the port can be reached. `one-by-one`: each port
   * is dialled as soon as it is offered, while its listener stands. `with-transfer`: the same, and a listing each time.
   */
  order: "side-by-side" | "one-by-one" | "with-transfer";
  /** The offers, in the order in which they were made. */
  samples: OfferSample[];
}

/** One of several offers. */
export interface OfferSample {
  /** The offer. */
  offer: OfferRecord;
  /** Every endpoint dialled for it. */
  dialled: DialRecord[];
  /** The listing; null where none was asked for or no data connection was had. */
  transfer: TransferRecord | null;
}

/** TCP connects to ports of the host that the server did not offer: what tells the look-alikes of a failure apart. */
export interface OtherPortsRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "other-ports";
  /**
   * `tarpit-control`: three random ports on which nothing can be expected; where all accept, an accepted connection proves nothing.
   * `host-alive`: well-known ports of other services and of FTP elsewhere, where the control port does not answer.
   * `near-offer`: ports near a refused offer (its bytes swapped, its neighbours), where a server may listen by mistake.
   */
  purpose: "tarpit-control" | "host-alive" | "near-offer";
  /** The connects, made side by side. */
  tried: PortTrial[];
}

/** One TCP connect to a port. */
export interface PortTrial extends StepRecord {
  /** Where to. */
  endpoint: Endpoint;
  /** What it said by itself within a moment (at most 256 bytes, latin1); empty when nothing, or when it was not waited for. */
  firstBytes: string;
  /** From the connection to these, in milliseconds; missing where none came, and in files of older versions. */
  firstBytesMs?: number;
}

/** Transfers of growing size on one session: up to which size do they arrive? */
export interface LadderRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "ladder";
  /** `download`: listings and existing files; `upload`: files written by us, only where the user named a directory for it. */
  direction: "download" | "upload";
  /** Mode of its data connections. */
  mode: "epsv" | "pasv";
  /** The steps, smallest first. It ends at the first that fails. */
  steps: LadderStep[];
}

/** One transfer of a ladder. */
export interface LadderStep {
  /** `listing`, or `file` for RETR and STOR. */
  what: "listing" | "file";
  /** Path given to the command; null for a listing of the present directory. */
  path: string | null;
  /** Size in bytes: what SIZE or MLSD said, or what was sent; null where it was not known before. */
  sizeBytes: number | null;
  /** The passive offer; null where it was not come to. */
  offer: OfferRecord | null;
  /** Every endpoint dialled. */
  dialled: DialRecord[];
  /** The transfer; null where no data connection was had. `bytes` counts what was moved in either direction. */
  transfer: TransferRecord | null;
  /** Size of an uploaded file as the server reports it afterwards (SIZE, RFC 3659 section 4); null where it was not asked or not told. */
  storedBytes: number | null;
  /** Whether our file was deleted again; null where none was written. */
  deleted: boolean | null;
  /** True where our file may still lie on the server, for somebody to delete by hand; missing where it does not. */
  leftBehind?: true;
}

/** Does a control connection survive being idle? Only made where the user asks for it. */
export interface HoldRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "hold";
  /** How long it was to be idle, in milliseconds. */
  holdMs: number;
  /** How long it was idle, in milliseconds; less where the server ended it before, or the run was stopped. */
  idledMs: number;
  /** What the server sent during the wait, such as a 421; null where nothing came. */
  said: ReplyRecord | null;
  /** How the connection ended during the wait; null where it did not. */
  ended: Outcome | null;
  /** NOOP after the wait; null where it did not come to that. */
  exchange: Exchange | null;
  /** The same on a second connection that was kept busy with NOOP; null where no second one could be had. */
  keptBusy: KeptBusyRecord | null;
}

/** The control connection that was kept busy meanwhile. */
export interface KeptBusyRecord {
  /** Id of its session. */
  session: string;
  /** Time between two NOOPs in milliseconds. */
  everyMs: number;
  /** NOOPs that were answered. */
  answered: number;
  /** The last NOOP; null where none was sent. */
  last: Exchange | null;
}
