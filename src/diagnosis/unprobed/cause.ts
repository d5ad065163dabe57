/**
 * Why no rule looks for a cause of the catalogue. `measurement`: only another measurement than the ones made shows it; findings name
 * it as a rival. `client-log`: it is a client's doing, only the client's log shows it.
 */
export type ShownBy = "measurement" | "client-log";

/** A cause of the catalogue that no rule of this version looks for. */
export interface UnprobedCause {
  /** Catalogue id. */
  id: string;
  /** What shows it. */
  shownBy: ShownBy;
  /** A few words that go before the id, and stand in the list. */
  title: string;
  /** What it is and how it shows, for `explain`. */
  meaning: string;
  /** How to mend it, for `explain`. */
  mend: string;
}
