import { controlArgs } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { lastReply } from "../facts.ts";
import { quoteExchange } from "../quote.ts";
import { severityOf } from "../severity.ts";

/** LIST itself is not known. */
export const listCommandUnsupported = defineRule({
  id: "list-command-unsupported",
  title: "The server does not know the listing command",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: [
    "RFC 959 section 5.1 (minimum implementation)",
    "https://github.com/michaellukashov/Far-NetBox/issues/45",
  ],
  meaning:
    "The data connection could be set up, but the server answers the listing command with 500, 501, 502 or 504: it does not know or not allow it. Clients that give up at this point seem to have a network problem and have none. A client setting for another listing command (LIST, NLST, MLSD) helps.",
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    const listings = facts.attempts.flatMap(({ record }) =>
      record.transfer === null ? [] : [{ record, exchange: record.transfer.exchange }],
    );
    if (listings.length === 0) return { kind: "undetermined", missing: "no listing was asked for" };
    const unknown = listings.filter(({ exchange }) => [500, 501, 502, 504].includes(lastReply(exchange)?.code ?? 0));
    if (unknown.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: controlArgs(facts.addresses, facts),
      because: unknown.map(({ record }) => record.id),
      seen: [...new Set(unknown.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args) => ({
    summary: `${args["host"]} does not accept the listing command LIST.`,
    explanation: "The data connection is not the trouble: the server refuses the command that would use it.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Set the client to another listing command (MLSD or NLST), or ask for a known file instead of a listing.",
      },
    ],
  }),
});
