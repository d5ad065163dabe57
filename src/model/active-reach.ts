import type { Family } from "./endpoint.ts";
import type { PortRange } from "./evidence.ts";

/**
 * What became of one of our ports. `works`: the server called and bytes moved. `cut`: it called, and the transfer failed.
 * `blocked`: it took the command, and no call arrived. `refused`: it refused the command. `busy`: this machine could not
 * listen there. `untried`: the run was stopped, or no session could be had any more.
 */
export type ActivePortState = "works" | "cut" | "blocked" | "refused" | "busy" | "untried";

/** Which of our own ports the server at one address can call. */
export interface ActiveReach extends PortRange {
  /** Address of the control peer. */
  address: string;
  /** Its family. */
  family: Family;
  /** The command that named the ports. */
  mode: "eprt" | "port";
  /** Whether every port of the range was tried; where not, `intervals` go from one tried port to another. */
  everyPort: boolean;
  /** Ports tried, per state. */
  counts: ActivePortCounts;
  /** Neighbouring tried ports of equal state, in ascending order. */
  intervals: ActivePortInterval[];
  /**
   * As many logins (`--max-logins`) as would let the untried ports be tried; null where there are none, or something else than the
   * logins allowed ended it. Missing in files of the first days.
   */
  loginsWanted?: number | null;
  /** Whether the calls came from port 20, where RFC 959 has them come from and old firewall rules expect them; null where nobody called. */
  fromPort20: "always" | "sometimes" | "never" | null;
  /** Addresses other than the server's from which calls came. */
  strangers: string[];
}

/** Ports of ours per state. */
export interface ActivePortCounts {
  /** The server called and bytes moved. */
  works: number;
  /** It called, and the transfer failed. */
  cut: number;
  /** It took the command, and no call arrived. */
  blocked: number;
  /** It refused the command. */
  refused: number;
  /** This machine could not listen there. */
  busy: number;
  /** Not tried. */
  untried: number;
}

/** Neighbouring tried ports of equal state. */
export interface ActivePortInterval extends PortRange {
  /** Their state. */
  state: ActivePortState;
  /** How many of them were tried; missing in files of the first days, where all were. */
  tried?: number;
  /** What the server said at the first of them in place of calling; untrusted text. Null where it said nothing, or it called. */
  said?: string | null;
  /**
   * It accepted the ports and gave up at once, before a second try of its call could have been due: its call was refused, or it is
   * still calling the same port from a run shortly before.
   */
  gaveUpAtOnce?: boolean;
}
