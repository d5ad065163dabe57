import { controlArgs } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { quoteReply } from "../quote.ts";

/** Replies do not fit their commands. */
export const replyDesync = defineRule({
  id: "reply-desync",
  title: "Replies are out of step with the commands",
  since: "0.1.0",
  needs: ["control", "identify", "login", "passive", "active"],
  replaces: ["ctl-protocol-violation"],
  references: ["RFC 959 section 4.2 (multi-line replies) and 5.4 (sequences)"],
  meaning: [
    "The server sends more replies than it was asked for, or answers a command with the reply of another: a greeting of several lines that are each a complete reply, a late answer, a doubled one. Clients take the wrong reply for theirs and fail with puzzling messages.",
    "To mend a greeting of several lines, all but its last line must begin with the code and a hyphen (220-). Otherwise look for a proxy that answers in the server's place.",
  ].join("\n\n"),
  severity: (facts) => (facts.works("epsv", "pasv") ? "warning" : facts.loggedIn ? "error" : "critical"),
  judge(facts) {
    if (!facts.addresses.some(({ control }) => control === "ready")) {
      return { kind: "undetermined", missing: "no conversation" };
    }
    const stray = facts.evidence.sessions.flatMap((session) =>
      session.unexpected
        // A server that hangs up may say so at any time.
        .filter(({ code, oddities }) => code !== 421 && !oddities.includes("unfinished"))
        .map((reply) => ({ session, reply })),
    );
    if (stray.length === 0) return { kind: "absent" };
    const sessions = new Set(stray.map(({ session }) => session.id));
    const records = facts.addresses.flatMap(({ controls }) =>
      controls.filter(({ session }) => session !== null && sessions.has(session)),
    );
    const greetings = stray.filter(({ reply }) => reply.code === 220).length;
    const addresses = facts.addresses.filter(({ controls }) => controls.some((control) => records.includes(control)));
    return {
      kind: "present",
      confidence: greetings > 0 ? "certain" : "likely",
      at: greetings > 0 ? "server-config" : "server-host",
      args: { ...controlArgs(addresses, facts), count: stray.length, greeting: greetings > 0 },
      because: records.map(({ id }) => id),
      seen: stray.slice(0, 3).map(({ reply }) => `not asked for: ${quoteReply(reply)}`),
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
    remedies: mendControl(facts, { server: ["greeting-text"] }),
  }),
});
