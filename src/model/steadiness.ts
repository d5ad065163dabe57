import type { Family } from "./endpoint.ts";
import type { Outcome } from "./failure.ts";
import type { Mode, Protection } from "./mode.ts";
import type { ModeSummary } from "./report.ts";

/** How alike the rounds of a repeated run came out. */
export interface Steadiness {
  /** Rounds made, the first one included. */
  rounds: number;
  /** Rounds asked for; more than were made after Ctrl+C, a deadline or a refused login. */
  asked: number;
  /** One entry per mode, protection and address. Modes that do not apply are left out. */
  modes: SteadyMode[];
  /** What was not the same in every round; empty where everything was. */
  changes: RoundChange[];
}

/** One mode over all rounds. */
export interface SteadyMode {
  /** The mode. */
  mode: Mode;
  /** Protection of the data channel. */
  protection: Protection;
  /** Family of the control connection. */
  family: Family;
  /** Address of the control peer. */
  address: string;
  /** Rounds in which bytes moved, also where the advertised address had to be replaced. */
  works: number;
  /** Those of them, by their numbers from 1, in which the advertised address had to be replaced. */
  repaired: number[];
  /** Rounds that tell: those that were stopped, or never came to the mode, do not count. */
  of: number;
  /** How the others ended, the most frequent first. */
  failures: RoundFailure[];
  /** Duration of the attempts that worked, in milliseconds; null where none did. */
  ms: Spread | null;
}

/** Rounds that failed in the same way. */
export interface RoundFailure {
  /** As in the mode table; `no-session`: no control connection or no login was had. */
  result: Exclude<ModeSummary["result"], "works" | "repaired"> | "no-session";
  /** Where it failed, as in the mode table; null where there was no session. */
  stage: ModeSummary["stage"];
  /**
   * Where there was no session, how the control connection or the name's resolution failed; null where a login did, or there was a
   * session. Missing in files of the first days.
   */
  control?: Outcome | null;
  /** Numbers of the rounds, from 1. */
  rounds: number[];
}

/** Smallest, middle and largest of some durations, in milliseconds. */
export interface Spread {
  /** Smallest. */
  min: number;
  /** Half are not above it. */
  median: number;
  /** Largest. */
  max: number;
}

/** Something that differed between rounds: a sign of several machines behind one name or address. */
export interface RoundChange {
  /**
   * `addresses`: what the name resolved to. `greeting`: the server's first words, counters and clocks left out. `product`: as
   * recognised. `certificate`: of the control connection. `advertised`: the address in the answer to PASV.
   */
  what: "addresses" | "greeting" | "product" | "certificate" | "advertised";
  /** The address at which it was seen; the family for `addresses`. */
  at: string;
  /** The values, the one that was seen first at first; untrusted text. */
  values: RoundValue[];
}

/** A value that differed between rounds. */
export interface RoundValue {
  /** The value; untrusted text. */
  value: string;
  /** Ordinals of the rounds in which it was seen. */
  rounds: number[];
}
