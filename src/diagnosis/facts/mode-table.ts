import { formatEndpoint } from "../../model/endpoint.ts";
import type { ActiveRecord, Exchange, PassiveRecord, TransferRecord } from "../../model/evidence.ts";
import { MODES } from "../../model/mode.ts";
import type { ModeResult, ModeSummary } from "../../model/report.ts";

/** What an attempt came to: the result, and the stage at which it failed. */
interface Verdict {
  result: ModeResult;
  stage: ModeSummary["stage"];
}

const works: Verdict = { result: "works", stage: null };
const inconclusive = (stage: ModeSummary["stage"]): Verdict => ({ result: "inconclusive", stage });
const blocked = (stage: ModeSummary["stage"]): Verdict => ({ result: "blocked", stage });

/**
 * The mode table: one row per mode, protection and address. A mode that was asked for again (a repeated offer, a retry after a lost
 * session) keeps the row of its first attempt that came to a conclusion.
 */
export function modeRows(attempts: readonly { summary: ModeSummary }[]): ModeSummary[] {
  const rows = new Map<string, ModeSummary>();
  for (const { summary } of attempts) {
    const key = `${summary.mode} ${summary.protection} ${summary.address}`;
    const before = rows.get(key);
    if (before === undefined || isOpen(before))
      rows.set(key, before !== undefined && isOpen(summary) ? before : summary);
  }
  const addresses = [...new Set(attempts.map(({ summary }) => summary.address))];
  return [...rows.values()].sort(
    (a, b) =>
      addresses.indexOf(a.address) - addresses.indexOf(b.address) ||
      Number(a.protection === "tls") - Number(b.protection === "tls") ||
      MODES.indexOf(a.mode) - MODES.indexOf(b.mode),
  );
}

function isOpen({ result }: ModeSummary): boolean {
  return result === "inconclusive" || result === "skipped";
}

/** One row of the mode table. */
export function summariseAttempt(record: PassiveRecord | ActiveRecord): ModeSummary {
  const passive = record.experiment === "passive" ? record : null;
  const active = record.experiment === "active" ? record : null;
  const { result, stage } = passive === null ? judgeActive(record as ActiveRecord) : judgePassive(passive);
  return {
    mode: record.mode,
    protection: record.protection,
    family: record.family,
    address: record.address,
    result,
    stage,
    advertised: endpointText(passive?.offer?.advertised),
    offered: endpointText(active?.offered),
    calledFrom: endpointText(active?.calledFrom),
    dialled: (passive?.dialled ?? []).map((dial) => ({
      endpoint: formatEndpoint(dial.endpoint),
      outcome: dial.outcome,
      ms: dial.ms,
    })),
    bytes: record.transfer?.bytes ?? 0,
    ms: record.durationMs,
    record: record.id,
  };
}

function endpointText(endpoint: { address: string; port: number } | null | undefined): string | null {
  return endpoint ? formatEndpoint(endpoint) : null;
}

function judgePassive(record: PassiveRecord): Verdict {
  const { offer, dialled, transfer } = record;
  const early = judgeStart(record.status, record.note, offer?.exchange ?? null);
  if (early !== null) return early;
  if (offer?.advertised == null) return blocked("command");
  const reached = dialled.find((dial) => dial.outcome === "connected");
  if (reached === undefined) {
    return dialled.some((dial) => dial.outcome === "cancelled") || dialled.length === 0
      ? inconclusive("dial")
      : blocked("dial");
  }
  const moved = judgeTransfer(transfer);
  if (moved.result !== "works") return moved;
  const asAdvertised = dialled.some((dial) => dial.role === "advertised" && dial.outcome === "connected");
  return asAdvertised ? works : { result: "repaired", stage: null };
}

function judgeActive(record: ActiveRecord): Verdict {
  // Servers that call before they answer PORT (Twisted, pyftpdlib) say with 425 that they called in vain: no refusal of the mode.
  const answer = record.exchange?.outcome === "ok" ? record.exchange.replies.at(-1)?.code : undefined;
  if (answer === 425) return blocked("command");
  const early = judgeStart(record.status, record.note, record.exchange);
  if (early !== null) return early;
  const { accept, transfer } = record;
  if (accept === null || accept.outcome === "cancelled") return inconclusive("accept");
  if (accept.outcome !== "connected") {
    if (transfer?.exchange.outcome === "cancelled") return inconclusive("accept");
    // The server may refuse the transfer command outright (550 for the path): then nothing is known of the channel.
    return blocked(refusesListing(transfer) ? "transfer" : "accept");
  }
  return judgeTransfer(transfer);
}

/** What can be said before a data connection was tried; null where the mode's command was accepted. */
function judgeStart(status: PassiveRecord["status"], note: string | null, exchange: Exchange | null): Verdict | null {
  if (status === "skipped") {
    return note?.startsWith("not applicable")
      ? { result: "unsupported", stage: "command" }
      : { result: "skipped", stage: null };
  }
  if (status === "crashed" || exchange === null || exchange.outcome === "cancelled") return inconclusive("command");
  if (exchange.outcome !== "ok") return blocked("command");
  const code = exchange.replies.at(-1)?.code ?? 0;
  if (code >= 200 && code < 300) return null;
  // 500 and 502: not known or not implemented; 522: not for this address family (RFC 959 4.2, RFC 2428 2).
  return {
    result:
      code === 500 && isIllegal(exchange)
        ? "refused"
        : code === 502 || code === 500 || code === 522
          ? "unsupported"
          : "refused",
    stage: "command",
  };
}

/**
 * `500 Illegal PORT command` and Pure-FTPd's `500 I won't open a connection` refuse the argument, `500 OOPS` is a
 * crash: they do know the command.
 */
function isIllegal(exchange: Exchange): boolean {
  return /illegal (?:port|eprt)|won't open|not yours|foreign|unable to service|\bOOPS\b/i.test(
    exchange.replies.at(-1)?.lines.join(" ") ?? "",
  );
}

function refusesListing(transfer: TransferRecord | null): boolean {
  const code = transfer?.exchange.replies.at(-1)?.code ?? 0;
  return code === 450 || (code >= 500 && code < 600);
}

/**
 * Beyond this much nothing is known to stop a transfer that flows: packets of full size (1.4 kB), whole TLS records (16 kB) and windows
 * (64 KiB) are behind it.
 */
const PROVEN_BYTES = 65_536;

/** Whether a transfer was still flowing when its limit passed, and so slowly that its end is anybody's guess. */
export function isUnfinished({ dataOutcome, bytes }: Pick<TransferRecord, "dataOutcome" | "bytes">): boolean {
  return dataOutcome === "protocol-error" && bytes < PROVEN_BYTES;
}

function judgeTransfer(transfer: TransferRecord | null): Verdict {
  if (transfer === null) return inconclusive("transfer");
  if (transfer.exchange.outcome === "cancelled" || transfer.dataOutcome === "cancelled")
    return inconclusive("transfer");
  if (transfer.dataOutcome === "tls-failed") return blocked("tls");
  // A listing that we hung up on proves the mode where it was long enough, whatever the server says of that.
  if (isUnfinished(transfer)) return inconclusive("transfer");
  if (transfer.dataOutcome === "protocol-error") return works;
  const final = transfer.exchange.outcome === "ok" ? (transfer.exchange.replies.at(-1)?.code ?? 0) : 0;
  const moved = transfer.dataOutcome === "ok" && final >= 200 && final < 300;
  return moved ? works : blocked("transfer");
}
