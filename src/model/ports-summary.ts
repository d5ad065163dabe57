import type { ActiveReach } from "./active-reach.ts";
import type { PortRange } from "./evidence.ts";
import type { Outcome } from "./failure.ts";

/** State of a swept port. */
export type PortState = "open" | "closed" | "filtered" | "rejected";

/** Passive ports seen in this run. */
export interface PortsSummary {
  /** Ports the server offered, each with what became of the dial. */
  offered: OfferedPort[];
  /** Smallest and largest port offered; null where none was. */
  observed: ObservedPorts | null;
  /** What the offers tell of the server's range; null where there were too few. Missing in files of the first days. */
  estimate?: PortEstimate | null;
  /** Result of a sweep, the first address' where there are several; null where none was made. */
  swept: PortSweep | null;
  /** Results of the sweeps of all addresses, one per family at most; missing in files of the first days. */
  sweeps?: PortSweep[];
  /** Which of our own ports the server can call, per address; missing where that was not asked (`ports --active-ports`). */
  active?: ActiveReach[];
}

/** The server's passive range as its offers show it; it claims no more than their number allows. */
export interface PortEstimate {
  /** IP literal of the server: the address with the most offers. */
  address: string;
  /** Offers it rests on. */
  samples: number;
  /** Different ports among them. */
  distinct: number;
  /**
   * How the server takes its ports. `sequential`: one after another; `random`: without any order; `fixed`: one port again and again;
   * `unknown`: the offers do not tell, `basis` says why.
   */
  allocation: "sequential" | "random" | "fixed" | "unknown";
  /** How that is known, in a few words. */
  basis: string;
  /** The whole range lies between here and `to`, with `confidence`; null where the offers do not tell. */
  from: number | null;
  /** See `from`. */
  to: number | null;
  /** Probability that the range lies in there, 0 to 1, as long as all offers come from one range; null where `from` is. */
  confidence: number | null;
  /** The likeliest range: round numbers where there are some within reach. A guess for people; null where `from` is. */
  likely: PortRange | null;
  /** A well-known range that fits; null where none does, or several offers more would be needed to say so. */
  looksLike: LooksLike | null;
  /** What is worth knowing of such a range though nothing has failed for it. */
  remarks: PortRemark[];
}

/** A well-known range that fits the offers. */
export interface LooksLike extends PortRange {
  /** Who uses it. */
  whose: string;
  /**
   * `system`: the operating system gives the ports out, the server has no range set; `product`: the server's default;
   * `setting`: a control panel's.
   */
  origin: "system" | "product" | "setting";
}

/** Something worth knowing of a passive range. */
export interface PortRemark {
  /**
   * `no-range`: none seems to be set, so a firewall would have to open all of a system's; `few-ports`: fewer than ten;
   * `predictable`: the next port can be guessed; `taken-ports`: some are inspected by firewalls or held by other services;
   * `privileged`: some lie below 1024.
   */
  kind: "no-range" | "few-ports" | "predictable" | "taken-ports" | "privileged";
  /** One sentence. */
  text: string;
  /** Ports it speaks of; empty where it speaks of all. */
  ports: number[];
}

/** One port the server offered. */
export interface OfferedPort {
  /** TCP port. */
  port: number;
  /** What became of the dial. */
  outcome: Outcome;
}

/** The span of the ports offered. */
export interface ObservedPorts {
  /** Smallest port. */
  min: number;
  /** Largest port. */
  max: number;
}

/** Result of trying every port of a range. */
export interface PortSweep extends PortRange {
  /** Ports per state. */
  counts: PortCounts;
  /** Runs of equal state, in ascending order; ports that were not tried are gaps between them. */
  intervals: PortInterval[];
  /** IP literal that was swept; like all below, missing in files of the first days. */
  address?: string;
  /** Ports that were not tried, or whose answer was lost to a limit of this machine. */
  untried?: number;
  /** False where every port accepts, also such as nothing can be on: something else answers in the server's place. */
  believed?: boolean;
  /** False where no offer opened at the address: resets may then be a firewall's. Missing in older files. */
  proven?: boolean;
  /**
   * Closed in the sweep, and refusing even while the server offers them: the resets come from something before it. As far as the
   * offers tell; missing in older files.
   */
  refusedAnyway?: PortRange[];
  /** Declared as the server's range, and stopped on the way: filtered or rejected. */
  unreachable?: PortRange[];
  /** Open though the server does not offer them: another service listens there, and FTP cannot use them. */
  taken?: PortRange[];
  /**
   * True where every port that opened when it was offered accepts also while nothing is offered: something before the server answers,
   * which may lead to it (a forwarder that accepts by itself) or not. No open port is then called taken. Missing in older files.
   */
  answeredAnyway?: boolean;
  /** Reachable, and outside of what the server's offers come from; null where these do not tell, or not every port was tried. */
  neverOffered?: PortRange[] | null;
  /** Offered by the server, and outside of the range swept. */
  offeredOutside?: number[];
  /** What is worth knowing of the range as it was declared, and was not said of `estimate`; missing in older files. */
  remarks?: PortRemark[];
  /** Attempts begun per second, at most; null for no limit. */
  rate?: number | null;
  /** How long it took, in milliseconds. */
  durationMs?: number;
  /** How often it had to go slower. */
  slowdowns?: number;
  /**
   * Why it ended early. `shut-out`: ports that had answered fell silent and stayed so, as if a firewall had banned this
   * machine; `own-limits`: this machine could dial no further; `reset-limit`: something counts connections and
   * resets what is beyond its limit, so that no reset tells of its port; `unsettled`: answers were being lost until the last of as many
   * passes as are made; `offers-slow`: ports that were silent opened when they were offered, each only after
   * its SYN had been sent again, so that no silence tells of its port. Null where it came to its end, or was interrupted.
   */
  stopped?: "shut-out" | "own-limits" | "reset-limit" | "unsettled" | "offers-slow" | null;
  /**
   * Silent ports that count as rejected: the firewall sends only so many ICMP errors, and each of a sample was rejected when
   * asked slowly. 0: only some of the sample were, so that a filtered port may be rejected. Null where errors are not limited.
   */
  assumedRejected?: number | null;
}

/** Ports per state. */
export interface PortCounts {
  /** Something listened and accepted. */
  open: number;
  /** A reset answered: reachable, nothing listens. */
  closed: number;
  /** Nothing answered. */
  filtered: number;
  /** An ICMP error answered. */
  rejected: number;
}

/** Neighbouring ports of equal state. */
export interface PortInterval extends PortRange {
  /** Their state. */
  state: PortState;
}
