import type { ControlRecord, Exchange } from "../../model/evidence.ts";
import { type AddressFacts, exchangesOf, lastReply } from "./facts.ts";

/** Where everything takes this long, half an answer at the limit is slowness, and no fault of form. */
const SLUGGISH_MS = 1_000;

/** Whether the greeting and every answer of this server took long. */
export function isSlowThroughout({ controls, identify, logins }: AddressFacts): boolean {
  const greeting = controls[0]?.greeting;
  if (greeting == null || greeting.ms < SLUGGISH_MS) return false;
  return exchangesOf([...(identify === null ? [] : [identify]), ...logins])
    .filter((exchange) => lastReply(exchange) !== null)
    .every(({ ms }) => ms >= SLUGGISH_MS);
}

/** Whether a reply had begun and was not complete when the limit passed. */
export function isCutShort({ outcome, replies, partial }: Exchange): boolean {
  return outcome === "timed-out" && (partial !== undefined || replies.at(-1)?.oddities.includes("unfinished") === true);
}

/** A server that has fallen silent for longer than this has stopped in the middle of its reply. */
const ARRIVING_MS = 2_000;
/** Of a short limit it is this part. */
const ARRIVING_PART = 4;

/** Whether bytes of the reply were still coming when the limit passed: then the limit ended it, and not the server. */
export function wasArriving(exchange: Exchange): boolean {
  return isCutShort(exchange) && isFresh(exchange.partial, exchange.ms);
}

/** The same of a greeting; what cannot be the beginning of one is no slow one. */
export function greetingWasArriving({ greeting }: ControlRecord): boolean {
  if (greeting === null || greeting.reply !== null || greeting.outcome !== "timed-out") return false;
  return GREETING.test(greeting.firstBytes) && isFresh(greeting.partial, greeting.ms);
}

/** How a reply may begin, as far as it has come. */
const GREETING = /^\s{0,8}[1-5]\d{0,2}(?:$|[ -])/;

function isFresh(partial: Exchange["partial"], ms: number): boolean {
  return partial !== undefined && partial.quietMs <= Math.min(ARRIVING_MS, ms / ARRIVING_PART);
}
