import type { ReplyRecord } from "../model/evidence.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import { exchangesOf } from "./facts.ts";
import { quoteReply } from "./quote.ts";
import { WORDINGS, type Wording } from "./wordings.ts";

/** A negative reply, and where it was given. */
export interface Said {
  at: AddressFacts;
  /** Id of the evidence record. */
  record: string;
  /** What it answered: `greeting`, or the command's verb. */
  to: string;
  /** Number of the session at its address; 1 is the first. */
  ordinal: number;
  reply: ReplyRecord;
  /** The line that says it. */
  quote: string;
}

/** Every negative reply of the run, in order. */
export function refusals(facts: Facts): Said[] {
  return facts.addresses.flatMap((at) => {
    const greetings = at.controls.flatMap((control): Said[] => {
      const reply = control.greeting?.reply;
      return reply && reply.code !== 220 ? [said(at, control.id, "greeting", control.ordinal, reply)] : [];
    });
    const others = [at.identify, ...at.logins, at.directory, ...at.attempts.map(({ record }) => record)].flatMap(
      (record) => {
        if (record === null) return [];
        const ordinal = record.experiment === "login" ? record.ordinal : 1;
        return exchangesOf([record]).flatMap((exchange) =>
          exchange.replies
            .filter(({ code }) => code >= 400)
            .map((reply) => said(at, record.id, verbOf(exchange.command), ordinal, reply)),
        );
      },
    );
    return [...greetings, ...others];
  });
}

/** Negative replies whose wording speaks for this finding. */
export function refusalsOf(facts: Facts, finding: string): Said[] {
  return refusals(facts).flatMap((one) => {
    const line = one.reply.lines.find((text) => wordingOf(one.reply.code, text)?.finding === finding);
    return line === undefined ? [] : [{ ...one, quote: line }];
  });
}

/** The wording that a line matches; the first row counts. */
export function wordingOf(code: number, line: string): Wording | undefined {
  return WORDINGS.find((wording) => wording.codes.includes(code) && wording.text.test(line));
}

function said(at: AddressFacts, record: string, to: string, ordinal: number, reply: ReplyRecord): Said {
  return { at, record, to, ordinal, reply, quote: quoteReply(reply) };
}

function verbOf(command: string): string {
  return command.split(" ", 1)[0] ?? command;
}
