import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { mendClient, mendPorts } from "../mend.ts";
import { clientEgress, nothingDialled, offeredPorts, portArgs, seenOf } from "../passive-ports.ts";
import { severityOf } from "../severity.ts";

/** PASV's port opens, EPSV's does not: a firewall opens ports on the fly and reads only the older reply. */
export const algNoEpsv = defineRule({
  id: "alg-no-epsv",
  title: "A firewall understands PASV but not EPSV",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-range-partly-open"],
  references: [
    "https://docs.fortinet.com/document/fortigate/6.0.6/handbook/932390/file-transfer-protocol-ftp-session-helper-ftp",
    "RFC 2428",
  ],
  meaning: [
    "A firewall between client and server opens data ports on the fly, by reading the control connection. It understands the reply to PASV (227), but not the one to EPSV (229), so EPSV connections are dropped. Clients that try EPSV first hang until they give up and fall back.",
    "To mend it, open the server's passive port range statically, or update the firewall. Until then, tell clients not to use EPSV.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const hits = offered.flatMap(({ attempts }) => {
      const of = (mode: "epsv" | "pasv") => attempts.filter(({ record }) => record.mode === mode);
      const silent = of("epsv").every(({ atPeer }) => atPeer.outcome === "timed-out");
      const open = of("pasv").every(({ atPeer }) => atPeer.outcome === "connected");
      return of("epsv").length > 0 && of("pasv").length > 0 && silent && open ? attempts : [];
    });
    if (hits.length === 0) return { kind: "absent" };
    const args = { ...portArgs(hits), modes: ["epsv"] };
    const epsv = hits.filter(({ record }) => record.mode === "epsv");
    return {
      kind: "present",
      confidence: new Set(epsv.map(({ atPeer }) => atPeer.endpoint.port)).size > 2 ? "likely" : "possible",
      at: "middlebox",
      args,
      because: hits.map(({ record }) => record.id),
      seen: seenOf(hits),
      rivals: [
        {
          cause: "pasv-range-partly-open",
          toTellApart:
            "Repeat the probe a few times: if EPSV fails on every port and PASV on none, it is the firewall's reading; if it depends on the number, the range is partly open.",
        },
        clientEgress(facts, "silence"),
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      "PASV works but the ports offered by EPSV are silent: a firewall that follows PASV does not understand EPSV.",
    explanation: `At ${listed(Array.isArray(args["addresses"]) ? args["addresses"].map(String) : [])} the port named by PASV opened and the one named by EPSV did not answer. A firewall that opens ports by reading the control connection and knows only the older reply (227) does just that; a range that is open in part could look the same on so few ports.`,
    remedies: [...mendPorts(facts, args), ...mendClient("disable-epsv", facts, args)],
  }),
});
