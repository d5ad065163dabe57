import type { ActiveRecord, PassiveRecord } from "../../model/evidence.ts";
import { defineRule } from "../define-rule.ts";
import { exchangesOf, lastReply } from "../facts/facts.ts";
import { quoteExchange, quoteReply } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** EAFNOSUPPORT, as the C library words it and servers hand it on. */
const WRONG_FAMILY = /address family (?:is )?not supported/i;

/** A proxy before the server is IPv6 on one side and IPv4 on the other. */
export const ipv6ProxyFamilyMismatch = defineRule({
  id: "ipv6-proxy-family-mismatch",
  title: "The server mixes IPv6 and IPv4 on the data connection",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: ["data-connect-no-data", "port-client-firewall", "pasv-server-listen-failed"],
  references: ["https://github.com/Castaglia/proftpd-mod_proxy/issues/128"],
  meaning: [
    'The server answers "Address family not supported": it takes the client over IPv6 and tries to build the data connection over IPv4, or the other way round. A proxy before the server that is IPv6 on one side and IPv4 on the other does that.',
    "To mend it, update the proxy, let both sides use one family, or take the AAAA record away. Over IPv4 it works.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const tried = [...facts.passive, ...facts.active].map(({ record }): PassiveRecord | ActiveRecord => record);
    if (tried.length === 0) return { kind: "undetermined", missing: "no mode was tried" };
    const hits = tried.flatMap((record) => {
      const told = exchangesOf([record]).find((exchange) => {
        const reply = lastReply(exchange);
        return reply !== null && reply.code >= 400 && reply.lines.some((line) => WRONG_FAMILY.test(line));
      });
      return told === undefined ? [] : [{ record, told }];
    });
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const reply = lastReply(first.told);
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        family: first.record.family,
        reply: reply === null ? null : quoteReply(reply),
      },
      because: hits.map(({ record }) => record.id),
      seen: [...new Set(hits.map(({ told }) => quoteExchange(told)))].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `The server cannot build the data connection because it mixes IPv6 and IPv4 (${args["reply"]}).`,
    explanation: `The control connection goes to ${args["peer"]}, and the server's own system refuses the data connection because the two ends are of different address families. That is said by the server, or by a proxy before it; no firewall is involved.`,
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Update the FTP proxy before the server (ProFTPD mod_proxy 0.6 or newer), or let it use the same address family on both sides; until then take the AAAA record of the name away.",
      },
      ...(args["family"] === "ipv6" ? mendClient("force-ipv4", facts, args) : []),
    ],
  }),
});
