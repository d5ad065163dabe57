import type { Remedy } from "../model/report.ts";
import type { Args } from "./define-rule.ts";
import type { Facts } from "./facts.ts";

/** How to make the server name the address under which it is reached. */
export function mendAddress(_facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function mendContainer(_facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function mendHairpin(_facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function mendPorts(_facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function mendActive(_facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function mendServer(_topic: string, _facts: Facts, _args: Args): Remedy[] {
  return [];
}
export function adviseClient(_topic: string, _text: string): Remedy[] {
  return [];
}
