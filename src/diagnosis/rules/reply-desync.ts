import type { Remedy } from "../../model/report.ts";
import { defineRule } from "../define-rule.ts";
import { controlArgs, failedOn, modesTried, sessionSeverity } from "../facts/control-facts.ts";
import { quoteReply } from "../facts/quote.ts";
import { surplusOf } from "../facts/surplus.ts";
import { mendControl } from "../words/mend.ts";

const checkProxy: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "medium",
  text: "Compare the server's log with this transcript: if the server did not send the surplus replies, a proxy, antivirus or FTP inspection on the way answers in its place and must be switched off for this server; if it did, update or replace it.",
};

/** Replies do not fit their commands. */
export const replyDesync = defineRule({
  id: "reply-desync",
  title: "Replies are out of step with the commands",
  since: "0.1.0",
  needs: ["control", "identify", "login", "directory", "passive", "active"],
  explains: ["pasv-reply-unparsable", "ctl-closed-mid-session", "ctl-banner-delay"],
  replaces: ["ctl-protocol-violation"],
  references: ["RFC 959 section 4.2 (multi-line replies) and 5.4 (sequences)"],
  meaning: [
    "The server sends more replies than it was asked for, or answers a command with the reply of another: a greeting of several lines that are each a complete reply, a late answer, a doubled one. Clients take the wrong reply for theirs and fail with puzzling messages.",
    "To mend a greeting of several lines, all but its last line must begin with the code and a hyphen (220-). Otherwise look for a proxy that answers in the server's place.",
  ].join("\n\n"),
  severity: sessionSeverity,
  judge(facts) {
    if (!facts.addresses.some(({ control }) => control === "ready")) {
      return { kind: "undetermined", missing: "no conversation" };
    }
    const stray = facts.evidence.sessions.flatMap((session) =>
      surplusOf(session, facts).map((reply) => ({ session, reply })),
    );
    if (stray.length === 0) return { kind: "absent" };
    const sessions = new Set(stray.map(({ session }) => session.id));
    // The login belongs to it: its answer may have been another command's.
    const records = facts.addresses.flatMap(({ controls, logins }) =>
      [...controls, ...logins].filter(({ session }) => session !== null && sessions.has(session)),
    );
    if (records.length === 0) return { kind: "absent" };
    const greetings = stray.filter(({ reply }) => reply.code === 220).length;
    const addresses = facts.addresses.filter(({ address }) => records.some((record) => record.address === address));
    const failed = failedOn([...sessions], facts);
    return {
      kind: "present",
      confidence: greetings > 0 ? "certain" : "likely",
      at: greetings > 0 ? "server-config" : "server-host",
      args: {
        ...controlArgs(addresses, facts),
        modes: modesTried(failed, facts),
        count: stray.length,
        greeting: greetings > 0,
      },
      because: [...records.map(({ id }) => id), ...failed],
      seen: [...new Set(stray.map(({ reply }) => `not asked for: ${quoteReply(reply)}`))].slice(0, 3),
      rivals: [
        {
          cause: "ctl-transparent-proxy",
          toTellApart:
            "Does the same happen from another network, or over TLS? Then the server does it, not a device in between.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["greeting"] === true
        ? `The greeting of ${args["host"]} is written as several replies instead of one; clients take the surplus for answers.`
        : `${args["host"]} sends replies that nobody asked for; clients take them for answers to other commands.`,
    explanation:
      "Each command has one answer. Here more answers came than commands were sent, so that a client which does not notice is one step behind for the rest of the session.",
    remedies: args["greeting"] === true ? mendControl(facts, args, { server: ["greeting-text"] }) : [checkProxy],
  }),
});
