import { CONTENT_NETWORKS, type ContentNetwork } from "../../fingerprint/content-networks.ts";
import { isInNetwork } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { mendAddress } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The 227 names an address of a content network, which forwards web traffic alone. */
export const pasvAddressCdnOrLb = defineRule({
  id: "pasv-address-cdn-or-lb",
  title: "Server advertises the address of a content network",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-wrong-public-address", "pasv-multi-address-server"],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://github.com/stilliard/docker-pure-ftpd/issues/82",
    ...CONTENT_NETWORKS.map(({ source }) => source),
  ],
  meaning: [
    "The reply to PASV names an address of a content network (Cloudflare, Fastly), which carries web traffic and leads no FTP data port to the server. Usually the server was told a host name in place of its address, and that name goes through the content network. A load balancer that does not forward the passive range makes the same fault, but its address cannot be told from any other wrong one.",
    "To mend it, set the server's own public address, or a name that leads straight to the server (at Cloudflare: a record with the grey cloud, DNS only).",
  ].join("\n\n"),
  severity: addressSeverity,
  judge(facts) {
    const judgement = judgeNamedAddress(facts, {
      at: "server-config",
      burden: ({ advertised, record }) =>
        // Reached through the content network itself (its TCP proxies do exist), the address says nothing.
        networkOf(advertised.address) !== null && networkOf(record.address) === null ? "failure" : null,
    });
    if (judgement.kind !== "present") return judgement;
    const owner = networkOf(String(judgement.args["advertised"]))?.owner ?? null;
    return { ...judgement, args: { ...judgement.args, owner } };
  },
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, an address of ${args["owner"]}, whose network leads no FTP data to it.`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The control connection goes to ${args["peer"]}, but the reply to PASV names ${args["advertised"]}, which ${args["owner"]} publishes as its own. The server was probably told a host name that goes through that network.`,
      portSentence(args),
    ),
    remedies: mendAddress(facts, args),
  }),
});

function networkOf(address: string): ContentNetwork | null {
  return CONTENT_NETWORKS.find(({ networks }) => networks.some((cidr) => isInNetwork(address, cidr))) ?? null;
}
