import type { Exchange, ReplyRecord, SessionRecord } from "../../model/evidence.ts";
import { exchangesOf, type Facts } from "./facts.ts";
import { isCrash } from "./refusals.ts";

/** Replies of a session that nobody asked for. One that merely came in the place of the right answer is none: it is the answer. */
export function surplusOf(session: SessionRecord, facts: Facts): ReplyRecord[] {
  const hurried = facts.evidence.experiments.find(
    (record) => record.experiment === "offers" && record.session === session.id,
  );
  // A row of offers of which none is used is no ordinary conversation, and some servers lose count over it (Twisted does).
  const until = hurried?.startedMs ?? Number.POSITIVE_INFINITY;
  const stray = session.unexpected.filter((reply) => isStray(reply) && reply.atMs < until);
  const misanswered = facts.evidence.experiments
    .flatMap((record) =>
      record.experiment !== "resolve" && record.session === session.id ? exchangesOf([record]) : [],
    )
    .filter((exchange) => misanswerTo(exchange, session) !== null).length;
  return stray.length <= misanswered ? [] : stray;
}

/** The only reply that came to a command, where it cannot be the answer to it (such as a 331 to PASV); null where none is of that kind. */
export function misanswerTo({ outcome, replies, sentMs, ms }: Exchange, session: SessionRecord): ReplyRecord | null {
  if (outcome !== "protocol-error" || replies.length > 0) return null;
  const [only, ...others] = session.unexpected.filter(({ atMs }) => atMs >= sentMs && atMs <= sentMs + ms);
  return only !== undefined && others.length === 0 && only.oddities.includes("extra") ? only : null;
}

/** A server that ends a session may say so at any time (421, 221, vsftpd's OOPS); half a reply is none. */
function isStray({ code, lines, oddities }: ReplyRecord): boolean {
  return code !== 421 && code !== 221 && !isCrash(lines[0] ?? "") && !oddities.includes("unfinished");
}
