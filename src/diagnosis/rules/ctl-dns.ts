import { isIpLiteral } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { spoken } from "../quote.ts";

/** The name leads nowhere. */
export const ctlDns = defineRule({
  id: "ctl-dns",
  title: "The host name does not resolve",
  since: "0.1.0",
  needs: ["resolve"],
  references: ["RFC 1035", "RFC 2308 (negative answers)"],
  meaning: [
    "Before anything else the host name has to be turned into an address by DNS. That failed: the name does not exist, has no address, or the resolver that this machine asks does not answer. Nothing was sent to the FTP server.",
    "To mend it, correct the name or its A and AAAA records. Where only this machine fails, its resolver or a split DNS (other answers inside than outside) is the cause. Behind a CDN's proxy FTP needs a name of its own that is not proxied.",
  ].join("\n\n"),
  severity: () => "critical",
  judge(facts) {
    const { resolutions, evidence } = facts;
    if (isIpLiteral(evidence.target.host)) return { kind: "not-applicable", reason: "the target is an address" };
    if (resolutions.length === 0) return { kind: "undetermined", missing: "no name was looked up" };
    if (resolutions.some(({ addresses }) => addresses.length > 0)) return { kind: "absent" };
    const failed = resolutions.filter(({ outcome }) => outcome !== "cancelled");
    if (failed.length === 0) return { kind: "undetermined", missing: "the look-up was stopped" };
    const unknown = failed.every(({ outcome }) => outcome === "not-found");
    return {
      kind: "present",
      confidence: unknown ? "certain" : "likely",
      at: unknown ? "dns" : evidence.client.addresses.length === 0 ? "client" : "dns",
      args: { host: evidence.target.host, unknown },
      because: failed.map(({ id }) => id),
      seen: failed.map(
        ({ host, family, outcome, code }) =>
          `${host} ${family === "ipv4" ? "A" : "AAAA"}: ${spoken(outcome)}${code === null ? "" : ` (${code})`}`,
      ),
      rivals: unknown
        ? []
        : [
            {
              cause: "this machine's network or resolver is down",
              toTellApart: "Does any other name resolve from here?",
            },
          ],
      next: [
        {
          command: `getent ahosts ${evidence.target.host}`,
          tells: "what this machine's own resolver makes of the name, including its hosts file",
        },
      ],
    };
  },
  describe: ({ host, unknown }) => ({
    summary:
      unknown === true
        ? `The host name ${host} does not exist in DNS, or has no address.`
        : `The host name ${host} could not be looked up: the resolver did not give an answer.`,
    explanation:
      unknown === true
        ? "The resolver answered that there is no such name or no address for it, so there is nothing to connect to. A typing error, an expired domain or a missing record are the usual reasons."
        : "The resolver that this machine asks failed or stayed silent, so there is nothing to connect to.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Check the spelling of the host name, and whether the name resolves elsewhere.",
      },
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Correct the A and AAAA records of the name. For a host behind a CDN, use a name that is not proxied: a CDN does not carry FTP.",
      },
    ],
  }),
});
