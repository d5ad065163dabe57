import type { ControlRecord } from "../model/evidence.ts";
import type { ControlSummary } from "../model/report.ts";

/** What one control connection came to, in the report's words. */
export function controlOutcome(record: ControlRecord): ControlSummary["outcome"] {
  if (record.status === "cancelled") return "cancelled";
  const { connect, greeting } = record;
  switch (connect.outcome) {
    case "connected":
      break;
    case "refused":
    case "timed-out":
    case "reset":
    case "closed":
    case "cancelled":
      return connect.outcome;
    default:
      return "unreachable";
  }
  if (greeting === null) return "cancelled";
  if (greeting.reply !== null) return greeting.reply.code === 220 ? "ready" : "rejected";
  if (greeting.outcome === "cancelled") return "cancelled";
  if (greeting.firstBytes !== "") return "not-ftp";
  switch (greeting.outcome) {
    case "reset":
      return "reset";
    case "closed":
      return "closed";
    default:
      return "silent";
  }
}
