import { duration } from "../../model/words.ts";
import type { ServerTopic } from "../../remedies/topic.ts";
import { type Args, defineRule } from "../define-rule.ts";
import {
  controlArgs,
  controlEndpoint,
  controlSeverity,
  loginSeverity,
  nothingTried,
  triedAddresses,
  verb,
} from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { quoteLine } from "../facts/quote.ts";
import { negativeReplies, type Said, wordingOf } from "../facts/said.ts";
import { mendControl } from "../words/mend.ts";

/** TCP connects and is closed without a word, or with a refusal that names no reason. */
export const ctlAcceptedThenClosed = defineRule({
  id: "ctl-accepted-then-closed",
  title: "The server hangs up instead of greeting",
  since: "0.1.0",
  needs: ["control", "identify", "login"],
  references: ["RFC 959 section 5.4 (greeting)", "vsftpd prelogin.c check_limits", "hosts_access(5)"],
  meaning: [
    "The connection is accepted and closed at once, without a single byte or with a refusal (421, 500) that names no reason. An access list (tcp_wrappers, xinetd only_from) does that to addresses it does not like, a load balancer does it when no server stands behind it, and so does a service that dies at its start.",
    "To mend it, look into the server's log at the time of the attempt, allow the client's address in /etc/hosts.allow or xinetd, and check what the load balancer has behind it.",
  ].join("\n\n"),
  severity: (facts, args) => (args["atLogin"] === true ? loginSeverity(facts) : controlSeverity(facts)),
  judge(facts) {
    const tried = triedAddresses(facts);
    if (tried.length === 0) return nothingTried(facts);
    const cut = tried.filter(({ control }) => control === "closed" || control === "reset");
    const told = unexplained(facts);
    if (cut.length === 0 && told.length === 0) {
      return tried.some(({ controls }) => controls[0]?.greeting != null)
        ? { kind: "absent" }
        : { kind: "undetermined", missing: "no connection was made" };
    }
    const text = told[0]?.quote ?? null;
    return {
      kind: "present",
      confidence: "likely",
      at: "server-host",
      args: {
        ...controlArgs([...new Set([...cut, ...told.map(({ at }) => at)])], facts),
        text,
        atLogin: told.some(({ to }) => to !== "greeting"),
        first: cut.length > 0 || told.some(({ ordinal }) => ordinal === 1),
      },
      because: [
        ...new Set([
          ...cut.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
          ...told.map(({ record }) => record),
        ]),
      ],
      seen: [
        ...cut.map((address) => {
          const control = address.controls[0];
          const ms = control?.greeting?.ms ?? control?.connect.ms ?? 0;
          return `${controlEndpoint(address, facts)} accepted, then ${address.control} with 0 bytes after ${duration(ms)}`;
        }),
        ...told.map(({ to, quote }) => (to === "greeting" ? quote : `${to}: ${quote}`)),
      ].slice(0, 3),
      rivals: [
        {
          cause: "ctl-source-banned",
          toTellApart: "Does it greet a client from another address? Then an access list shuts this one out.",
        },
        ...(text === null
          ? []
          : [
              {
                cause: "ctl-max-clients",
                toTellApart: "Does it greet some minutes later, or at night? Then it was full.",
              },
            ]),
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["text"] === null
        ? `${args["endpoints"]} ${verb(args, "accepts", "accept")} the connection and ${verb(args, "hangs", "hang")} up without a greeting.`
        : args["first"] === true
          ? `${args["endpoints"]} ${verb(args, "accepts", "accept")} the connection and ${verb(args, "turns", "turn")} it away: ${args["text"]}`
          : `${args["host"]} serves one connection and turns a further one away: ${args["text"]}`,
    explanation:
      args["text"] === null
        ? "Something accepts the connection, and closes it before it said a word. An FTP server greets first (220), so an access list, a load balancer without a server behind it or a service that dies at its start is at work."
        : "The server speaks FTP and says no without a reason: to this address (an access list), to everybody (it is being shut down, or no virtual host fits), or for now.",
    remedies: mendControl(facts, args, { server: topicsOf(args) }),
  }),
});

/** Hanging up on a further session is a limit; without a word, it may be what stands behind the port. */
function topicsOf({ first, text }: Args): ServerTopic[] {
  if (first === false) return ["max-per-ip"];
  return text === null ? ["access-list", "what-listens"] : ["access-list"];
}

/** Refusals at the greeting, and a 421 up to the login, whose words no rule knows. */
function unexplained(facts: Facts): Said[] {
  return negativeReplies(facts)
    .filter(
      (said) =>
        (said.to === "greeting" || (said.reply.code === 421 && isUntilLogin(said))) && wordingOf(said.reply) === null,
    )
    .map((one) => ({ ...one, quote: quoteLine(one.quote) }));
}

/** FEAT is asked again after the login: there the end of the session is another finding. */
function isUntilLogin({ at, to }: Said): boolean {
  if (to === "USER" || to === "PASS") return true;
  return (to === "FEAT" || to === "AUTH") && at.logins.every(({ result }) => result !== "logged-in");
}
