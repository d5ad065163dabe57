import { isPublic } from "../../model/address.ts";
import { formatEndpoint } from "../../model/endpoint.ts";
import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { activeUntried } from "../facts/active-refusals.ts";
import { worksUnder } from "../facts/protections.ts";
import { quoteExchange } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";
import { probeAgain } from "../words/next.ts";

/** The control connection is reset as the answer to PORT or EPRT. */
export const portAlgReset = defineRule({
  id: "port-alg-reset",
  title: "Control connection is reset at PORT or EPRT",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["ctl-closed-mid-session"],
  references: ["Cisco ASA FTP inspection", "FileZilla wiki: Network Configuration (active mode)"],
  meaning: [
    "The session works until the client names its own address and port for active mode; then the control connection is reset. A NAT or firewall that inspects FTP does that where the address is not the one it expects, for instance where the client names its outside address (an external IP setting) while the device wants to put that in itself.",
    "Use passive mode. Where active mode is needed, let the client name its own address, or switch the FTP inspection of that device off.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const hits = facts.active.filter(({ record }) => record.exchange?.outcome === "reset");
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    const chosen = facts.evidence.policy.activeAddress !== null;
    const unread = hits.some(
      ({ record: { address, mode, protection } }) => protection === "clear" && worksUnder("tls", address, mode, facts),
    );
    const inBoth = hits.some(({ record }) => record.protection === "tls");
    const alive = facts.works("epsv", "pasv");
    return {
      kind: "present",
      confidence: unread && !inBoth ? "certain" : alive && !inBoth ? "likely" : "possible",
      at: "middlebox",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.address,
        offered: first.offered === null ? null : formatEndpoint(first.offered),
        chosen,
        outside: first.offered !== null && isPublic(first.offered.address),
        alive,
      },
      because: hits.map(({ record }) => record.id),
      seen: hits
        .slice(0, 3)
        .flatMap(({ record }) => (record.exchange === null ? [] : [quoteExchange(record.exchange)])),
      rivals: unread
        ? []
        : [
            {
              cause: "srv-session-crash",
              toTellApart: "The server's log: did its process die at this command, or did the connection break?",
            },
          ],
      ...(chosen
        ? {
            next: [
              {
                command: `${probeAgain(facts)} --modes port,eprt`,
                tells:
                  "Names this machine's own address in place of the one given with --active-address: if that passes, the device on the way rewrites it.",
              },
            ],
          }
        : {}),
    };
  },
  describe: (args, facts) => ({
    summary: `The control connection is reset as soon as ${listed(
      modesIn(args).map((mode) => mode.toUpperCase()),
      "or",
    )} names ${args["offered"]}.`,
    explanation: `Login and other commands work${args["alive"] === true ? ", passive mode too" : ""}. Only the command that names this machine's address ends the connection, and not in order but with a reset: so does a firewall or NAT that inspects FTP and does not agree with the address${args["chosen"] === true ? ", which was given by hand" : ""}.`,
    remedies: [
      ...mendClient("use-passive", facts, args),
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Switch the FTP inspection (ALG) off for this client, or let it accept the address that the client names.",
      },
    ],
  }),
});
