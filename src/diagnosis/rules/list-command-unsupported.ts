import { defineRule } from "../define-rule.ts";
import { controlArgs, modesTried, sessionSeverity } from "../facts/control-facts.ts";
import { lastReply } from "../facts/facts.ts";
import { quoteExchange } from "../facts/quote.ts";
import { isCrash, speaksOfChannel, textOf } from "../facts/refusals.ts";

/** RFC 959 section 4.2: not recognised, bad argument, not implemented, not implemented with this argument. */
const UNKNOWN_CODES: readonly number[] = [500, 501, 502, 504];

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
    "The data connection could be set up, but the server answers the listing command with 500, 501, 502 or 504: it does not know it or does not allow it. Clients that give up at this point seem to have a network problem, but there is none. Setting the client to another listing command (LIST, NLST, MLSD) helps.",
  severity: sessionSeverity,
  judge(facts) {
    const listings = facts.attempts.flatMap(({ record }) => {
      const reply = lastReply(record.transfer?.exchange ?? null);
      return record.transfer === null || reply === null ? [] : [{ record, exchange: record.transfer.exchange, reply }];
    });
    if (listings.length === 0) return { kind: "undetermined", missing: "no listing was answered" };
    const unknown = listings.filter(({ reply }) => {
      const text = textOf(reply);
      return UNKNOWN_CODES.includes(reply.code) && !isCrash(text) && !speaksOfChannel(text);
    });
    if (unknown.length === 0) return { kind: "absent" };
    const ids = unknown.map(({ record }) => record.id);
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: {
        ...controlArgs(
          facts.addresses.filter(({ address }) => unknown.some(({ record }) => record.address === address)),
          facts,
        ),
        modes: modesTried(ids, facts),
      },
      because: ids,
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
        text: "Set the client to another listing command (lftp: set ftp:use-mlsd yes; curl: --list-only for NLST), or ask for a known file instead of a listing.",
      },
    ],
  }),
});
