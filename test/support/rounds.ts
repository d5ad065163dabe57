import type { Evidence, RecordBase } from "../../src/model/evidence.ts";
import { digest } from "../../src/rounds/digest.ts";
import type { EvidenceBuilder } from "./evidence.ts";

/** What one round met, with the status of its record where it did not come to its end. */
export type RoundSketch = EvidenceBuilder | [EvidenceBuilder, RecordBase["status"]];

/** Evidence of a repeated run: the first round is the run itself, the others are condensed as the probe does it. */
export function repeated(first: EvidenceBuilder, ...others: RoundSketch[]): Evidence {
  return {
    ...first.policy({ repeat: others.length + 1 }).build(),
    rounds: others.map((sketch, index) => {
      const [round, status] = Array.isArray(sketch) ? sketch : [sketch, "done" as const];
      const times = { startedMs: 5_000 * (index + 1), durationMs: 100 };
      return {
        ...{ id: `round-${index + 1}`, ordinal: index + 2, status, note: null, ...times },
        ...digest(round.build().experiments),
      };
    }),
  };
}
