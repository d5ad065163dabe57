import type { ProbeOptions } from "./options.ts";

/** Limits of the steps of a run, in milliseconds. */
export interface Limits {
  /** A connect to the control port, a command, a whole listing however busy. */
  stepMs: number;
  /** The greeting and the reply to PASS: reverse look-ups of 30 s are common (ctl-banner-delay). */
  patientMs: number;
  /** Waiting for 221 after QUIT: politeness, not evidence. */
  quitMs: number;
}

/** The patience greeting and PASS get where the user set no limit. */
const PATIENCE_MS = 30_000;
/** A lost SYN is sent again after 1 s and after 3 s (RFC 6298 section 2); half a second for the answer. */
const TWO_RETRANSMISSIONS_MS = 3_500;
/** An answer may take a few round trips of a loaded path. */
const ROUND_TRIPS = 4;
/** A polite server says goodbye within a round trip; nobody waits longer for a word that tells nothing. */
const FAREWELL_MS = 500;

/** The limits of a run under the options given. */
export function limitsOf(options: ProbeOptions): Limits {
  return {
    stepMs: options.timeoutMs,
    patientMs: options.timeoutGiven ? options.timeoutMs : Math.max(PATIENCE_MS, options.timeoutMs),
    quitMs: Math.min(FAREWELL_MS, options.timeoutMs),
  };
}

/** Limit of a data connection's set-up, from the control connection's measured connect time. */
export function dialLimitMs(connectMs: number, options: ProbeOptions): number {
  return Math.min(options.timeoutMs, Math.round(TWO_RETRANSMISSIONS_MS + ROUND_TRIPS * connectMs));
}
