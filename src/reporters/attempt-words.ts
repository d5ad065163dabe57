import type { ActiveRecord, Evidence, Exchange, PassiveRecord, StepRecord, TransferRecord } from "../model/evidence.ts";
import type { ModeSummary } from "../model/report.ts";
import { duration, listed, OUTCOME, size } from "../model/words.ts";

/** Longest quotation of a reply in a cell of the mode table. */
const QUOTE_LIMIT = 120;

/** A listing without end is no silence: enough of it came to prove the mode. */
const CUT_OFF = "cut off while more came";

/** The evidence behind one row; null where the report does not hold it. */
export type AttemptRecord = PassiveRecord | ActiveRecord | null;

/** Finds the evidence behind a row. */
export function recordOf(row: ModeSummary, evidence: Evidence): AttemptRecord {
  const record = evidence.experiments.find(({ id }) => id === row.record);
  return record?.experiment === "passive" || record?.experiment === "active" ? record : null;
}

/** What the server named or what we offered. */
export function said(row: ModeSummary): string {
  if (row.advertised === null) return row.offered ?? "-";
  // EPSV names a port and nothing else (RFC 2428 section 3); the address in the report is the peer's.
  return row.mode === "epsv" ? `port ${portOf(row.advertised)}` : row.advertised;
}

/** What happened, in plain words. */
export function happened(row: ModeSummary, record: AttemptRecord): string {
  switch (row.result) {
    case "works":
      return `${called(row)}${moved(row, record)}`;
    case "repaired":
      return joined([...dials(row), moved(row, record)]);
    case "blocked":
      return blocked(row, record);
    case "refused":
    case "unsupported":
      return replyTo(row, record);
    case "skipped":
      return remark(record) ?? "not tried";
    case "inconclusive":
      return unfinished(row, record) ?? inconclusive(record);
  }
}

function moved(row: ModeSummary, record: AttemptRecord): string {
  const end = record?.transfer?.dataOutcome === "protocol-error" ? `; ${CUT_OFF}` : "";
  return row.bytes === 0 ? `empty listing in ${duration(row.ms)}` : `${size(row.bytes)} in ${duration(row.ms)}${end}`;
}

/** The caller of an active connection: its port alone where the address is the server's own. */
function called(row: ModeSummary): string {
  if (row.calledFrom === null) return "";
  return `called from ${addressOf(row.calledFrom) === row.address ? `port ${portOf(row.calledFrom)}` : row.calledFrom}; `;
}

/** Every endpoint dialled; the one the server named stands in the cell beside and is not repeated. */
function dials(row: ModeSummary): string[] {
  return row.dialled.map(({ endpoint, outcome, ms }) => {
    const named = endpoint === row.advertised;
    // Where two endpoints were dialled, "there" is the one in the cell beside.
    const there = named && row.dialled.length > 1 && row.mode !== "epsv" ? " there" : "";
    const what = outcome === "connected" ? `answered${there}` : `${OUTCOME[outcome]}${there}${took(outcome, ms)}`;
    return named ? what : `${endpoint} ${what}`;
  });
}

function took(outcome: StepRecord["outcome"], ms: number): string {
  return outcome === "timed-out" ? ` in ${duration(ms)}` : ` after ${duration(ms)}`;
}

function blocked(row: ModeSummary, record: AttemptRecord): string {
  switch (row.stage) {
    case "dial":
      return row.dialled.length === 0 ? "nothing could be dialled" : joined(dials(row));
    case "accept":
      return notCalled(row, record?.experiment === "active" ? record : null);
    case "tls":
      return "the data connection opened, but TLS on it failed";
    case "transfer":
      return `${called(row)}${stuck(row, record)}`;
    case "command":
    case null:
      return unreadable(row, record);
  }
}

function notCalled(row: ModeSummary, record: ActiveRecord | null): string {
  const accept = record?.accept ?? null;
  const agreed = codeOf(record?.exchange ?? null);
  const parts = [agreed === null ? "accepted" : `accepted (${agreed})`];
  if (record !== null && record.strangers.length > 0) {
    parts.push(`called by ${listed([...new Set(record.strangers.map(({ address }) => address))])}, not by the server`);
  }
  if (accept?.outcome === "closed") {
    const final = record?.transfer?.exchange.replies.at(-1)?.lines.at(-1);
    parts.push(`after ${duration(accept.ms)} the server gave up${final === undefined ? "" : `: ${quoted(final)}`}`);
  } else if (accept === null || accept.outcome === "timed-out") {
    parts.push(`then nobody called in ${duration(accept?.ms ?? row.ms)}`);
  } else {
    parts.push(`then ${OUTCOME[accept.outcome]} after ${duration(accept.ms)}`);
  }
  return parts.join(", ");
}

/** The data connection was there; then something went wrong. */
function stuck(row: ModeSummary, record: AttemptRecord): string {
  const transfer = record?.transfer ?? null;
  const bytes = row.bytes === 0 ? "no data came" : `${size(row.bytes)} came`;
  if (transfer === null) return `connected, ${bytes} in ${duration(row.ms)}`;
  const parts = [`connected, ${bytes}`];
  const end = dataEnd(transfer);
  if (end !== null) parts.push(end);
  parts.push(ending(transfer.exchange));
  return joined(parts);
}

/** How the data connection ended, where that tells more than the bytes do. */
function dataEnd({ dataOutcome, bytes }: TransferRecord): string | null {
  switch (dataOutcome) {
    case null:
    case "ok":
      return null;
    case "timed-out":
      return bytes === 0 ? null : "data connection not ended";
    case "protocol-error":
      return CUT_OFF;
    default:
      return `data connection: ${OUTCOME[dataOutcome]}`;
  }
}

function ending(exchange: Exchange): string {
  const line = exchange.outcome === "ok" ? exchange.replies.at(-1)?.lines.at(-1) : undefined;
  return line === undefined
    ? `no closing reply: ${OUTCOME[exchange.outcome]} in ${duration(exchange.ms)}`
    : `the server said ${quoted(line)}`;
}

/** The mode's own command failed, or its answer names no endpoint. */
function unreadable(row: ModeSummary, record: AttemptRecord): string {
  const exchange = exchangeOf(record);
  if (exchange === null || exchange.outcome !== "ok") return replyTo(row, record);
  const problem = record?.experiment === "passive" ? record.offer?.problem : null;
  return `${replyTo(row, record)}${problem ? `, which names no usable endpoint: ${problem}` : ""}`;
}

function replyTo(row: ModeSummary, record: AttemptRecord): string {
  const exchange = exchangeOf(record);
  if (exchange === null) return remark(record) ?? "no answer to the command";
  const line = exchange.replies.at(-1)?.lines.at(-1);
  if (exchange.outcome === "ok" && line !== undefined) return `server says ${quoted(line)}`;
  const mode = row.mode.toUpperCase();
  const { partial, outcome, ms } = exchange;
  if (partial === undefined) return `${mode}: ${OUTCOME[outcome]} in ${duration(ms)}`;
  const part = `${mode}: no more than ${quoted(partial.text)} of a reply`;
  return outcome === "timed-out"
    ? `${part} in ${duration(ms)}`
    : `${part}, then ${OUTCOME[outcome]} after ${duration(ms)}`;
}

/** Bytes came and were still coming when the limit passed; null for other rows that could not be told. */
function unfinished(row: ModeSummary, record: AttemptRecord): string | null {
  if (record?.transfer?.dataOutcome !== "protocol-error") return null;
  return `${called(row)}${size(row.bytes)} in ${duration(row.ms)}, and no end yet`;
}

function inconclusive(record: AttemptRecord): string {
  if (record === null) return "could not be tried to the end";
  if (record.status === "crashed") return `ftp-doctor itself failed here: ${record.note ?? "no message"}`;
  const cancelled =
    record.status === "cancelled" ||
    exchangeOf(record)?.outcome === "cancelled" ||
    record.transfer?.exchange.outcome === "cancelled";
  if (!cancelled) return remark(record) ?? "could not be tried to the end";
  const why = remark(record);
  return `stopped before it could tell${why === null ? "" : `: ${why}`}`;
}

/** The experiment's own remark, without the word that the result says already. */
function remark(record: AttemptRecord): string | null {
  return record?.note?.replace(/^not applicable: /, "") ?? null;
}

function exchangeOf(record: AttemptRecord): Exchange | null {
  if (record === null) return null;
  return record.experiment === "passive" ? (record.offer?.exchange ?? null) : record.exchange;
}

function codeOf(exchange: Exchange | null): number | null {
  return exchange?.replies.at(-1)?.code ?? null;
}

/** A server's own line in quotation marks; long ones end with a mark, the evidence has the rest. */
export function quoted(line: string): string {
  const characters = Array.from(line.trim());
  return characters.length > QUOTE_LIMIT ? `"${characters.slice(0, QUOTE_LIMIT).join("")}…"` : `"${line.trim()}"`;
}

function joined(parts: readonly string[]): string {
  return parts.join("; ");
}

function portOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf(":") + 1);
}

function addressOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}
