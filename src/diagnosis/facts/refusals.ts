import type { Exchange, ReplyRecord } from "../../model/evidence.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { lastReply } from "./facts.ts";
import { quoteExchange, quoteLine } from "./quote.ts";

/** An attempt whose command got a negative reply. */
export interface Refusal<A> {
  /** The attempt. */
  attempt: A;
  /** The command that asks for the mode, with its replies. */
  exchange: Exchange;
  /** The negative reply. */
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

/** An attempt of either kind. */
interface Tried {
  record: { id: string; mode: string; address: string };
}

/** The answer of a rule that goes by refusals alone: certain, because the server itself says no. `more` goes into the args. */
export function judgeRefused(refused: readonly Refusal<Tried>[], more: Args = {}): Judgement {
  if (refused.length === 0) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "certain",
    at: "server-config",
    args: { ...refusalArgs(refused), ...more },
    because: refused.map(({ attempt }) => attempt.record.id),
    seen: seenRefusals(refused),
    rivals: [],
  };
}

/** The first refusal, for the words. */
export function refusalArgs(refused: readonly Refusal<Tried>[]): Args {
  const first = refused[0];
  return {
    modes: [...new Set(refused.map(({ attempt }) => attempt.record.mode))],
    peer: first?.attempt.record.address ?? null,
    code: first?.reply.code ?? null,
    reply: first === undefined ? null : quoteLine(first.text),
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

/** A full disk or a used-up quota, whatever the code: vsftpd, ProFTPD mod_quotatab, Pure-FTPd messages_en.h, and the system's own texts. */
export function saysNoRoom(text: string): boolean {
  return /\bdisk (?:is )?full\b|\bquota\b[^.]{0,40}\b(?:exceeded|reached|full)\b|\b(?:over|exceed\w{0,3})\b[^.]{0,20}\bquota\b|\bno space left\b|\bnot enough (?:disk )?space\b|\binsufficient storage\b/i.test(
    text,
  );
}
