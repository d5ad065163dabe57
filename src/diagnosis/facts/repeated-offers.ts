import type { OffersRecord, PassiveRecord } from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import { carriesData } from "../../model/mode-result.ts";
import type { Facts } from "./facts.ts";
import { summariseAttempt } from "./mode-table.ts";
import { type PassiveAttempt, passiveAttempt } from "./passive-facts.ts";

/** One of several offers, laid out like an attempt; `record.id` is that of the record of all of them. */
export type RepeatedOffer = PassiveAttempt & {
  /** How the offers were made and dialled. */
  order: OffersRecord["order"];
};

/** Every repeated offer of the run, in order. */
export function repeatedOffers(facts: Facts): RepeatedOffer[] {
  return facts.addresses.flatMap(({ offers }) =>
    offers.flatMap(({ samples, order, ...base }) =>
      samples.map((sample): RepeatedOffer => {
        const record: PassiveRecord = { ...base, ...sample, experiment: "passive", timeline: [] };
        return { ...passiveAttempt(record, summariseAttempt(record)), order };
      }),
    ),
  );
}

/** Every passive attempt and every repeated offer. */
export function everyPassive(facts: Facts): PassiveAttempt[] {
  return [...facts.passive, ...repeatedOffers(facts)];
}

/** So many transfers that work again make one that stalled an accident. */
const AGAIN = 2;

/**
 * Whether an attempt stalled and each repetition of it worked, as did every other passive transfer at the address: that happens now
 * and then to any server (pyftpdlib 1.5 sometimes forgets to end a data connection), and names no cause.
 */
export function happenedOnce(
  { id, mode, address }: { id: string; mode: Mode; address: string },
  facts: Facts,
): boolean {
  const moved = everyPassive(facts).filter(({ record }) => record.address === address && record.transfer !== null);
  const failed = moved.filter(({ summary }) => !carriesData(summary.result));
  const [only] = failed;
  if (only === undefined || failed.length > 1 || only.record.id !== id || !stalled(only)) return false;
  const again = repeatedOffers(facts).filter(
    ({ record }) =>
      record.address === address &&
      record.mode === mode &&
      record.transfer !== null &&
      record.protection === only.record.protection,
  );
  return again.length >= AGAIN;
}

function stalled({ record: { transfer } }: PassiveAttempt): boolean {
  return transfer?.dataOutcome === "timed-out" && transfer.exchange.outcome === "timed-out";
}
