import { defineRule } from "../define-rule.ts";
import { activeUntried, excuse } from "../facts/active-refusals.ts";
import { saysBindFailed } from "../facts/bind-failure.ts";
import { quoteLine, quoteReply } from "../facts/quote.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** The server cannot open its own end of an active data connection. */
export const srvBindFailed = defineRule({
  id: "srv-bind-failed",
  title: "Server cannot open its end of the active connection",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["port-client-firewall", "srv-session-crash", "list-command-unsupported", "path-or-permission"],
  references: ["vsftpd privops.c:73", "https://github.com/Castaglia/proftpd-mod_proxy/issues/117"],
  meaning: [
    "For an active data connection the server calls from a port of its own, usually 20. It could not take that port: it lacks the privilege, the port is still in use by an earlier connection, or the address it shall call from is not its own.",
    "To mend it, let the server use any port (vsftpd: connect_from_port_20=NO), or give it the privilege. Passive mode is not affected.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["eprt", "port"]),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const hits = facts.active.filter(({ record }) => saysBindFailed(record));
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.address,
        reply: quoteLine(excuse(first) ?? ""),
      },
      because: hits.map(({ record }) => record.id),
      seen: hits.flatMap(({ record }) => record.transfer?.exchange.replies.slice(-1).map(quoteReply) ?? []).slice(0, 2),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `In active mode the server cannot open its own end of the data connection (${args["reply"]}).`,
    explanation:
      "The server accepted the address offered, then reported the system's error from trying to call. The client's firewall is not involved.",
    remedies: mendServer("data-port", facts, args),
  }),
});
