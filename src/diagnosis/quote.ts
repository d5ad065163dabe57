import { formatEndpoint } from "../model/endpoint.ts";
import type { DialRecord, Exchange, ReplyRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";

/** Longest quotation; a person needs the beginning, the evidence has the rest. */
const QUOTE_LIMIT = 200;

/** A duration as a person would say it: `11 ms`, `3.5 s`, `30 s`. */
export function duration(ms: number): string {
  if (ms < 995) return `${Math.max(1, Math.round(ms))} ms`;
  return ms < 9950 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`;
}

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
  const before = last === undefined ? "" : `${quoteReply(last)}, then `;
  return `${exchange.command}: ${before}${spoken(exchange.outcome)} (${duration(exchange.ms)})`;
}

/** `10.0.0.2:40003 no answer in 3.5 s`. */
export function quoteDial(dial: DialRecord): string {
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
      return `${spoken("unreachable")}${dial.code === null ? "" : ` (${dial.code})`} after ${duration(dial.ms)}`;
    default:
      return `${spoken(dial.outcome)} after ${duration(dial.ms)}`;
  }
}

/** An outcome in plain words. */
export function spoken(outcome: Outcome): string {
  switch (outcome) {
    case "ok":
      return "answered";
    case "connected":
      return "connected";
    case "refused":
      return "connection refused";
    case "timed-out":
      return "no answer";
    case "reset":
      return "connection reset";
    case "closed":
      return "connection closed";
    case "unreachable":
      return "no route or rejected";
    case "local-error":
      return "refused by this machine's own network stack";
    case "wrong-peer":
      return "called by somebody else";
    case "not-found":
      return "not found";
    case "lookup-failed":
      return "look-up failed";
    case "protocol-error":
      return "not readable as FTP";
    case "tls-failed":
      return "TLS failed";
    case "cancelled":
      return "cancelled";
  }
}
