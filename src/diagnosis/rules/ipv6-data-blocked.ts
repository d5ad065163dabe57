import { familyOf } from "../../model/endpoint.ts";
import type { Rival } from "../../model/report.ts";
import { defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import {
  type DialledAttempt,
  idsOf,
  nothingDialled,
  offeredPorts,
  portArgs,
  portsInWords,
  seenOf,
} from "../facts/passive-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendPorts } from "../words/mend.ts";
import { sweepOf, watchPort } from "../words/next.ts";

/** The passive range is open for IPv4 only. */
export const ipv6DataBlocked = defineRule({
  id: "ipv6-data-blocked",
  title: "Passive ports are open for IPv4 only",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"],
  references: ["https://github.com/mmspg/pointxr-toolbox/issues/1"],
  meaning: [
    "The server is reached over IPv6 and offers a data port, but connections to it fail, while over IPv4 they work. The firewall rule for the passive range exists for IPv4 alone. Clients that prefer IPv6, as most do, hang.",
    "To mend it, open the passive range for IPv6 as well (ip6tables, an nftables table of family inet, the cloud's rule for ::/0), or take the AAAA record away.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv"]),
  judge(facts) {
    if (!facts.addresses.some(({ family }) => family === "ipv6")) {
      return { kind: "not-applicable", reason: "no IPv6 address was probed" };
    }
    const offered = offeredPorts(facts);
    const closed = offered.filter(({ address, pattern }) => familyOf(address) === "ipv6" && pattern.kind === "closed");
    const open = offered.filter(({ address, pattern }) => familyOf(address) === "ipv4" && pattern.kind !== "closed");
    if (closed.length === 0) {
      return offered.some(({ address }) => familyOf(address) === "ipv6") ? { kind: "absent" } : nothingDialled(facts);
    }
    if (open.length === 0) return { kind: "absent", note: "no passive port is open over IPv4 either" };
    const hits = closed.flatMap(({ attempts }) => attempts);
    const beside = open.flatMap(({ attempts }) => attempts.slice(0, 1));
    const args = portArgs(hits);
    return {
      kind: "present",
      confidence: "likely",
      at: "server-firewall",
      args,
      because: idsOf([...hits, ...beside]),
      seen: [...seenOf(hits).slice(0, 2), ...seenOf(beside).slice(1, 2)],
      rivals: [
        {
          cause: "pasv-client-egress-blocked",
          toTellApart: "Probe the server over IPv6 from another network; if it works there, this side filters IPv6.",
        },
        ...helperForIpv4Alone(hits, facts),
      ],
      next: [watchPort(args)],
    };
  },
  describe: (args, facts) => ({
    summary: `Over IPv6 the passive ${portsInWords(args)} cannot be reached, over IPv4 the passive ports work.`,
    explanation: `The server answers at ${args["peer"]} and accepts EPSV, but the data connection there fails, while the same over IPv4 works. The rule that opens the passive range is missing for IPv6.`,
    remedies: mendPorts(facts, args),
  }),
});

/** A firewall may open the ports over IPv4 one by one, by a helper that was assigned for IPv4 alone. */
function helperForIpv4Alone(hits: readonly DialledAttempt[], facts: Facts): Rival[] {
  if (hits.every(({ record }) => record.protection === "tls")) return [];
  return [
    {
      cause: "pasv-conntrack-helper-missing",
      toTellApart: `"${sweepOf(facts, "A-B")}", where A-B is the server's passive range, shows whether the ports are open over IPv4, or opened one by one as they are offered: then a firewall has an FTP helper for IPv4 and none for IPv6.`,
    },
  ];
}
