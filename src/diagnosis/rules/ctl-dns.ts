import { isIpLiteral } from "../../model/address.ts";
import type { Remedy } from "../../model/report.ts";
import { OUTCOME } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { resolverUnheard } from "../facts/control-facts.ts";

/** Nobody answered the question, so it is this machine's resolver that wants mending. */
const MEND_RESOLVER: Remedy = {
  who: "client-user",
  product: "any",
  effort: "low",
  text: "See which name server this machine asks, and whether it answers for any name.",
  commands: ["cat /etc/resolv.conf", "getent ahosts example.com"],
};

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
    const { host } = evidence.target;
    if (isIpLiteral(host)) return { kind: "not-applicable", reason: "the target is an address" };
    if (resolutions.length === 0) return { kind: "undetermined", missing: "no name was looked up" };
    if (resolutions.some(({ addresses }) => addresses.length > 0)) return { kind: "absent" };
    if (resolutions.some(({ outcome }) => outcome === "cancelled")) {
      return { kind: "undetermined", missing: "the look-up was stopped" };
    }
    if (evidence.client.addresses.length === 0) {
      return { kind: "undetermined", missing: "this machine has no network to ask over" };
    }
    const unknown = resolutions.every(({ outcome }) => outcome === "not-found");
    const unheard = resolverUnheard(facts);
    // NXDOMAIN is about the name, NODATA about one kind of record (RFC 2308 section 2).
    const exists = resolutions.some(({ code }) => code === "ENODATA");
    const families = resolutions.map(({ family }) => (family === "ipv4" ? "IPv4" : "IPv6"));
    return {
      kind: "present",
      confidence: unknown ? "certain" : "likely",
      at: unheard ? "client" : "dns",
      args: { host, unknown, exists, families, unheard },
      because: resolutions.map(({ id }) => id),
      seen: resolutions.map(
        ({ family, outcome, code }) =>
          `${host} ${family === "ipv4" ? "A" : "AAAA"}: ${OUTCOME[outcome]}${code === null ? "" : ` (${code})`}`,
      ),
      rivals: unknown
        ? [
            {
              cause: "split DNS: this machine's resolver knows other names than the world",
              toTellApart: `Ask another resolver: "dig ${host} @9.9.9.9" and "dig ${host}".`,
            },
          ]
        : [
            {
              cause: "this machine's network or resolver is down",
              toTellApart: "Does any other name resolve from here?",
            },
          ],
      next: [
        {
          command: `getent ahosts ${host}`,
          tells: "What this machine's own resolver makes of the name, including its hosts file.",
        },
      ],
    };
  },
  describe: (args) => {
    const families = Array.isArray(args["families"]) ? [...new Set(args["families"].map(String))] : [];
    const kind = families.length === 1 ? `${families[0]} address` : "address";
    const missing = args["exists"] === true ? `has no ${kind} in DNS` : "does not exist in DNS";
    return {
      summary:
        args["unknown"] === true
          ? `The host name ${args["host"]} ${missing}.`
          : `The host name ${args["host"]} could not be looked up: the resolver did not give an answer.`,
      explanation:
        args["unknown"] === true
          ? "The resolver answered that there is no such name or no address for it, so there is nothing to connect to. A typing error, an expired domain or a missing record are the usual reasons."
          : "The resolver that this machine asks failed or stayed silent, so there is nothing to connect to.",
      remedies: [
        ...(args["unheard"] === true ? [MEND_RESOLVER] : []),
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
    };
  },
});
