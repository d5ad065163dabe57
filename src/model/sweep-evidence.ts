import type { AddressedRecord, PortRange } from "./evidence.ts";

/** What `ftp-doctor ports` was asked for. */
export interface PortsPlan {
  /** The range that the server is said to use, to be swept; null for none: then only its offers tell. */
  range: PortRange | null;
  /** Attempts begun per second, at most; null for no limit. */
  rate: number | null;
  /** Attempts in flight, at most; null for as many as fit the rate. */
  concurrency: number | null;
}

/**
 * How do all ports of a range answer? One TCP connection each, closed at once. On an idle FTP server a closed port is
 * the good answer: a port listens only while it is offered.
 */
export interface SweepRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "sweep";
  /** The ports asked for. */
  range: PortRange;
  /** Runs of equal answers in ascending order, without gaps where the sweep went to its end; ports not tried are `untried`. */
  intervals: SweptInterval[];
  /** Connection attempts made, second tries included. */
  dials: number;
  /** Ports whose first silence turned into an answer when they were tried again. */
  answeredLate: number;
  /** Limit of one attempt in milliseconds, from the measured round trip, or from the longest connect where SYNs had to be sent again. */
  limitMs: number;
  /** Round trip it was derived from, in milliseconds; null where nothing answered. */
  roundTripMs: number | null;
  /** Attempts begun per second, at most, as asked for or by default; null for no limit. */
  rate: number | null;
  /** Attempts in flight, at most. */
  concurrency: number;
  /**
   * ICMP errors came for some ports and, asked again, for others: the firewall sends only so many (Linux: one per
   * second). Null where nothing of the kind was seen.
   */
  limitedErrors: LimitedErrors | null;
  /** Times at which the sweep went slower, and why, in order. */
  slowdowns: Slowdown[];
  /**
   * Why it ended before every port had its answer. `shut-out`: ports known to answer fell silent and stayed so, as if
   * somebody had banned us; `own-limits`: this machine could dial no further; `reset-limit`: once many
   * ports had been silent, none was any more, and those sent resets too: something counts connections and resets what is beyond its
   * limit, so that no reset tells of its port; `unsettled`: answers were still being lost
   * after as many passes as are made; `offers-slow`, which the diagnosis finds: ports that were silent opened when they were offered, each
   * only after its SYN had been sent again, so that no silence tells of its port. Null where it came to its end, or was cancelled.
   */
  stopped: "shut-out" | "own-limits" | "reset-limit" | "unsettled" | "offers-slow" | null;
  /** What ports outside the range answered: a host where unlikely ports are all open accepts everything. */
  elsewhere: SweptPort[];
}

/**
 * What a port answered: `open`: it accepted; `closed`: a reset; `filtered`: silence, twice; `rejected`: an ICMP error;
 * `untried`: not asked, or its answer was lost to a limit of our own machine.
 */
export type SweptState = "open" | "closed" | "filtered" | "rejected" | "untried";

/** One port and its answer. */
export interface SweptPort {
  /** TCP port. */
  port: number;
  /** Its answer. */
  state: SweptState;
}

/** Neighbouring ports of equal answer. */
export interface SweptInterval extends PortRange {
  /** Their answer. */
  state: SweptState;
}

/** What the silence of ports means beside which some are rejected now and then. */
export interface LimitedErrors {
  /**
   * Silent ports that count as `rejected`, because each of a sample was when asked slowly; 0 where some of the sample were
   * and some were not, so that a `filtered` port may be a rejected one.
   */
  assumed: number;
}

/** A moment at which the sweep went slower. */
export interface Slowdown {
  /** Milliseconds since the start of the run. */
  atMs: number;
  /**
   * `late-answers`: ports silent at first answered when asked again; `local-ports`: this machine had no port left;
   * `descriptors`: it could open no further socket; `memory`: the kernel had no buffer; `probe-lost`: a port known to answer was silent.
   */
  why: "late-answers" | "local-ports" | "descriptors" | "memory" | "probe-lost";
  /** Attempts per second from then on; null for no limit. */
  rate: number | null;
  /** Attempts in flight from then on, at most. */
  concurrency: number;
}
