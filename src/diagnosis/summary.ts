import type { Finding, Verdict } from "../model/report.ts";
import type { Facts } from "./facts.ts";
import type { Undetermined } from "./verdict.ts";

/** One sentence that a person can forward. */
export function summarise(
  facts: Facts,
  findings: readonly Finding[],
  verdict: Verdict,
  reason: Undetermined | null,
): string {
  const { host } = facts.evidence.target;
  const first = findings.find(({ role, severity }) => role === "cause" && severity !== "notice");
  switch (verdict) {
    case "healthy":
      return `FTP to ${host} works: ${working(facts)}.`;
    case "degraded":
      return `${first?.summary ?? `FTP to ${host} works in part.`} Working: ${working(facts)}.`;
    case "broken":
      return first?.summary ?? `FTP to ${host} does not work as required: ${failing(facts)}.`;
    case "undetermined":
      return undetermined(facts, reason ?? "required-untested", first);
  }
}

function undetermined(facts: Facts, reason: Undetermined, first: Finding | undefined): string {
  const { host } = facts.evidence.target;
  switch (reason) {
    case "no-network":
      return `This machine has no network, so nothing can be said about ${host}.`;
    case "withheld":
      return `The login was not sent to ${host}, because it would have gone unprotected; nothing behind the login was tested.`;
    case "anonymous-refused":
      return `${host} answers, but refuses an anonymous login; give credentials to test what lies behind it.`;
    case "interrupted":
      return `The run against ${host} was stopped before it could tell.${first === undefined ? "" : ` Seen so far: ${first.summary}`}`;
    case "not-reached":
      return `The run did not get as far as a login on ${host}.${first === undefined ? "" : ` ${first.summary}`}`;
    case "required-untested":
      return `What is required of ${host} could not be tested.${first === undefined ? "" : ` ${first.summary}`}`;
  }
}

/** `EPSV and PASV`: the modes that work, at any address. */
function working(facts: Facts): string {
  return names(facts.rows.filter(({ result }) => result === "works" || result === "repaired"));
}

function failing(facts: Facts): string {
  const rows = facts.rows.filter(
    ({ result }) => result === "blocked" || result === "refused" || result === "unsupported",
  );
  return rows.length === 0 ? "no mode was reached" : `${names(rows)} failed`;
}

function names(rows: Facts["rows"]): string {
  const modes = [...new Set(rows.map(({ mode }) => mode.toUpperCase()))];
  const last = modes.pop();
  if (last === undefined) return "nothing";
  return modes.length === 0 ? last : `${modes.join(", ")} and ${last}`;
}
