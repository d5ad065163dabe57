import type { ActiveRecord } from "../../model/evidence.ts";
import { type ActiveAttempt, listingRefused, nobodyCalled } from "./active-refusals.ts";
import { saysBindFailed } from "./bind-failure.ts";
import type { Facts } from "./facts.ts";

/**
 * The attempts of which the server accepted the port and then called nobody, for no other reason that shows: it did not refuse the
 * listing, did not end the session, could open its own end, and answers listings at all.
 */
export function uncalled(facts: Facts): ActiveAttempt[] {
  return facts.active.filter(
    ({ record }) =>
      (nobodyCalled(record) || callsFirst(record, facts)) &&
      !listingRefused(record) &&
      !saysBindFailed(record) &&
      !endsSession(record) &&
      !isListingUnheard(record, facts),
  );
}

/** Servers that call as soon as they are told the port, and answer PORT and EPRT only when that has succeeded or failed. */
const CALLING_FIRST: readonly string[] = ["pyftpdlib", "Twisted"];

/** Whether the server calls, or has called, in vain: it has not answered the port, as is its way until its call is through, or with 425. */
function callsFirst({ address, accept, exchange }: ActiveRecord, facts: Facts): boolean {
  const product = facts.addresses.find((seen) => seen.address === address)?.product;
  if (accept !== null || exchange === null || !CALLING_FIRST.includes(product?.name ?? "")) return false;
  return exchange.outcome === "timed-out" || exchange.replies.at(-1)?.code === 425;
}

/** A 421 at the listing that does not speak of the data connection: the server ends the session, and calls nobody any more. */
function endsSession({ transfer }: ActiveRecord): boolean {
  const last = transfer?.exchange.replies.at(-1);
  return last?.code === 421 && !/data|active|time-?out|timed out/i.test(last.lines.join(" "));
}

/** Whether LIST got no answer, neither here nor over the passive data connections that came about at this address. */
export function isListingUnheard({ address, transfer }: ActiveRecord, facts: Facts): boolean {
  if (transfer === null || transfer.exchange.replies.length > 0) return false;
  const others = facts.passive.flatMap(({ record }) =>
    record.address === address && record.transfer !== null ? [record.transfer.exchange] : [],
  );
  return others.length > 0 && others.every(({ outcome, replies }) => outcome === "timed-out" && replies.length === 0);
}
