import type { ReplyRecord } from "../../model/evidence.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import { exchangesOf } from "./facts.ts";
import { quoteLine, quoteReply } from "./quote.ts";
import { isEcho } from "./tls-control.ts";
import { WORDINGS, type Wording } from "./wordings.ts";

/** A negative reply, and where it was given. */
export interface Said {
  /** The address that said it. */
  at: AddressFacts;
  /** Id of the evidence record. */
  record: string;
  /** What it answered: `greeting`, the command's verb, or `unasked` for a reply to no command. */
  to: string;
  /** Number of the session at its address; 1 is the first. */
  ordinal: number;
  /** The reply. */
  reply: ReplyRecord;
  /** The line that says it. */
  quote: string;
}

/** Every negative reply of the run, address by address. What does not speak FTP says nothing that counts. */
export function negativeReplies(facts: Facts): Said[] {
  return facts.addresses
    .filter(({ control }) => control !== "not-ftp")
    .flatMap((at) => [...greetingsOf(at), ...answersAt(at), ...leakedAt(at, facts), ...unaskedAt(at, facts)]);
}

/** What a server wrote in clear into a session under TLS is what it had to say, also where no client can read it. */
function leakedAt(at: AddressFacts, facts: Facts): Said[] {
  return at.logins.flatMap((login) => {
    const { foreign } = facts.evidence.sessions.find(({ id }) => id === login.session) ?? {};
    const lines = foreign?.split(/\r?\n/).filter((line) => line !== "") ?? [];
    // Behind an alert it is no more than an echo of it.
    if (foreign != null && isEcho(foreign)) return [];
    const code = Number(/^([45]\d\d)[ -]/.exec(lines[0] ?? "")?.[1] ?? 0);
    if (code === 0) return [];
    // What names no cause of its own is told by tls-plaintext-in-stream.
    if (wordingOf({ code, lines }) === null) return [];
    const ordinal = at.controls.find(({ session }) => session === login.session)?.ordinal ?? 1;
    // Behind a login that was let in it belongs to no command for certain.
    const to = login.result === "logged-in" ? "unasked" : verbOf(login.exchanges.at(-1)?.command ?? "PASS");
    return [said(at, login.id, to, ordinal, { code, lines, oddities: [], atMs: login.startedMs })];
  });
}

function greetingsOf(at: AddressFacts): Said[] {
  return at.controls.flatMap((control) => {
    const reply = control.greeting?.reply;
    return reply && reply.code >= 400 ? [said(at, control.id, "greeting", control.ordinal, reply)] : [];
  });
}

function answersAt(at: AddressFacts): Said[] {
  const records = [at.identify, ...at.secures, ...at.logins, at.directory, ...at.attempts.map(({ record }) => record)];
  return records.flatMap((record) => {
    if (record === null) return [];
    const ordinal = at.controls.find(({ session }) => session !== null && session === record.session)?.ordinal ?? 1;
    return exchangesOf([record]).flatMap((exchange) =>
      exchange.replies
        .filter(({ code }) => code >= 400)
        .map((reply) => said(at, record.id, verbOf(exchange.command), ordinal, reply)),
    );
  });
}

/** A server that gives a session up says so between the commands; behind a refused login that is only its echo. */
function unaskedAt(at: AddressFacts, facts: Facts): Said[] {
  const refused = at.logins.filter(({ result }) => result === "rejected").map(({ session }) => session);
  // A session that was left idle on purpose may well be ended: the rules that read the hold speak of that.
  const held = at.holds.map(({ session }) => session);
  return at.controls.flatMap(({ id, session, ordinal }) =>
    facts.evidence.sessions
      .filter((log) => log.id === session && !refused.includes(log.id) && !held.includes(log.id))
      .flatMap(({ unexpected }) =>
        unexpected.filter(({ code }) => code >= 400).map((reply) => said(at, id, "unasked", ordinal, reply)),
      ),
  );
}

/** Negative replies whose wording speaks for this finding. */
export function refusalsOf(facts: Facts, finding: string): Said[] {
  return negativeReplies(facts).flatMap((one) => {
    const found = wordingOf(one.reply);
    return found?.wording.finding === finding ? [{ ...one, quote: quoteLine(found.line) }] : [];
  });
}

/** The wording that a reply has, and the line with it; the first row of the table that fits any of its lines counts. */
export function wordingOf({
  code,
  lines,
}: Pick<ReplyRecord, "code" | "lines">): { wording: Wording; line: string } | null {
  for (const wording of WORDINGS) {
    const line = wording.codes.includes(code) ? lines.find((text) => wording.text.test(text)) : undefined;
    if (line !== undefined) return { wording, line };
  }
  return null;
}

function said(at: AddressFacts, record: string, to: string, ordinal: number, reply: ReplyRecord): Said {
  return { at, record, to, ordinal, reply, quote: quoteReply(reply) };
}

function verbOf(command: string): string {
  return command.split(" ", 1)[0] ?? command;
}
