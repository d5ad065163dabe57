import { formatEndpoint } from "../../model/endpoint.ts";
import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { activeUntried, seenWaiting } from "../facts/active-refusals.ts";
import { blindActive } from "../facts/blinded.ts";
import { quoteExchange } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The client's NAT rewrites PORT in clear text, and cannot inside TLS. */
export const portClientNatNoAlgTls = defineRule({
  id: "port-client-nat-no-alg-tls",
  title: "Active mode works in clear text only: the client's NAT cannot read TLS",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["port-private-address", "port-client-firewall", "port-server-egress-blocked"],
  references: ["https://github.com/galaxyproject/galaxy/issues/4384"],
  meaning: [
    "This machine stands behind a NAT whose FTP helper rewrites the address in PORT and EPRT and lets the server's call in. Under TLS it cannot read them: the server is told an address of this machine's own network, and refuses it or calls in vain. In clear text the same works.",
    "Use passive mode under TLS. EPRT is no way out, for it names the same address; a fixed outside address (an external IP setting of the client, with its ports forwarded) is.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    if (!facts.active.some(({ record }) => record.protection === "tls")) {
      return { kind: "not-applicable", reason: "active mode was not tried under TLS" };
    }
    const hits = blindActive(facts, "nat");
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const { tls, clear } = first;
    return {
      kind: "present",
      // Called at an address of the inside from outside: nothing but a translation can have done that.
      confidence: "certain",
      at: "client-nat",
      args: {
        protection: "tls",
        modes: [...new Set(hits.map((hit) => hit.tls.record.mode))],
        peer: tls.record.address,
        offered: tls.record.offered?.address ?? null,
        refused: tls.summary.result === "refused",
      },
      because: hits.flatMap((hit) => [hit.tls.record.id, hit.clear.record.id]),
      seen: [
        ...(clear.record.calledFrom === null
          ? []
          : [
              `in clear: ${clear.record.exchange?.command}, then called from ${formatEndpoint(clear.record.calledFrom)}`,
            ]),
        ...(tls.summary.result === "refused" && tls.record.exchange !== null
          ? [`under TLS: ${quoteExchange(tls.record.exchange)}`]
          : seenWaiting([tls], 1).map((line) => `under TLS: ${line}`)),
      ],
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `${listed(modesIn(args).map((mode) => mode.toUpperCase()))} ${modesIn(args).length === 1 ? "works" : "work"} in clear text and not under TLS: this machine's NAT can rewrite ${args["offered"]} only where it can read it.`,
    explanation: `This machine named ${args["offered"]}, an address inside its own network, both times. In clear text the server called all the same, so a NAT on the way put its own address in place of it. Under TLS the server was told the inside address itself, and ${args["refused"] === true ? "refused it" : "called in vain"}.`,
    remedies: mendClient("use-passive", facts, args),
  }),
});
