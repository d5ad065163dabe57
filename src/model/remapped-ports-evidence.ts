import type { OfferRecord, TransferRecord } from "./channel-evidence.ts";
import type { AddressedRecord, PortRange } from "./evidence.ts";
import type { SweptState } from "./sweep-evidence.ts";

/**
 * Are the ports that the server offers forwarded with other numbers? While an offer stands, the ports of a declared range are
 * dialled: the one that leads to the server's listener accepts, and carries the listing. Made only where a range was declared and
 * swept, and every port offered lies outside of it and is closed.
 */
export interface RemappedPortsRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "remapped-ports";
  /** Mode of its offers. */
  mode: "epsv" | "pasv";
  /** The declared range. */
  range: PortRange;
  /** The offers, in the order in which they were made. */
  trials: RemappedTrial[];
}

/** One offer, and what the declared range answered while it stood. */
export interface RemappedTrial {
  /** The offer. */
  offer: OfferRecord;
  /** Ports that were dialled. */
  dialled: number;
  /** Ports that accepted, and hung up or spoke within a moment: a forwarder whose inside port is closed, or another service. */
  passedOver: number;
  /** Ports that accepted and kept waiting, as a server does before the transfer command; at most 20. */
  held: HeldPort[];
  /** The listing, over the one port that was held; `over` names it. Null where none was, or several. */
  transfer: TransferRecord | null;
}

/** A port that accepted a connection while an offer stood. */
export interface HeldPort {
  /** TCP port. */
  port: number;
  /** What it had answered when it was swept, with no offer standing. */
  idle: SweptState;
}
