import type { OffersRecord, PassiveRecord } from "../model/evidence.ts";
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
