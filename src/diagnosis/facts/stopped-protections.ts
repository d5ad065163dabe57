import { isPassive } from "../../model/mode.ts";
import { carriesData } from "../../model/mode-result.ts";
import type { Facts } from "./facts.ts";

/**
 * Ids of the passive attempts that failed under a protection with which none moved data at any address. Clients choose their protection
 * and not their luck: to those that use this one nothing passive works, however well the other one does. Of several addresses they take the next.
 */
export function stoppedPassive({ attempts }: Facts): ReadonlySet<string> {
  const passive = attempts.filter(({ record }) => isPassive(record.mode));
  const stopped = passive.filter(
    ({ record, summary }) =>
      (summary.result === "blocked" || summary.result === "refused") &&
      !passive.some((other) => other.record.protection === record.protection && carriesData(other.summary.result)),
  );
  return new Set(stopped.map(({ record }) => record.id));
}
