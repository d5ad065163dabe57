import type { ControlRecord } from "../../model/evidence.ts";
import type { ControlSummary } from "../../model/report.ts";
import { type AddressFacts, decisiveLogin } from "./facts.ts";
import { serviceBehind } from "./other-services.ts";
import { isFtpGreeting } from "./under-tls.ts";

/**
 * What one control connection came to, in the report's words; whoever lets us log in (`loggedIn`) speaks FTP, whatever
 * the greeting says.
 */
export function controlOutcome(record: ControlRecord, loggedIn = false): ControlSummary["outcome"] {
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
  // A mail server greets with 220 as well.
  if (!loggedIn && serviceBehind(record) !== null) return "not-ftp";
  if (greeting.reply !== null) return greeting.reply.code === 220 ? "ready" : "rejected";
  if (greeting.outcome === "cancelled") return "cancelled";
  // In clear, where a TLS handshake was begun: FTP it is all the same.
  if (loggedIn && isFtpGreeting(greeting.firstBytes)) return "ready";
  if (greeting.firstBytes !== "") return "not-ftp";
  switch (greeting.outcome) {
    case "reset":
      return "reset";
    case "closed":
      return "closed";
    // Implicit TLS that did not come about: there was nobody to talk with.
    case "tls-failed":
      return "rejected";
    default:
      return "silent";
  }
}

/** What the address is judged by: its first control connection; null where none was tried. */
export function summariseControl(facts: AddressFacts): ControlSummary | null {
  const first = facts.controls[0];
  if (first === undefined || facts.control === null) return null;
  const { connect, greeting } = first;
  return {
    address: facts.address,
    family: facts.family,
    port: first.port,
    outcome: facts.control,
    connectMs: connect.outcome === "connected" ? connect.ms : null,
    greetingMs: greeting?.reply ? greeting.ms : null,
    protection: facts.secures.some(({ handshake }) => handshake?.outcome === "ok") ? "tls" : first.protection,
    login: decisiveLogin(facts)?.result ?? null,
    product: facts.product,
  };
}
