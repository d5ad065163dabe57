import type { Endpoint } from "../model/endpoint.ts";

/** How a 227 or 229 deviates from RFC 959 and RFC 2428 while its endpoint can still be read. */
export type OfferOddity =
  /** The numbers stand in no brackets at all. */
  | "no-parentheses"
  /** `[]`, `{}` or `<>` in place of parentheses. */
  | "other-brackets"
  /** The opening bracket is never closed. */
  | "unclosed-parenthesis"
  /** More than the numbers stands between the brackets, such as `(ftp://0,0,0,0,4,5)`. */
  | "text-in-parentheses"
  /** Spaces between the numbers or delimiters. */
  | "spaces-inside"
  /** A number has leading zeros; read as decimal. */
  | "leading-zeros"
  /** The reply has several lines. */
  | "several-lines"
  /** More than one group of numbers could be meant. */
  | "several-groups"
  /** 229 with another delimiter than `|`, such as `!` on IBM i. */
  | "other-delimiter"
  /** 229 without the delimiter behind the port. */
  | "missing-delimiter"
  /** 229 that names a family or an address; only the port counts (RFC 2428 section 3). */
  | "address-in-229"
  /** PASV was answered with a 229. */
  | "answered-with-229"
  /** EPSV was answered with a 227. */
  | "answered-with-227"
  /** Another positive code than 227 and 229. */
  | "answered-with-other-code"
  /** A 227 written as a 229, or the other way round. */
  | "text-of-other-code";

/** An endpoint read from a reply, or in plain words why none could be. */
export type AddressReading =
  | { ok: true; endpoint: Endpoint; oddities: OfferOddity[] }
  | { ok: false; problem: string; oddities: OfferOddity[] };

/** A port read from a reply, or in plain words why none could be. */
export type PortReading =
  | { ok: true; port: number; oddities: OfferOddity[] }
  | { ok: false; problem: string; oddities: OfferOddity[] };
