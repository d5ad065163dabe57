import type { Evidence } from "../../model/evidence.ts";
import type { Finding, ModeSummary, Verdict } from "../../model/report.ts";
import { duration, listed } from "../../model/words.ts";
import type { Facts } from "../facts/facts.ts";
import { cutWords } from "../facts/transfers.ts";
import type { Undetermined } from "../verdict/verdict.ts";
import { usedUpWords } from "./used-up.ts";

/** What a person can forward: the worst cause in one sentence, and any other that is as bad by its title. */
export function summarise(
  facts: Facts,
  findings: readonly Finding[],
  verdict: Verdict,
  reason: Undetermined | null,
): string {
  const { host } = facts.evidence.target;
  const causes = findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
  switch (verdict) {
    case "healthy":
      // Bytes prove the mode, and a directory may be that large; but most clients wait for the end.
      return [healthy(host, facts), cutWords(facts), usedUpWords(facts)].filter((part) => part !== null).join(" ");
    case "degraded":
      return (
        told(causes) ?? `FTP to ${host} works in part: ${named(facts.rows.filter(isGood))} works, ${failing(facts)}.`
      );
    case "broken":
      return told(causes) ?? `FTP to ${host} does not work as required: ${failing(facts)}.`;
    case "undetermined":
      return [
        stoppedInRounds(facts, reason) ?? stopped(host, reason ?? "required-untested"),
        soFar(facts, reason),
        told(causes),
        usedUpWords(facts),
      ]
        .filter((part) => part !== null)
        .join(" ");
  }
}

/** What ended the run before its time, as a sentence behind the summary; none for a run that came to its end. */
export function stopWords({ stoppedBy, policy }: Pick<Evidence, "stoppedBy" | "policy">): string[] {
  if (stoppedBy === undefined) return [];
  return stoppedBy === "deadline"
    ? [`The deadline of ${duration(policy.deadlineMs ?? 0)} (--deadline) ended the run.`]
    : ["The run was interrupted from outside (Ctrl+C or another signal)."];
}

/** What works, and under which protection: one clause where both come to the same. */
function healthy(host: string, facts: Facts): string {
  const good = facts.rows.filter(isGood);
  const clear = named(good.filter(({ protection }) => protection === "clear"));
  const tls = named(good.filter(({ protection }) => protection === "tls"));
  if (good.every(({ protection }) => protection === "clear")) return `FTP to ${host} works: ${clear}.`;
  if (good.every(({ protection }) => protection === "tls")) return `FTP over TLS to ${host} works: ${tls}.`;
  return clear === tls
    ? `FTP to ${host} works over TLS and in clear text: ${tls}.`
    : `FTP to ${host} works: ${tls} over TLS, ${clear} in clear text.`;
}

/** The first cause in full, the others of its severity by their titles; null where there is none. */
export function told(causes: readonly Finding[]): string | null {
  const [first, ...others] = causes;
  if (first === undefined) return null;
  const alike = others.filter(({ severity }) => severity === first.severity);
  return alike.length === 0
    ? first.summary
    : `${first.summary} Besides: ${alike.map(({ title }) => lower(title)).join("; ")}.`;
}

export function stopped(host: string, reason: Undetermined): string {
  switch (reason) {
    case "no-network":
      return `This machine has no network that leads to ${host}, so nothing can be said about it.`;
    case "no-resolver":
      return `The name resolver of this machine does not answer, so nothing can be said about ${host}.`;
    case "withheld":
      return `The login was not sent to ${host}, because it would have gone unprotected; nothing behind it was tested.`;
    case "anonymous-refused":
      return `${host} answers, but wants a login with credentials; without them nothing behind it could be tested.`;
    case "tls-demanded":
      return `${host} answers, but wants TLS before a login, and no login over TLS came about; nothing behind it could be tested.`;
    case "interrupted":
      return `The run against ${host} was stopped before it could tell.`;
    case "not-reached":
      return `The run did not get as far as a login on ${host}.`;
    case "required-untested":
      return `What is required of ${host} could not be tested.`;
    case "required-unfinished":
      return `Data from ${host} moves, but no transfer that is required came to its end in its time.`;
    case "accepts-all":
      return `Every port of ${host} accepts connections, even such as nothing can be on: something before it answers in its place, so which ports lead to the server cannot be told.`;
    case "answered-anyway":
      return `The passive ports of ${host} accept connections even while the server offers none of them: something before it answers, and whether that leads to the server cannot be told without a transfer.`;
    case "sweep-unfinished":
      return `Not every port of ${host} could be tried, so how many of them can be reached cannot be told.`;
    case "silence-doubted":
      return `Offered ports of ${host} opened only after their first packets had been lost and sent again, so silence does not tell which ports can be reached.`;
    case "no-offers":
      return `${host} offered no passive port that could be tried.`;
  }
}

/** A run that was stopped between its rounds, or in a later one, has an answer from those that were made; null for any other. */
function stoppedInRounds({ evidence, rounds, rows }: Facts, reason: Undetermined | null): string | null {
  const { repeat = 1 } = evidence.policy;
  const isFirstWhole = evidence.experiments.every(({ status }) => status !== "cancelled");
  if (reason !== "interrupted" || repeat === 1 || !isFirstWhole || !rows.some(isGood)) return null;
  const made = Math.max(1, rounds.filter(({ whole }) => whole).length);
  const always = named(rows.filter(isGood));
  return `The run against ${evidence.target.host} was stopped after ${made} of ${repeat} rounds. In ${made === 1 ? "it" : "each of them"} these worked: ${always}.`;
}

/** What a run that was stopped has seen work. */
function soFar(facts: Facts, reason: Undetermined | null): string | null {
  if (stoppedInRounds(facts, reason) !== null) return null;
  const good = facts.rows.filter(isGood);
  return reason === "interrupted" && good.length > 0 ? `What works so far: ${named(good)}.` : null;
}

function isGood({ result }: ModeSummary): boolean {
  return result === "works" || result === "repaired";
}

function failing(facts: Facts): string {
  const rows = facts.rows.filter((row) => !isGood(row) && row.result !== "skipped" && row.result !== "unsupported");
  return rows.length === 0 ? "no mode could be tried" : `${named(rows)} did not`;
}

/** `EPSV, PASV and PORT`, each once. */
function named(rows: readonly ModeSummary[]): string {
  const modes = [...new Set(rows.map(({ mode }) => mode.toUpperCase()))];
  return modes.length === 0 ? "no mode" : listed(modes);
}

/** A title inside a sentence; what begins with an abbreviation keeps it. */
function lower(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
