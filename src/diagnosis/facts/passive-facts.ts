import { type AddressInfo, canonicalAddress, classifyAddress } from "../../model/address.ts";
import type { Endpoint } from "../../model/endpoint.ts";
import type { DialRecord, PassiveRecord } from "../../model/evidence.ts";
import type { ModeSummary } from "../../model/report.ts";
import { quoteExchange } from "./quote.ts";

/** A passive attempt as most rules look at it: what was named, and what became of the dials. */
export interface PassiveAttempt {
  /** The evidence. */
  record: PassiveRecord;
  /** The row of the mode table. */
  summary: ModeSummary;
  /** The control connection's peer. */
  peer: AddressInfo;
  /** The endpoint the server named; null where it named none. */
  advertised: Endpoint | null;
  /** Class of the address it named; null where it named none. */
  named: AddressInfo | null;
  /** Whether the named address is the peer's. */
  namesPeer: boolean;
  /** The dial to the endpoint named; null where it was not made or was cancelled. */
  atAdvertised: DialRecord | null;
  /**
   * The dial to the same port at the peer's address (the same dial where the peer was named); null where it was not
   * made or was cancelled.
   */
  atPeer: DialRecord | null;
}

/** Lays a passive attempt out for the rules. */
export function passiveAttempt(record: PassiveRecord, summary: ModeSummary): PassiveAttempt {
  const advertised = record.offer?.advertised ?? null;
  const namesPeer = advertised !== null && sameAddress(advertised.address, record.address);
  const dials = record.dialled.filter((dial) => dial.outcome !== "cancelled");
  const atAdvertised = dials.find((dial) => dial.role === "advertised") ?? null;
  return {
    record,
    summary,
    peer: classifyAddress(record.address),
    advertised,
    named: advertised === null ? null : classifyAddress(advertised.address),
    namesPeer,
    atAdvertised,
    atPeer: namesPeer ? atAdvertised : (dials.find((dial) => dial.role === "peer") ?? null),
  };
}

/** PASV and EPSV with what was said to them, as `seen`. */
export function seenOffers(attempts: readonly PassiveAttempt[]): string[] {
  return attempts
    .flatMap(({ record }) => (record.offer === null ? [] : [quoteExchange(record.offer.exchange)]))
    .slice(0, 3);
}

/** Whether two literals are one address, however they are written. */
export function sameAddress(a: string, b: string): boolean {
  return a === b || (canonicalAddress(a) ?? a) === (canonicalAddress(b) ?? b);
}
