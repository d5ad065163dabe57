import type { ExperimentRecord } from "../../model/evidence.ts";
import { controlArgs } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { exchangesOf } from "../facts.ts";
import { mendControl } from "../mend-control.ts";
import { quoteExchange } from "../quote.ts";

/** The control connection ends in the middle of the conversation. */
export const ctlClosedMidSession = defineRule({
  id: "ctl-closed-mid-session",
  title: "The control connection is cut in the middle",
  since: "0.1.0",
  needs: ["identify", "login", "passive", "active"],
  references: ["RFC 959 section 5.4 (421 before closing)"],
  meaning: [
    "The control connection was closed or reset between a command and its answer, without the 421 with which a server says goodbye. The server's process may have died, or a firewall or an intrusion filter on the way cuts the connection: because of the command, or because many connections came in short time.",
    "To mend it, read the server's log at that time; if it says nothing of the end, look for the device in between.",
  ].join("\n\n"),
  severity: (facts) => (facts.loggedIn ? "warning" : "critical"),
  judge(facts) {
    const exchanges = facts.evidence.experiments.flatMap((record) =>
      exchangesOf([record]).map((exchange) => ({ record, exchange })),
    );
    if (exchanges.length === 0) return { kind: "undetermined", missing: "no command was sent" };
    const cut = exchanges.filter(
      ({ exchange: { outcome, replies } }) =>
        (outcome === "closed" || outcome === "reset") && !replies.some(({ code }) => code >= 400),
    );
    if (cut.length === 0) return { kind: "absent" };
    const records: ExperimentRecord[] = [...new Set(cut.map(({ record }) => record))];
    const addresses = facts.addresses.filter(({ address }) =>
      records.some((record) => record.experiment !== "resolve" && record.address === address),
    );
    return {
      kind: "present",
      confidence: "possible",
      at: "unknown",
      args: { ...controlArgs(addresses, facts), command: cut[0]?.exchange.command.split(" ", 1)[0] ?? "" },
      because: records.map(({ id }) => id),
      seen: cut.slice(0, 3).map(({ exchange }) => quoteExchange(exchange)),
      rivals: [
        { cause: "srv-session-crash", toTellApart: "The server's log at that time: does a process end abnormally?" },
        {
          cause: "a firewall that limits the rate of connections or filters commands",
          toTellApart: "Does it pass with a pause of a second between transfers, or from another network?",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `The control connection to ${args["host"]} was cut after ${args["command"]}, without a word of the server.`,
    explanation:
      "A server that ends a session says so first (421). Here the connection just ended while we waited for an answer: the server's process died, or something in between cut it.",
    remedies: mendControl(facts, { server: ["what-listens"] }),
  }),
});
