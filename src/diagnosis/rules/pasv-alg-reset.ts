import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { seenOffers } from "../facts/passive-facts.ts";
import { worksUnder } from "../facts/protections.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The control connection is reset as the answer to PASV or EPSV. */
export const pasvAlgReset = defineRule({
  id: "pasv-alg-reset",
  title: "Control connection is reset at PASV or EPSV",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["ctl-closed-mid-session"],
  references: ['Cisco ASA "invalid port negotiation", "command pipelining"'],
  meaning: [
    "The session works until PASV or EPSV; then the control connection is reset. Firewalls that inspect FTP do that where the reply breaks their rules: a port below 1024, a text they do not know, an address that is not the server's.",
    "To mend it, give the server passive ports above 1023 and the usual reply text, or make the inspection less strict. Active mode is not affected, nor is TLS where it is offered.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    if (facts.passive.length === 0) return { kind: "undetermined", missing: "no passive port was asked for" };
    const hits = facts.passive.filter(({ record }) => record.offer?.exchange.outcome === "reset");
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    const unread = hits.some(
      ({ record: { address, mode, protection } }) => protection === "clear" && worksUnder("tls", address, mode, facts),
    );
    const inBoth = hits.some(({ record }) => record.protection === "tls");
    const activeWorks = facts.active.some(({ summary }) => summary.result === "works");
    return {
      kind: "present",
      confidence: unread && !inBoth ? "certain" : activeWorks && !inBoth ? "likely" : "possible",
      at: "middlebox",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.address,
        activeWorks,
        unread,
      },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: unread
        ? []
        : [
            {
              cause: "srv-session-crash",
              toTellApart: "The server's log: did its process die at this command, or did the connection break?",
            },
          ],
    };
  },
  describe: (args, facts) => ({
    summary: `The control connection is reset as soon as ${listed(
      modesIn(args).map((mode) => mode.toUpperCase()),
      "or",
    )} is sent.`,
    explanation: `Login and other commands work${args["activeWorks"] === true ? ", active mode too" : ""}${args["unread"] === true ? "; under TLS, where nobody can read along, so does this one" : ""}. Only the request for a passive port ends the connection, and not in order but with a reset. That is how an inspecting firewall refuses a reply.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Make the FTP inspection on the way less strict for this server, or switch it off and open a fixed passive range instead (Cisco ASA: no inspect ftp strict; Check Point: service type ftp_basic).",
      },
      ...(args["activeWorks"] === true ? mendClient("use-active", facts, args) : []),
    ],
  }),
});
