import type { UnprobedCause } from "./cause.ts";
import { CLIENT_CAUSES } from "./client-log.ts";
import { MEASURED_ELSEWHERE } from "./measurement.ts";

export type { ShownBy, UnprobedCause } from "./cause.ts";

/** Every cause of the catalogue that no rule looks for, each once; what has a rule does not stand here. */
export const UNPROBED_CAUSES: readonly UnprobedCause[] = [...MEASURED_ELSEWHERE, ...CLIENT_CAUSES];

/** The cause of this id; undefined where it is none, or a rule's. */
export function unprobedCause(id: string): UnprobedCause | undefined {
  return UNPROBED_CAUSES.find((cause) => cause.id === id);
}
