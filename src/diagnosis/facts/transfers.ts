import type { ActiveRecord, PassiveRecord, ReplyRecord, TransferRecord } from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import type { ModeSummary } from "../../model/report.ts";
import { duration, size } from "../../model/words.ts";
import type { Args } from "../define-rule.ts";
import type { Facts } from "./facts.ts";
import { lastReply } from "./facts.ts";
import { isUnfinished } from "./mode-table.ts";
import { quoteExchange, quoteLine } from "./quote.ts";
import { textOf } from "./refusals.ts";

/** An attempt that had a data connection and was asked for a listing. */
export interface ConnectedAttempt {
  /** The evidence. */
  record: PassiveRecord | ActiveRecord;
  /** The row of the mode table. */
  summary: ModeSummary;
  /** The listing and its data connection. */
  transfer: TransferRecord;
  /** The closing reply; null where none came. */
  final: ReplyRecord | null;
  /** Text of the closing reply; empty where none came. */
  text: string;
}

/** The attempts that had a data connection. */
export function connectedAttempts(facts: Facts): ConnectedAttempt[] {
  return connectedAmong([...facts.passive, ...facts.active]);
}

/** Those of these attempts that had a data connection. */
export function connectedAmong(
  attempts: readonly { record: PassiveRecord | ActiveRecord; summary: ModeSummary }[],
): ConnectedAttempt[] {
  return attempts.flatMap(({ record, summary }): ConnectedAttempt[] => {
    const { transfer } = record;
    if (transfer === null || transfer.over === null || transfer.dataOutcome === "cancelled") return [];
    return [{ record, summary, transfer, ...closing(transfer) }];
  });
}

/**
 * Listings that were long enough to prove their mode and were cut off by us: a very large directory, or one without end, which is not to
 * be told apart by waiting.
 */
export function cutListings(facts: Facts): ConnectedAttempt[] {
  return connectedAttempts(facts).filter(
    ({ transfer }) => transfer.dataOutcome === "protocol-error" && !isUnfinished(transfer),
  );
}

/** What was seen of them, as a sentence; null where every listing came to its end. */
export function cutWords(facts: Facts): string | null {
  const cut = cutListings(facts);
  if (cut.length === 0) return null;
  const most = Math.max(...cut.map(({ transfer }) => transfer.bytes));
  return `The listing was cut off after ${size(most)} while more came: whether it has an end was not seen.`;
}

/**
 * Active attempts whose call came and was reset before we had it: a system hands over a connection only once it is asked, and a short
 * transfer may be over by then. The server had begun the transfer, so it had its data connection too.
 */
export function callsCutShort(facts: Facts): ConnectedAttempt[] {
  return facts.active.flatMap(({ record, summary }): ConnectedAttempt[] => {
    const { accept, transfer } = record;
    if (transfer === null || accept?.outcome !== "reset") return [];
    const end = closing(transfer);
    const begun = transfer.exchange.replies.some(({ code }) => code < 200);
    return begun && end.final?.code !== NO_DATA_CONNECTION ? [{ record, summary, transfer, ...end }] : [];
  });
}

/** RFC 959 section 4.2.2: can't open data connection. Who called was somebody else, or was not let in. */
const NO_DATA_CONNECTION = 425;

function closing({ exchange }: TransferRecord): Pick<ConnectedAttempt, "final" | "text"> {
  const reply = lastReply(exchange);
  const final = reply !== null && reply.code >= 200 ? reply : null;
  return { final, text: final === null ? "" : textOf(final) };
}

/** What the listing and its data connection came to, as `seen`. */
export function seenTransfers(attempts: readonly ConnectedAttempt[]): string[] {
  return [...new Set(attempts.map(({ record, transfer }) => seenTransfer(record, transfer)))].slice(0, 3);
}

/** One listing: what was said to it, and what its data connection came to. */
export function seenTransfer(
  { mode, accept }: { mode: Mode; accept?: ActiveRecord["accept"] },
  transfer: TransferRecord,
): string {
  const without = accept?.outcome === "reset" ? "data connection: reset as it came" : "no data connection";
  const channel = transfer.over === null ? without : `data connection: ${transfer.bytes} bytes, ${ending(transfer)}`;
  return `${mode.toUpperCase()}, ${quoteExchange(transfer.exchange)}; ${channel}`;
}

/** Values for the words of a finding about a transfer. */
export function transferArgs(attempts: readonly ConnectedAttempt[]): Args {
  const first = attempts[0];
  return {
    modes: [...new Set(attempts.map(({ record }) => record.mode))],
    peer: first?.record.address ?? null,
    bytes: first?.transfer.bytes ?? 0,
    code: first?.final?.code ?? null,
    reply: first === undefined || first.text === "" ? null : quoteLine(first.text),
  };
}

function ending({ dataOutcome, exchange }: TransferRecord): string {
  switch (dataOutcome) {
    case "ok":
      return "ended by the server";
    case "reset":
      return "reset";
    case "timed-out":
      // The time of the closing reply says nothing of how long was waited behind it.
      return exchange.outcome === "ok" ? "never ended" : `still open after ${duration(exchange.ms)}`;
    case "protocol-error":
      return "cut off by us while it still flowed";
    default:
      return "ended";
  }
}
