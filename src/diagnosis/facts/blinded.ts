import { isPublic, sideOf } from "../../model/address.ts";
import type { CccRecord } from "../../model/evidence.ts";
import { type ActiveAttempt, offersInside } from "./active-refusals.ts";
import { namedAttempts } from "./advertised-address.ts";
import type { Facts } from "./facts.ts";
import { type PassiveAttempt, sameAddress } from "./passive-facts.ts";
import { type DialledAttempt, offeredPorts } from "./passive-ports.ts";
import { under } from "./protections.ts";
import { uncalled } from "./uncalled.ts";

/** Passive ports that open only where the control connection can be read. */
export interface BlindPorts {
  /** Those under TLS, none of which opened. */
  closed: DialledAttempt[];
  /** Those in clear of which some opened. */
  open: DialledAttempt[];
}

/** The addresses at which every port offered under TLS stays closed while in clear they open. */
export function blindPorts(facts: Facts): BlindPorts[] {
  const offered = offeredPorts(facts).filter(({ protection }) => protection !== null);
  return offered.flatMap(({ address, protection, pattern, attempts }) => {
    if (protection !== "tls" || pattern.kind !== "closed") return [];
    const clear = offered.find((other) => other.address === address && other.protection === "clear");
    return [{ closed: attempts, open: clear?.attempts.filter(({ answer }) => answer === "open") ?? [] }];
  });
}

/** An address in a 227 that is rewritten only where the control connection can be read. */
export interface BlindAddress {
  /** The 227 under TLS. */
  tls: PassiveAttempt;
  /** The 227 in clear: of a session in clear, or of one that went back to it (CCC). */
  clear: PassiveAttempt | CccRecord;
}

/** The 227s that name another address under TLS than in clear, where it is the one in clear that is the peer's. */
export function blindAddresses(facts: Facts): BlindAddress[] {
  return facts.addresses.flatMap(({ address, cccs }) => {
    const named = namedAttempts(facts).filter(({ record }) => record.address === address);
    const tls = under("tls", named).find(({ namesPeer, summary }) => !namesPeer && summary.result !== "works");
    if (tls === undefined) return [];
    const before = under("clear", named);
    const clear =
      before.length > 0
        ? before.find(({ namesPeer }) => namesPeer)
        : cccs.find(({ offer }) => offer?.advertised != null && sameAddress(offer.advertised.address, address));
    return clear === undefined ? [] : [{ tls, clear }];
  });
}

/**
 * Ports that stay closed under TLS and open on the very session that went back to clear text (CCC); there was none in
 * clear from the start.
 */
export function openedByCcc(facts: Facts): { closed: DialledAttempt[]; ccc: CccRecord }[] {
  return offeredPorts(facts).flatMap(({ address, protection, pattern, attempts }) => {
    const allTls = attempts.every(({ record }) => record.protection === "tls");
    if (protection !== null || pattern.kind !== "closed" || !allTls) return [];
    const cccs = facts.addresses.find((at) => at.address === address)?.cccs ?? [];
    const ccc = cccs.find(({ dialled }) => dialled.some(({ outcome }) => outcome === "connected"));
    return ccc === undefined ? [] : [{ closed: attempts, ccc }];
  });
}

/** Active attempts that are not called under TLS and are in clear, beside the one in clear. */
export interface BlindActive {
  /** Under TLS: nobody called, or the server refused the address. */
  tls: ActiveAttempt;
  /** In clear: it works. */
  clear: ActiveAttempt;
}

/**
 * The active attempts that fail only under TLS. `nat`: we name an address of the inside to a server outside, so that in
 * clear somebody must have rewritten it; `firewall`: the address is right, and in clear somebody opened the way for the call.
 */
export function blindActive(facts: Facts, what: "nat" | "firewall"): BlindActive[] {
  const notCalled = uncalled(facts);
  return facts.active.flatMap((tls) => {
    const { record, summary } = tls;
    if (record.protection !== "tls" || offersInside(record) !== (what === "nat")) return [];
    const refused = what === "nat" && summary.result === "refused";
    if (!refused && !notCalled.includes(tls)) return [];
    const clear = facts.active.find(
      (other) =>
        other.record.address === record.address &&
        other.record.mode === record.mode &&
        other.record.protection === "clear" &&
        other.summary.result === "works",
    );
    return clear === undefined ? [] : [{ tls, clear }];
  });
}

/** Whether a named address can only have been rewritten on the way: one of an inside, from a server reached outside. */
export function isInsideName({ named, record }: PassiveAttempt): boolean {
  return named !== null && sideOf(named.address) !== "public" && isPublic(record.address);
}
