import type { DialRecord, OffersRecord, PassiveRecord, SweepRecord } from "../../model/evidence.ts";
import { liesIn, rangesOf } from "./port-survey.ts";

/** A SYN without an answer is sent again after 1 s (RFC 6298 section 2): whoever connects later than that needed more than one. */
const SECOND_SYN_MS = 1_000;

/** What was dialled of the ports that an address offered. */
export interface Offered {
  /** Attempts of the modes. */
  passive: readonly PassiveRecord[];
  /** Repeated offers. */
  offers: readonly OffersRecord[];
}

/**
 * The sweep without the silence that proves nothing: where ports it found silent opened when they were offered, and each only after its
 * SYN had been sent again, the offers took what the sweep may not have waited for. Nobody knows then whether it is the offer that opens
 * them, or the patience. One that opened at once shows that it is the offer.
 */
export function withoutDoubtedSilence(sweep: SweepRecord, offered: Offered): SweepRecord {
  const silent = rangesOf(sweep.intervals, (state) => state === "filtered");
  const opened = dialsOf(offered).filter(
    ({ outcome, endpoint }) =>
      outcome === "connected" && endpoint.address === sweep.address && liesIn(endpoint.port, silent),
  );
  if (opened.length === 0 || opened.some(({ ms }) => ms < SECOND_SYN_MS)) return sweep;
  const untold = rangesOf(sweep.intervals, (state) => state === "filtered" || state === "untried");
  const intervals = [
    ...sweep.intervals.filter(({ state }) => state !== "filtered" && state !== "untried"),
    ...untold.map((range) => ({ ...range, state: "untried" as const })),
  ].sort((one, other) => one.from - other.from);
  return { ...sweep, intervals, stopped: sweep.stopped ?? "offers-slow" };
}

function dialsOf({ passive, offers }: Offered): DialRecord[] {
  return [
    ...passive.flatMap(({ dialled }) => dialled),
    ...offers.flatMap(({ samples }) => samples.flatMap(({ dialled }) => dialled)),
  ];
}
