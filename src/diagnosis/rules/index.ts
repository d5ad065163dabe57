import type { Rule } from "../define-rule.ts";
import { pasvPrivateAddress } from "./pasv-private-address.ts";

/** Every rule, in the catalogue's order. Add a rule by one file here and one line below. */
export const rules: readonly Rule[] = [
  // A. Reaching the control port
  // B. Login and authorisation
  // D. Passive mode: the advertised address
  pasvPrivateAddress,
];

/** The rule of this id. */
export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
