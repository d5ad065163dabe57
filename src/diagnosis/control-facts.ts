import { formatEndpoint } from "../model/endpoint.ts";
import type { Severity } from "../model/report.ts";
import type { Args, Judgement } from "./define-rule.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import type { Said } from "./said.ts";

/**
 * Whether this machine has no address of the address's family and so no way there: then nothing can be said about the
 * server.
 */
export function noWayFromHere(address: AddressFacts, facts: Facts): boolean {
  const connect = address.controls[0]?.connect;
  if (connect === undefined || (connect.outcome !== "unreachable" && connect.outcome !== "local-error")) return false;
  const { addresses } = facts.evidence.client;
  return address.family === "ipv6" && !addresses.some((own) => own.includes(":") && !own.startsWith("fe80"));
}

/** A control fault is critical where it leaves no address to log in to, else a warning. */
export function controlSeverity(facts: Facts): Severity {
  return facts.loggedIn || facts.addresses.some(({ control }) => control === "ready") ? "warning" : "critical";
}

/** A fault of the login is critical where nobody was let in, else a warning. */
export function loginSeverity(facts: Facts): Severity {
  return facts.loggedIn ? "warning" : "critical";
}

/** `203.0.113.5:21` for the words. */
export function controlEndpoint(address: AddressFacts, facts: Facts): string {
  return formatEndpoint({ address: address.address, port: facts.evidence.target.port });
}

/** The values that nearly all words about the control connection need. */
export function controlArgs(addresses: readonly AddressFacts[], facts: Facts): Args {
  return {
    host: facts.evidence.target.host,
    port: facts.evidence.target.port,
    addresses: addresses.map(({ address }) => address),
    endpoints: addresses.map((address) => controlEndpoint(address, facts)).join(" and "),
  };
}

/** The answer of a rule that goes by a server's wording: certain, because the server says it itself. */
export function judgeWording(
  facts: Facts,
  found: readonly Said[],
  options: {
    at: "server-config" | "server-host" | "server-firewall" | "credentials" | "tls";
    confidence?: "certain" | "likely";
  },
): Judgement {
  if (facts.addresses.every(({ control }) => control === null || control === "cancelled")) {
    return { kind: "undetermined", missing: "no control connection" };
  }
  if (found.length === 0) return { kind: "absent" };
  return {
    kind: "present",
    confidence: options.confidence ?? "certain",
    at: options.at,
    args: {
      ...controlArgs([...new Set(found.map(({ at }) => at))], facts),
      text: found[0]?.quote ?? "",
      to: found[0]?.to ?? "",
      first: found.some(({ ordinal }) => ordinal === 1),
    },
    because: [...new Set(found.map(({ record }) => record))],
    seen: [...new Set(found.map(({ to, quote }) => (to === "greeting" ? quote : `${to}: ${quote}`)))].slice(0, 3),
    rivals: [],
  };
}
