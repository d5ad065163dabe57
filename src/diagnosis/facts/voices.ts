import { recognise } from "../../fingerprint/recognise.ts";
import { builtOn } from "../../fingerprint/systems.ts";
import type { Exchange, ExperimentRecord, ReplyRecord } from "../../model/evidence.ts";
import type { Protection } from "../../model/mode.ts";
import { listed } from "../../model/words.ts";
import { type AddressFacts, exchangesOf } from "./facts.ts";
import { quoteLine } from "./quote.ts";

/** A second voice in the conversation beside the server's own. */
export interface Voice {
  /** What is odd, as a clause. */
  what: string;
  /** The line that shows it. */
  seen: string;
  /** Id of the evidence record. */
  record: string;
}

/**
 * How proxies call themselves in their greetings: TIS and Gauntlet `FTP proxy (Version …) ready`, frox `transparent ftp
 * proxy`, Check Point `FireWall-1 Secure FTP server`.
 */
const PROXY_GREETING = /\bftp[ -](?:gateway|proxy|firewall)\b|\btransparent ftp\b|\bfirewall-1\b/i;

/** The greeting names one product, and the answers are another's. */
export function twoVoices({ controls, identify, logins, attempts }: AddressFacts): Voice | null {
  const [first] = controls;
  const greeting = first?.greeting?.reply?.lines ?? null;
  if (first === undefined || greeting === null) return null;
  const named = recognise({ greeting, replies: [], features: null, syst: null });
  const own = greeting.find((line) => PROXY_GREETING.test(line));
  if (named === null && own === undefined) return null;
  const records = [...(identify === null ? [] : [identify]), ...logins, ...attempts.map(({ record }) => record)];
  const heard = recognise({
    greeting: null,
    replies: exchangesOf(records).flatMap((exchange) =>
      exchange.replies.map((reply: ReplyRecord) => ({
        command: exchange.command.split(" ", 1)[0] ?? "",
        code: reply.code,
        lines: reply.lines,
      })),
    ),
    features: null,
    syst: null,
  });
  if (named === null && heard?.confidence === "certain" && own !== undefined) {
    const what = `the greeting is that of an FTP proxy and the answers are ${heard.name}'s`;
    return { what, seen: quoteLine(own), record: first.id };
  }
  if (named === null || heard === null || named.confidence === "possible" || heard.confidence !== "certain")
    return null;
  if (named.name === heard.name || builtOn[named.name] === heard.name) return null;
  return {
    what: `the greeting is ${named.name}'s and the answers are ${heard.name}'s`,
    seen: quoteLine(greeting.at(-1) ?? ""),
    record: first.id,
  };
}

/** One answer is worded otherwise for many reasons; a session that is answered by somebody else has several. */
const OTHER_WORDINGS = 2;
/** Fewer words than this part of the shorter answer in common: not the same sentence with something added. */
const IN_COMMON = 0.5;

/** The same commands are answered in other words in clear than under TLS, where nobody but the server can answer. */
export function otherWords({ logins, attempts }: Pick<AddressFacts, "logins" | "attempts">): Voice | null {
  const records = [...logins, ...attempts.map(({ record }) => record)];
  const clear = answersUnder("clear", records);
  const tls = answersUnder("tls", records);
  const others = [...clear].flatMap(([question, said]) => {
    const secured = tls.get(question);
    return secured === undefined || alike(said.line, secured.line) ? [] : [{ ...said, secured: secured.line }];
  });
  const [first] = others;
  const verbs = new Set(others.map(({ verb }) => verb));
  if (first === undefined || verbs.size < OTHER_WORDINGS) return null;
  return {
    what: `${listed([...verbs])} are answered in other words in clear text than under TLS`,
    seen: `${first.verb}: in clear ${quoteLine(first.line)}, under TLS ${quoteLine(first.secured)}`,
    record: first.record,
  };
}

/** An answer that was not a refusal, by the mode, command and code it belongs to. */
function answersUnder(protection: Protection, records: readonly ExperimentRecord[]) {
  const answers = new Map<string, { verb: string; line: string; record: string }>();
  for (const record of records) {
    if (!("protection" in record) || record.protection !== protection) continue;
    const mode = "mode" in record ? record.mode : "";
    for (const { verb, code, line } of exchangesOf([record]).flatMap(answersIn)) {
      const question = `${mode} ${verb} ${code}`;
      if (!answers.has(question)) answers.set(question, { verb, line, record: record.id });
    }
  }
  return answers;
}

function answersIn({ command, replies }: Exchange): { verb: string; code: number; line: string }[] {
  const verb = command.split(" ", 1)[0] ?? "";
  return replies.flatMap(({ code, lines }) => (code >= 400 ? [] : [{ verb, code, line: lines.at(-1) ?? "" }]));
}

function alike(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  // Numbers and addresses differ by themselves, and a reply that is nothing else says nothing of who wrote it.
  if (a.size === 0 || b.size === 0) return true;
  return [...a].filter((word) => b.has(word)).length >= IN_COMMON * Math.min(a.size, b.size);
}

function wordsOf(line: string): Set<string> {
  return new Set(line.toLowerCase().match(/[a-z]{2,}/g) ?? []);
}
