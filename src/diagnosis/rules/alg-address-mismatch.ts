import { defineRule } from "../define-rule.ts";
import { mendClient, mendPorts, mendServer } from "../mend.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../passive-ports.ts";
import { severityOf } from "../severity.ts";

/** EPSV's ports open, PASV's never do: a helper that opens ports on the fly does not know the address in 227 as the server's. */
export const algAddressMismatch = defineRule({
  id: "alg-address-mismatch",
  title: "A firewall's FTP helper does not know the address in 227",
  since: "0.1.0",
  needs: ["passive"],
  references: [
    "torvalds/linux net/netfilter/nf_conntrack_ftp.c (NOT RECORDING)",
    "proftpd doc/contrib/mod_tls.html (TLSMasqueradeAddress)",
  ],
  meaning: [
    "EPSV works and PASV does not, although both name ports at the right address. A NAT or firewall before the server opens data ports on the fly, with an FTP helper that reads the replies. The server names its public address in the reply to PASV, the helper knows the server by its inside address, takes the reply for a trick and opens nothing. EPSV's reply names no address, so its port is opened.",
    "To mend it, open and forward the passive range statically and switch the helper off; or let the server name no fixed address, so that the helper can rewrite the one it knows.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["pasv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const hits = offered
      .filter(({ pattern }) => pattern.kind === "by-mode" && pattern.silent === "pasv")
      .flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return { kind: "absent" };
    const of = (mode: "epsv" | "pasv") => hits.filter(({ record }) => record.mode === mode);
    return {
      kind: "present",
      confidence: "likely",
      at: "middlebox",
      args: { ...portArgs(hits), modes: ["pasv"], epsv: of("epsv").length, pasv: of("pasv").length },
      because: idsOf(hits),
      seen: [...seenOf(of("pasv")).slice(0, 2), ...seenOf(of("epsv")).slice(0, 2)],
      rivals: [
        {
          cause: "pasv-range-partly-open",
          toTellApart:
            "Probe again with --samples 20: if PASV fails on every port and EPSV on none, it is the helper; if it depends on the number, the range is partly open.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `EPSV works, but every port that PASV names is silent (${args["pasv"]} of ${args["pasv"]}): a firewall that reads the replies does not take the address in 227 for the server's.`,
    explanation: `The ports named by EPSV opened, and all ${args["pasv"]} named by PASV at the same address ${args["peer"]} were silent. A firewall without knowledge of FTP would treat both alike; an FTP helper opens only what names the server by the address that it knows.`,
    remedies: [
      ...mendServer("own-address", facts, args),
      ...mendPorts(facts, args),
      ...mendClient("use-epsv", facts, args),
    ],
  }),
});
