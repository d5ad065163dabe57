import type { Exchange, ReplyRecord } from "../model/evidence.ts";
import type { Args } from "./define-rule.ts";
import { lastReply } from "./facts.ts";
import { quoteExchange } from "./quote.ts";

/** An attempt whose command got a negative reply. */
export interface Refusal<A> {
  attempt: A;
  exchange: Exchange;
  reply: ReplyRecord;
  /** The reply as one line, for wordings. */
  text: string;
}

/** The attempts of which the command that asks for the mode was answered with a negative code. */
export function refusals<A>(attempts: readonly A[], exchangeOf: (attempt: A) => Exchange | null): Refusal<A>[] {
  return attempts.flatMap((attempt): Refusal<A>[] => {
    const exchange = exchangeOf(attempt);
    const reply = lastReply(exchange);
    if (exchange === null || reply === null || reply.code < 400) return [];
    return [{ attempt, exchange, reply, text: textOf(reply) }];
  });
}

/** A reply as one line. */
export function textOf(reply: ReplyRecord): string {
  return reply.lines.join(" ");
}

/** The replies as `seen`, each once. */
export function seenRefusals(refused: readonly Pick<Refusal<unknown>, "exchange">[]): string[] {
  return [...new Set(refused.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3);
}

/** The first refusal, for the words. */
export function refusalArgs(refused: readonly Refusal<{ record: { mode: string; address: string } }>[]): Args {
  const first = refused[0];
  return {
    modes: [...new Set(refused.map(({ attempt }) => attempt.record.mode))],
    peer: first?.attempt.record.address ?? null,
    code: first?.reply.code ?? null,
    reply: first?.text.slice(0, 200) ?? null,
  };
}

/** Whether a server process that aborts wrote this (vsftpd `die()`): no answer to the question asked. */
export function isCrash(text: string): boolean {
  return /\bOOPS\b/.test(text);
}

/** Some servers use file and syntax codes for TLS and for data connections as well; their words tell. */
export function speaksOfChannel(text: string): boolean {
  return /\b(?:SSL|TLS|PROT)\b|PORT or PASV|data (?:connection|channel)|foreign address|vsf_sysutil_bind/i.test(text);
}
