import type { AddressClass } from "../model/address.ts";
import type { Mode } from "../model/mode.ts";

/**
 * What went wrong with one mode, as a client sees it.
 *
 * - `refused-4xx`, `refused-5xx`: the server answered the mode's command with a refusal.
 * - `wrong-answer`: a positive reply of another kind, such as a 227 to EPSV.
 * - `unreadable`: the reply names no endpoint that can be read.
 * - `dial-failed`: the data connection could not be opened.
 * - `replaced-dial-failed`: the same, to an address that the client had put in place of the one named.
 */
export type Setback =
  | "refused-4xx"
  | "refused-5xx"
  | "wrong-answer"
  | "unreadable"
  | "dial-failed"
  | "replaced-dial-failed";

/** One mode that a client tries. */
export interface ModeStep {
  /** The mode. */
  mode: Mode;
  /** With which mode it goes on after which setback; after any other it gives up. */
  next: Partial<Record<Setback, Mode>>;
}

/** Which addresses are meant. */
export type AddressSet = "any" | { in: readonly AddressClass[] } | { notIn: readonly AddressClass[] };

/** When a client puts the control connection's address in place of the one in a 227. */
export interface Replacement {
  /** Class of the address in the 227. */
  named: AddressSet;
  /** Class of the control connection's peer. */
  peer: AddressSet;
}

/** What a client does with a server, as far as it decides whether a transfer comes about. */
export interface Habits {
  /** Modes over IPv4; it begins with the first. */
  ipv4: readonly ModeStep[];
  /** Modes over IPv6; null where it speaks IPv4 alone; `unknown` where that could not be found out. */
  ipv6: readonly ModeStep[] | null | "unknown";
  /**
   * Which of a host's addresses it prefers; `system`: the order that the system's resolver gives, IPv6 first on most
   * machines with a route to it.
   */
  prefers: "system" | "ipv4" | "ipv6";
  /**
   * Several addresses: `one-by-one`: the next after the connect failed. `side-by-side`: the next a moment later (RFC 8305), so that
   * a dead one costs nothing. `first-only`: none but the first. `unknown`: could not be found out.
   */
  addresses: "one-by-one" | "side-by-side" | "first-only" | "unknown";
  /** When the address in a 227 is replaced by the control connection's; empty: never. */
  replaces: readonly Replacement[];
  /** Takes a 227 that names another address than the control connection's for an error; left out: it does not. */
  refusesOtherAddress?: boolean;
  /**
   * Goes over from passive to active mode only in a new session, which it opens after a pause of many seconds; left
   * out: in the same one.
   */
  pausesBeforeActive?: boolean;
  /**
   * Where FEAT lists PASV it does not go over to active mode when a data connection cannot be opened; left out: FEAT
   * makes no difference.
   */
  staysPassiveWhereListed?: boolean;
  /** Whose call it takes in active mode: only the server's own address, or anybody's; left out: not known. */
  callers?: "server-only" | "anybody";
  /** Reads the first line of a 227 alone, and fails where the address stands in a later one; left out: it reads them all. */
  readsFirstLineOnly?: boolean;
  /** Classes of addresses in a 227 for which it is not known what the client does. */
  unsureOf: readonly AddressClass[];
  /** How long it waits for a reply before it gives up, in milliseconds; null: longer than this program waits, or for ever. */
  replyLimitMs: number | null;
  /**
   * TLS on the control connection: where the server offers it, the same but not for an anonymous login, only when asked for, always
   * (it has been asked for), or never.
   */
  tls: "when-offered" | "when-offered-to-accounts" | "on-request" | "required" | "never";
  /** Whether it can be told to begin with TLS (implicit TLS). */
  implicitTls: boolean;
  /** Whether the data connection resumes the control connection's TLS session; null where not known or without TLS. */
  resumesTls: boolean | null;
  /**
   * Whether it puts data connections under TLS (PROT P) of its own accord once the control connection is; null where
   * not known or without TLS.
   */
  protectsData: boolean | null;
  /**
   * What it does with a certificate that it cannot verify: `asks`: its user decides; `looks-at-dates`: refuses it for
   * these alone. Null where not known or without TLS.
   */
  untrusted: "refuses" | "asks" | "looks-at-dates" | "accepts" | null;
  /**
   * How its settings go on to name the file with an authority of one's own, with `{file}` in the file's place; left out where that is
   * not known or done in other ways than words.
   */
  trusts?: string;
}

/** A setting that changes a client's habits. */
export interface Setting {
  /** What to write or click. */
  text: string;
  /** What it changes. */
  changes: Partial<Habits>;
}

/** One client, or one span of its versions. */
export interface ClientPolicy extends Habits {
  /** Id that stays. */
  id: string;
  /** Name for people, with the versions it speaks of. */
  name: string;
  /**
   * How well the habits are known: `source`: read in the client's source. `documentation`: told by its maker or in its
   * help. `general-knowledge`: neither was at hand.
   */
  basis: "source" | "documentation" | "general-knowledge";
  /** Where they were read; in general knowledge, what speaks for them. */
  sources: readonly string[];
  /** Settings that can help, the mildest first; the first one under which a transfer comes about is recommended. */
  settings: readonly Setting[];
}
