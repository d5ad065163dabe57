import { controlArgs, controlEndpoint, controlSeverity } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { duration } from "../quote.ts";

/** TCP connects and is closed without a word. */
export const ctlAcceptedThenClosed = defineRule({
  id: "ctl-accepted-then-closed",
  title: "The server hangs up without a greeting",
  since: "0.1.0",
  needs: ["control"],
  references: ["RFC 959 section 5.4 (greeting)", "vsftpd prelogin.c check_limits", "hosts_access(5)"],
  meaning: [
    "The connection is accepted and closed at once, without a single byte. An access list (tcp_wrappers, xinetd only_from) does that to addresses it does not like, a load balancer does it when no server stands behind it, and so does a service that dies at its start.",
    "To mend it, look into the server's log at the time of the attempt, allow the client's address in /etc/hosts.allow or xinetd, and check what the load balancer has behind it.",
  ].join("\n\n"),
  severity: controlSeverity,
  judge(facts) {
    const tried = facts.addresses.filter(({ control }) => control !== null && control !== "cancelled");
    if (tried.length === 0) return { kind: "undetermined", missing: "no control connection was tried" };
    const cut = tried.filter(({ control }) => control === "closed" || control === "reset");
    if (cut.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "likely",
      at: "server-host",
      args: controlArgs(cut, facts),
      because: cut.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: cut.map((address) => {
        const control = address.controls[0];
        const ms = control?.greeting?.ms ?? control?.connect.ms ?? 0;
        return `${controlEndpoint(address, facts)} accepted, then ${address.control} with 0 bytes after ${duration(ms)}`;
      }),
      rivals: [
        {
          cause: "ctl-source-banned",
          toTellApart: "Does it greet a client from another address? Then an access list shuts this one out.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["endpoints"]} accepts the connection and hangs up without a greeting.`,
    explanation:
      "Something accepts the connection, and closes it before it said a word. An FTP server greets first (220), so an access list, a load balancer without a server behind it or a service that dies at its start is at work.",
    remedies: mendControl(facts, { server: ["access-list", "start-service"] }),
  }),
});
