import type { AddressClass } from "../model/address.ts";
import type { Mode } from "../model/mode.ts";
import type { Habits, ModeStep, Replacement, Setback } from "./policy.ts";

/** A refusal of either kind. */
export const REFUSED: readonly Setback[] = ["refused-4xx", "refused-5xx"];
/** Whatever goes wrong before a data connection stands. */
export const ANYTHING: readonly Setback[] = [
  ...REFUSED,
  "wrong-answer",
  "unreadable",
  "dial-failed",
  "replaced-dial-failed",
];

/** One mode of a client's list. */
export function step(mode: Mode, ...next: readonly ModeStep["next"][]): ModeStep {
  return { mode, next: Object.assign({}, ...next) };
}

/** After these setbacks it goes on with that mode. */
export function orElse(mode: Mode, ...setbacks: readonly Setback[]): ModeStep["next"] {
  return Object.fromEntries(setbacks.map((setback) => [setback, mode]));
}

/** RFC 1918, which every client that knows private addresses means by them. */
export const PRIVATE: readonly AddressClass[] = ["private"];
/** What most clients call unroutable; carrier-grade NAT (100.64/10) and 0.0.0.0 are not among them. */
const UNROUTABLE: readonly AddressClass[] = ["private", "loopback", "link-local"];

/** Uses the control connection's address whatever the 227 says. */
export const ALWAYS_THE_PEER: readonly Replacement[] = [{ named: "any", peer: "any" }];
/** Believes every 227. */
export const NEVER: readonly Replacement[] = [];
/** Replaces what cannot be reached from outside, where the server itself can. */
export const UNROUTABLE_OF_A_ROUTABLE_PEER: readonly Replacement[] = [
  { named: { in: UNROUTABLE }, peer: { notIn: UNROUTABLE } },
];

/** Speaks no TLS at all. */
export const NO_TLS: Pick<Habits, "tls" | "implicitTls" | "resumesTls" | "protectsData" | "untrusted"> = {
  tls: "never",
  implicitTls: false,
  resumesTls: null,
  protectsData: null,
  untrusted: null,
};
