import { formatEndpoint } from "../../model/endpoint.ts";
import type { DialRecord, Exchange, ReplyRecord } from "../../model/evidence.ts";
import { duration, OUTCOME } from "../../model/words.ts";

/** Longest quotation; a person needs the beginning, the evidence has the rest. */
const QUOTE_LIMIT = 200;

/** The line of a reply that says what the server decided: the last one. */
export function quoteReply(reply: ReplyRecord): string {
  return quoteLine(reply.lines.at(-1) ?? String(reply.code));
}

/** One line of the server's, cut where it is too long. */
export function quoteLine(line: string): string {
  return line.length > QUOTE_LIMIT ? `${line.slice(0, QUOTE_LIMIT)}…` : line;
}

/** The command and the last thing that was said to it: `PASV: 550 Permission denied.` */
export function quoteExchange(exchange: Exchange): string {
  const last = exchange.replies.at(-1);
  if (exchange.outcome === "ok" && last !== undefined) return `${exchange.command}: ${quoteReply(last)}`;
  const said = last === undefined ? exchange.partial?.text : quoteReply(last);
  const before = said === undefined ? "" : `${quoteLine(said)}, then `;
  return `${exchange.command}: ${before}${OUTCOME[exchange.outcome]} (${duration(exchange.ms)})`;
}

/** `10.0.0.2:40003 no answer in 3.5 s`. */
export function quoteDial(dial: Pick<DialRecord, "endpoint" | "outcome" | "ms" | "code">): string {
  return `${formatEndpoint(dial.endpoint)} ${dialled(dial)}`;
}

/** What a dial came to, in words. */
export function dialled(dial: Pick<DialRecord, "outcome" | "ms" | "code">): string {
  switch (dial.outcome) {
    case "connected":
    case "ok":
      return `connected in ${duration(dial.ms)}`;
    case "timed-out":
      return `no answer in ${duration(dial.ms)}`;
    case "unreachable":
      return `${OUTCOME.unreachable}${dial.code === null ? "" : ` (${dial.code})`} after ${duration(dial.ms)}`;
    default:
      return `${OUTCOME[dial.outcome]} after ${duration(dial.ms)}`;
  }
}
