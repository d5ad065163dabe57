import type { OfferRecord } from "../../model/evidence.ts";
import { defineRule } from "../define-rule.ts";
import { seenOffers } from "../facts/passive-facts.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** A positive reply to PASV or EPSV in which no endpoint can be read. */
export const pasvReplyUnparsable = defineRule({
  id: "pasv-reply-unparsable",
  title: "Reply to PASV or EPSV cannot be read",
  since: "0.1.0",
  needs: ["passive"],
  references: [
    "RFC 959 section 4.1.2",
    "RFC 2428 section 3",
    "https://github.com/aio-libs/aioftp/issues/108",
    "https://github.com/robinrodricks/FluentFTP/issues/1108",
  ],
  meaning: [
    "The server agrees to passive mode, but its reply holds no valid address and port: numbers are missing or out of range, or the text is something else altogether. No client can connect by it. Readable deviations (no parentheses, other delimiters, two lines) are no finding.",
    "To mend it, update the server, or the device on the way that writes the reply anew. If only one of PASV and EPSV is affected, clients can use the other.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const answered = facts.passive.filter(({ record }) => record.offer?.exchange.outcome === "ok");
    if (answered.length === 0) return { kind: "undetermined", missing: "no reply to PASV or EPSV was seen" };
    const hits = answered.filter(({ record }) => record.offer?.problem != null || isNoAnswer(record.offer));
    const first = hits[0]?.record.offer;
    if (first == null) {
      const oddities = [...new Set(answered.flatMap(({ record }) => record.offer?.oddities ?? []))];
      return oddities.length === 0
        ? { kind: "absent" }
        : { kind: "absent", note: `readable, but odd: ${oddities.join(", ")}` };
    }
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        problem: first.problem ?? `the code ${first.exchange.replies.at(-1)?.code} is no answer to it`,
        peer: hits[0]?.record.address ?? null,
        command: first.exchange.command,
      },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: [
        {
          cause: "alg-filters-commands",
          toTellApart:
            "Probe from the server's own network: if the reply is whole there, a device on the way has rewritten it.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `The server's reply to ${args["command"]} holds no valid port to connect to: ${args["problem"]}.`,
    explanation: `The server accepted ${args["command"]}, but what it answered cannot be read as an address and port (${args["problem"]}), so no data connection could be tried.`,
    remedies: mendServer("readable-reply", facts, args),
  }),
});

/** Neither a yes (2xx) nor a no (4xx, 5xx): RFC 959 section 5.4 knows no such reply to PASV. */
function isNoAnswer(offer: OfferRecord | null): boolean {
  const code = offer?.exchange.replies.at(-1)?.code ?? 200;
  return code < 200 || (code >= 300 && code < 400);
}
