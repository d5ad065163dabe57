import { formatEndpoint } from "../model/endpoint.ts";
import type { ControlRecord, ResolveRecord } from "../model/evidence.ts";
import type { ControlSummary, Product, Report } from "../model/report.ts";
import { duration, FAMILY, listed, OUTCOME } from "../model/words.ts";
import { quoted } from "./attempt-words.ts";
import { tlsRows, wasUnderTls } from "./tls-lines.ts";
import { beside, flow } from "./wrap.ts";

/** Columns of the words `Control` and `Name` with the blanks behind them. */
const LABEL = 10;
/** From here on a greeting is slow enough to be mentioned. */
const SLOW_GREETING_MS = 1000;

/** Who was spoken to: the name where it did not resolve, then one entry per address; `verbose` tells all of the certificates. */
export function controlLines(report: Report, width: number, verbose = false): string[] {
  const place = { indent: 0, label: LABEL, width };
  const failed = report.evidence.experiments.filter(isFailedLookup);
  // A name with addresses of one family only is the ordinary case and needs no word.
  const lookups = failed.filter(({ outcome }) => report.control.length === 0 || outcome !== "not-found");
  const name = lookups.length === 0 ? [] : [report.target.host, ...lookupWords(lookups)];
  const control = report.control.flatMap((entry) => [
    ...beside("Control", flow(chunks(entry, report), width - LABEL), place),
    ...tlsRows(entry, report, verbose).flatMap((row) => beside(row.label, flow(row.chunks, width - LABEL), place)),
  ]);
  return [...beside("Name", flow(name, width - LABEL), place), ...control];
}

function isFailedLookup(record: Report["evidence"]["experiments"][number]): record is ResolveRecord {
  return record.experiment === "resolve" && record.outcome !== "ok";
}

/** One entry per answer: both families usually get the same one. */
function lookupWords(lookups: readonly ResolveRecord[]): string[] {
  const answer = ({ outcome, code }: ResolveRecord) => `${OUTCOME[outcome]}${code === null ? "" : ` (${code})`}`;
  return [...new Set(lookups.map(answer))].map((words) => {
    const families = lookups.filter((record) => answer(record) === words).map(({ family }) => FAMILY[family]);
    return `${listed([...new Set(families)])}: ${words}`;
  });
}

function chunks(entry: ControlSummary, report: Report): string[] {
  const { address, port, product } = entry;
  return [
    formatEndpoint({ address, port }),
    reached(entry, firstRecord(entry, report)),
    ...(product === null ? [] : [productWords(product)]),
    ...login(entry, report),
  ];
}

function firstRecord(entry: ControlSummary, report: Report): ControlRecord | null {
  const records = report.evidence.experiments.filter(
    (record): record is ControlRecord => record.experiment === "control" && record.address === entry.address,
  );
  return records[0] ?? null;
}

function reached(entry: ControlSummary, record: ControlRecord | null): string {
  const connected = `connected${entry.connectMs === null ? "" : ` in ${duration(entry.connectMs)}`}`;
  const greeting = record?.greeting ?? null;
  const connectMs = record?.connect.ms ?? null;
  const inClear = greetsInClear(record);
  switch (entry.outcome) {
    case "ready":
      if (inClear) return `${connected}, greeted in clear text in place of TLS`;
      return entry.greetingMs !== null && entry.greetingMs >= SLOW_GREETING_MS
        ? `${connected}, greeting after ${duration(entry.greetingMs)}`
        : connected;
    case "rejected": {
      const line = greeting?.reply?.lines.at(-1);
      return `${connected}, turned away${line === undefined ? "" : `: ${quoted(line)}`}`;
    }
    case "not-ftp": {
      if (inClear) return `${connected}, greeted in clear text in place of TLS`;
      const half = halfGreeting(record);
      return `${connected}, ${half ?? "but what answers is not FTP"}`;
    }
    case "silent":
      return `${connected}, then no greeting${greeting === null ? "" : ` in ${duration(greeting.ms)}`}`;
    case "closed":
      return entry.connectMs === null ? OUTCOME.closed : `${connected}, then closed without a greeting`;
    case "reset":
      return entry.connectMs === null ? OUTCOME.reset : `${connected}, then reset without a greeting`;
    case "refused":
      return OUTCOME.refused;
    case "timed-out":
      return `${OUTCOME["timed-out"]}${connectMs === null ? "" : ` in ${duration(connectMs)}`}`;
    case "unreachable":
      return `${OUTCOME.unreachable}${record?.connect.code ? ` (${record.connect.code})` : ""}`;
    case "cancelled":
      return OUTCOME.cancelled;
  }
}

/**
 * What came in place of a handshake is an FTP server's greeting; mail servers greet with 220 as well. Behind a handshake the greeting
 * is read as a reply, and is under TLS as it should be.
 */
function greetsInClear(record: ControlRecord | null): boolean {
  const greeting = record?.greeting ?? null;
  const said = record?.protection === "tls" && greeting?.reply === null ? greeting.firstBytes : "";
  return /^220[ -]/.test(said) && !/\bE?SMTP\b/.test(said);
}

/** What began as a greeting and never was one to its end; null for what did not begin as one. */
function halfGreeting(record: ControlRecord | null): string | null {
  const greeting = record?.greeting ?? null;
  if (greeting === null || greeting.reply !== null || !/^\s{0,8}[1-5]\d{0,2}(?:$|[ -])/.test(greeting.firstBytes))
    return null;
  // In place of a handshake, what came was read for no longer than that took.
  if (record?.protection === "tls") return null;
  if (greeting.outcome === "timed-out") return `then no whole greeting in ${duration(greeting.ms)}`;
  return greeting.outcome === "protocol-error" ? "then a greeting without end" : null;
}

function productWords({ name, version, confidence }: Product): string {
  return `${name}${version === null ? "" : ` ${version}`} (${confidence})`;
}

function login(entry: ControlSummary, report: Report): string[] {
  const { user } = report.target;
  switch (entry.login) {
    case "logged-in":
      return [`${user === null ? "logged in anonymously" : `logged in as ${user}`}${loginSight(entry, report)}`];
    case "rejected":
      return [user === null ? "anonymous login refused" : `login as ${user} refused`];
    case "failed":
      return [isAnsweredInPart(entry, report) ? "login got no whole answer" : "login got no answer"];
    case "withheld":
      return ["login not sent"];
    case null:
      return [];
  }
}

function isAnsweredInPart({ address }: ControlSummary, report: Report): boolean {
  const logins = report.evidence.experiments.filter(
    (record) => record.experiment === "login" && record.address === address,
  );
  return logins.some((record) => record.experiment === "login" && record.exchanges.at(-1)?.partial !== undefined);
}

/** The rows below show a session under TLS, and who reads them takes the login for a part of it. */
function loginSight({ address }: ControlSummary, report: Report): string {
  if (!wasUnderTls(report, address)) return "";
  const under = report.evidence.experiments.flatMap((each) =>
    each.experiment === "login" && each.address === address && each.result === "logged-in" ? [each.protection] : [],
  );
  return under.length > 0 && under.every((protection) => protection === "clear") ? ", in clear" : "";
}
