import type { Exchange } from "../../model/evidence.ts";
import { MODES } from "../../model/mode.ts";
import type { NextStep } from "../../model/report.ts";
import { duration, listed } from "../../model/words.ts";
import { type Attempt, exchangesOf, type Facts, lastReply } from "../facts/facts.ts";
import { moreTime, PATIENT_S } from "./next.ts";

/** An answer that takes so long is slow, however far the server is. */
const SLOW_MS = 1_000;
/** So many slow answers in a row are no chance. */
const SLOW_ANSWERS = 3;

/** What the time for one address did not suffice for, and how slow the server was; null where it was enough. */
export function usedUpWords(facts: Facts): string | null {
  const open = stoppedModes(facts);
  const [first] = open;
  if (first === undefined) return null;
  const times = answerTimes(facts, first.record.address);
  const slow = times.length >= SLOW_ANSWERS && times.every((ms) => ms >= SLOW_MS);
  const pace = slow
    ? `The server is extremely slow: its answers took ${duration(Math.min(...times))} to ${duration(Math.max(...times))}. `
    : "";
  const ends = open.map(({ record }) => record.startedMs + record.durationMs);
  return `${pace}${named(open)} ${open.length === 1 ? "was" : "were"} stopped after ${duration(Math.max(...ends))}, when the time for one address was used up; --timeout ${PATIENT_S} gives it more.`;
}

/** The measurement that would tell of the modes that were stopped; none where none was. */
export function nextOfUsedUp(facts: Facts): NextStep[] {
  const open = stoppedModes(facts);
  return open.length === 0 ? [] : [moreTime(facts, `Whether ${named(open)} can work, with more time for the address.`)];
}

/** Attempts that were under way, in a run that came to its end, when their address had had its time; one per row. */
function stoppedModes({ evidence, attempts, rows }: Facts): Attempt[] {
  if (!evidence.complete) return [];
  return attempts.filter(
    ({ record, summary }) =>
      record.status === "cancelled" &&
      rows.some((row) => row.record === summary.record && row.result === "inconclusive"),
  );
}

/** How long the plain answers of an address took; a listing takes as long as its data. */
function answerTimes({ evidence }: Facts, at: string): number[] {
  return evidence.experiments
    .flatMap((record): (Exchange | null)[] => {
      if (record.experiment === "resolve" || record.address !== at) return [];
      switch (record.experiment) {
        case "identify":
        case "login":
        case "directory":
          return exchangesOf([record]);
        case "passive":
          return [record.offer?.exchange ?? null];
        case "active":
          return [record.exchange];
        default:
          return [];
      }
    })
    .flatMap((exchange) => (exchange !== null && lastReply(exchange) !== null ? [exchange.ms] : []));
}

function named(attempts: readonly Attempt[]): string {
  const modes = MODES.filter((mode) => attempts.some(({ record }) => record.mode === mode));
  return listed(modes.map((mode) => mode.toUpperCase()));
}
