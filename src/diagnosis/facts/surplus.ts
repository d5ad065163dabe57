import type { Exchange, ReplyRecord, SecureRecord, SessionRecord } from "../../model/evidence.ts";
import { exchangesOf, type Facts, lastReply } from "./facts.ts";
import { isCrash } from "./refusals.ts";

/** Replies of a session that nobody asked for. One that merely came in the place of the right answer is none: it is the answer. */
export function surplusOf(session: SessionRecord, facts: Facts): ReplyRecord[] {
  const hurried = facts.evidence.experiments.find(
    (record) => record.experiment === "offers" && record.session === session.id,
  );
  // A row of offers of which none is used is no ordinary conversation, and some servers lose count over it (Twisted does).
  const until = hurried?.startedMs ?? Number.POSITIVE_INFINITY;
  const slipped = slippedIn(session, facts);
  const stray = session.unexpected.filter(
    (reply) => isStray(reply) && reply.atMs < until && !slipped.some(({ reply: other }) => other === reply),
  );
  const misanswered = facts.evidence.experiments
    .flatMap((record) =>
      record.experiment !== "resolve" && record.session === session.id ? exchangesOf([record]) : [],
    )
    .filter((exchange) => misanswerTo(exchange, session) !== null).length;
  return stray.length <= misanswered ? [] : stray;
}

/** A reply in clear that came between the answer to AUTH and the handshake, and the attempt at TLS it belongs to. */
export interface Slipped {
  /** The reply. */
  reply: ReplyRecord;
  /** The attempt. */
  secure: SecureRecord;
}

/**
 * Replies in clear right behind the answer to AUTH: a client that keeps what it has read takes them for the first words under TLS.
 * What is read so late came in the same packet, for the connection is TLS's from then on.
 */
export function slippedIn(session: SessionRecord, facts: Facts): Slipped[] {
  const secures = facts.addresses.flatMap((address) =>
    address.secures.filter((secure) => secure.session === session.id),
  );
  return secures.flatMap((secure) => {
    const accepted = lastReply(secure.auth.at(-1) ?? null);
    const { handshake } = secure;
    if (accepted === null || handshake === null) return [];
    return session.unexpected
      .filter(
        ({ atMs, oddities }) =>
          oddities.includes("early") &&
          !oddities.includes("unfinished") &&
          atMs >= accepted.atMs &&
          atMs < accepted.atMs + Math.max(handshake.ms, SAME_PACKET_MS),
      )
      .map((reply) => ({ reply, secure }));
  });
}

/** Replies of one packet get their times one after another. */
const SAME_PACKET_MS = 1;

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
