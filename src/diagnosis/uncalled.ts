import type { ActiveRecord } from "../model/evidence.ts";
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
      nobodyCalled(record) &&
      !listingRefused(record) &&
      !saysBindFailed(record) &&
      !endsSession(record) &&
      !isListingUnheard(record, facts),
  );
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
