import { classifyAddress, isPublic, sameSide } from "../../model/address.ts";
import { familyOf, formatEndpoint } from "../../model/endpoint.ts";
import type { LoginRecord } from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import type { Severity, Side } from "../../model/report.ts";
import { duration, OUTCOME } from "../../model/words.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import type { Said } from "./said.ts";

/**
 * Whether this machine has no address from which a way leads there, such as no IPv6 of its own: then nothing can be said about the
 * server.
 */
export function noWayFromHere({ address, controls }: AddressFacts, facts: Facts): boolean {
  const connect = controls[0]?.connect;
  if (connect === undefined || (connect.outcome !== "unreachable" && connect.outcome !== "local-error")) return false;
  return !facts.evidence.client.addresses.some((own) => mayLeadTo(own, address));
}

/** Whether an own address can be one end of a way to this address. */
function mayLeadTo(own: string, address: string): boolean {
  if (familyOf(own) !== familyOf(address)) return false;
  switch (classifyAddress(own).class) {
    case "link-local":
      return classifyAddress(address).class === "link-local";
    case "unique-local":
      // Unlike private IPv4 ones these are hardly ever translated: with them alone a host has no IPv6 internet.
      return !isPublic(address);
    default:
      return true;
  }
}

/** The addresses whose first control connection tells something: not stopped by the run's end, and with a way to them. */
export function triedAddresses(facts: Facts): AddressFacts[] {
  return facts.addresses.filter(
    (address) => address.control !== null && address.control !== "cancelled" && !noWayFromHere(address, facts),
  );
}

/** Why nothing can be said of the control connection where `triedAddresses` has none. */
export function nothingTried(facts: Facts): Judgement {
  const { addresses } = facts;
  if (addresses.some((address) => noWayFromHere(address, facts))) {
    return { kind: "undetermined", missing: "this machine has no way to the address" };
  }
  return {
    kind: "undetermined",
    missing: addresses.length === 0 ? "no control connection was tried" : "the run was stopped before it was tried",
  };
}

/** IPv6 addresses that do not answer while an IPv4 address of the same name greets: ipv6-broken-path speaks of them. */
export function brokenIpv6(facts: Facts): AddressFacts[] {
  if (!facts.addresses.some(({ family, control }) => family === "ipv4" && control === "ready")) return [];
  return triedAddresses(facts).filter(
    ({ family, control }) =>
      family === "ipv6" && (control === "timed-out" || control === "refused" || control === "unreachable"),
  );
}

/** A control fault is critical where it leaves no address to log in to, else a warning. */
export function controlSeverity(facts: Facts): Severity {
  return facts.loggedIn || facts.addresses.some(({ control }) => control === "ready") ? "warning" : "critical";
}

/** A fault of the login is critical where nobody was let in, else a warning. */
export function loginSeverity(facts: Facts): Severity {
  return facts.loggedIn ? "warning" : "critical";
}

/** A fault of the conversation is critical where nobody was let in; later it is as bad as the loss of the modes it spoiled. */
export function sessionSeverity(facts: Facts, args: Args): Severity {
  const spoiled = modesIn(args);
  if (!facts.loggedIn) return "critical";
  return spoiled.length === 0 ? "warning" : severityOf(facts, spoiled);
}

/** The modes that these records tried, for `sessionSeverity`. */
export function modesTried(records: readonly string[], facts: Facts): Mode[] {
  const modes = records.flatMap((id) => {
    const record = facts.record(id);
    return record?.experiment === "passive" || record?.experiment === "active" ? [record.mode] : [];
  });
  return [...new Set(modes)];
}

/** `203.0.113.5:21` for the words. */
export function controlEndpoint(address: AddressFacts, facts: Facts): string {
  return formatEndpoint({ address: address.address, port: facts.evidence.target.port });
}

/** What the first connect there came to, as `seen`: `203.0.113.5:21 no answer after 10 s`. */
export function seenConnect(address: AddressFacts, facts: Facts): string {
  const connect = address.controls[0]?.connect;
  const code = connect?.code == null ? "" : ` (${connect.code})`;
  return `${controlEndpoint(address, facts)} ${OUTCOME[connect?.outcome ?? "cancelled"]}${code} after ${duration(connect?.ms ?? 0)}`;
}

/** The values that nearly all words about the control connection need. */
export function controlArgs(addresses: readonly AddressFacts[], facts: Facts): Args {
  const first = addresses[0];
  return {
    host: facts.evidence.target.host,
    port: facts.evidence.target.port,
    addresses: addresses.map(({ address }) => address),
    endpoints: addresses.map((address) => controlEndpoint(address, facts)).join(" and "),
    peer: first?.address ?? null,
    client: first === undefined ? null : clientAddress(first, facts),
  };
}

/** The same of what was met at addresses, each of them once. */
export function controlArgsOf(met: readonly { address: AddressFacts }[], facts: Facts): Args {
  return controlArgs([...new Set(met.map(({ address }) => address))], facts);
}

/** Our address as the server sees it; null where a NAT may lie between, or where it could be any of several. */
function clientAddress({ address, controls }: AddressFacts, facts: Facts): string | null {
  const used = controls.flatMap(({ local }) => (local === null ? [] : [local.address]));
  const own = used.length > 0 ? used : facts.evidence.client.addresses;
  const fitting = [...new Set(own)].filter((mine) => familyOf(mine) === familyOf(address) && sameSide(mine, address));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** `answers` for one address, `answer` for several. */
export function verb(args: Args, singular: string, plural: string): string {
  return Array.isArray(args["addresses"]) && args["addresses"].length > 1 ? plural : singular;
}

/** The answer of a rule that goes by a server's wording: certain, because the server says it itself. */
export function judgeWording(
  facts: Facts,
  found: readonly Said[],
  options: { at: Side; confidence: "certain" | "likely" },
): Judgement {
  if (triedAddresses(facts).length === 0) return nothingTried(facts);
  const [first] = found;
  if (first === undefined) {
    // Before the first word of the server nothing can be known of what it would say.
    return facts.addresses.some(({ controls }) => controls.some(({ greeting }) => greeting?.reply))
      ? { kind: "absent" }
      : { kind: "undetermined", missing: "the server said nothing" };
  }
  const records = [...new Set(found.flatMap((said) => [said.record, ...spoiledBy(said, facts)]))];
  return {
    kind: "present",
    confidence: options.confidence,
    at: options.at,
    args: {
      ...controlArgs([...new Set(found.map(({ at }) => at))], facts),
      modes: modesTried(records, facts),
      text: first.quote,
      to: first.to,
      first: found.some(({ ordinal }) => ordinal === 1),
    },
    because: records,
    seen: seenWords(found),
    rivals: [],
  };
}

/** What was said between the commands ended the session: the attempts that were under way on it failed of that. */
function spoiledBy({ to, record }: Said, facts: Facts): string[] {
  const control = facts.record(record);
  if (to !== "unasked" || control?.experiment !== "control" || control.session === null) return [];
  return failedOn([control.session], facts);
}

/** Ids of the attempts on these sessions that failed. */
export function failedOn(sessions: readonly string[], facts: Facts): string[] {
  return facts.attempts.flatMap(({ record, summary }) =>
    summary.result === "blocked" && record.session !== null && sessions.includes(record.session) ? [record.id] : [],
  );
}

/** What the server said and to what, each once. */
function seenWords(found: readonly Said[]): string[] {
  return [...new Set(found.map(({ to, quote }) => (to === "greeting" ? quote : `${to}: ${quote}`)))].slice(0, 3);
}

/** Codes of a resolver that was not heard at all, as told from one that answered with a failure. */
const UNHEARD_CODES: readonly (string | null)[] = ["ETIMEOUT", "ECONNREFUSED", null];

/** Whether no resolver answered this machine: that says nothing about the host asked for. */
export function resolverUnheard({ resolutions }: Facts): boolean {
  return (
    resolutions.length > 0 &&
    resolutions.every(
      ({ outcome, code }) => outcome === "timed-out" || (outcome === "lookup-failed" && UNHEARD_CODES.includes(code)),
    )
  );
}

/** Logins that were stopped, by the user or because their address had had its time: whether they would have ended nobody knows. */
export function cutLogins({ evidence }: Facts): LoginRecord[] {
  return evidence.experiments.filter(
    (record): record is LoginRecord => record.experiment === "login" && record.status === "cancelled",
  );
}
