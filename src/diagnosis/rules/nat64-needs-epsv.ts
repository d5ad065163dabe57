import { classifyAddress } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { refusedForGood } from "../facts/passive-refusals.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The server is reached through a translator from IPv6 to IPv4, and does not know the one command that passes it. */
export const nat64NeedsEpsv = defineRule({
  id: "nat64-needs-epsv",
  title: "Reached through NAT64, which needs EPSV",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["ipv6-no-epsv", "epsv-rejected", "eprt-unsupported"],
  references: ["RFC 6052 section 2.1 (64:ff9b::/96)", "RFC 6384 (FTP ALG for NAT64)"],
  meaning: [
    "This machine has IPv6 alone and reaches an IPv4 server through a translator (NAT64). The reply to PASV names an IPv4 address, to which it has no way; EPSV names none and would work, but the server, or a device on the way, refuses it.",
    "To mend it, use a server that knows EPSV (RFC 2428), reach it from a machine with IPv4, or switch on the translator's FTP support (RFC 6384), which turns EPSV into PASV.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv"]),
  judge(facts) {
    const translated = facts.addresses.filter(({ address }) => classifyAddress(address).class === "nat64");
    if (translated.length === 0) return { kind: "not-applicable", reason: "no address of a NAT64 was probed" };
    const tried = facts.passive.filter(
      ({ record }) => record.mode === "epsv" && translated.some(({ address }) => address === record.address),
    );
    if (tried.length === 0) return { kind: "undetermined", missing: "EPSV was not asked for through the NAT64" };
    const refused = refusedForGood(facts, "epsv").filter(({ attempt }) => tried.includes(attempt));
    return judgeRefused(refused);
  },
  describe: (args, facts) => ({
    summary: `This machine reaches the server through NAT64 (${args["peer"]}), where only EPSV works, and EPSV is refused (${args["code"]}).`,
    explanation: `The address ${args["peer"]} stands for an IPv4 server behind a translator. PASV would name an IPv4 address that this machine cannot reach, and EPSV is answered with "${args["reply"]}".`,
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Let the server answer EPSV (RFC 2428), or give it an IPv6 address of its own.",
      },
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "At the NAT64: switch on its FTP support (RFC 6384), which translates EPSV into PASV.",
      },
      ...mendClient("force-ipv4", facts, args),
    ],
  }),
});
