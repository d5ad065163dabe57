import type { ClientForecast } from "../model/report.ts";
import type { Facts } from "./facts.ts";

/** What common clients would do, from what was seen. */
export function forecast(_facts: Facts): ClientForecast[] {
  return [];
}
