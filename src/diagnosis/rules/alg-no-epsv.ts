import { listed } from "../../model/words.ts";
import { clientEgress } from "../closed-port-rivals.ts";
import { defineRule } from "../define-rule.ts";
import { mendClient, mendPorts } from "../mend.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../passive-ports.ts";
import { severityOf } from "../severity.ts";

/** So many ports of each mode, mixed in number, cannot be sorted by chance. */
const ENOUGH = 4;

/** PASV's port opens, EPSV's does not: a firewall opens ports on the fly and reads only the older reply. */
export const algNoEpsv = defineRule({
  id: "alg-no-epsv",
  title: "A firewall understands PASV but not EPSV",
  since: "0.1.0",
  needs: ["passive"],
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
    const hits = offered
      .filter(({ pattern }) => pattern.kind === "by-mode" && pattern.silent === "epsv")
      .flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return { kind: "absent" };
    const of = (mode: "epsv" | "pasv") => hits.filter(({ record }) => record.mode === mode);
    const tries = Math.min(of("epsv").length, of("pasv").length);
    const separate = offered.some(({ pattern }) => pattern.kind === "by-mode" && pattern.separate);
    const sure = !separate && tries >= ENOUGH;
    return {
      kind: "present",
      confidence: sure ? "certain" : tries > 2 ? "likely" : "possible",
      at: "middlebox",
      args: { ...portArgs(hits), modes: ["epsv"], epsv: of("epsv").length, pasv: of("pasv").length },
      because: idsOf(hits),
      seen: [...seenOf(of("epsv")).slice(0, 2), ...seenOf(of("pasv")).slice(0, 2)],
      rivals: sure
        ? []
        : [
            {
              cause: "pasv-range-partly-open",
              toTellApart:
                "Probe again with --samples 20: if EPSV fails on every port and PASV on none, it is the firewall's reading; if it depends on the number, the range is partly open.",
            },
            clientEgress(facts, "silence"),
          ],
    };
  },
  describe: (args, facts) => ({
    summary:
      "PASV works but the ports offered by EPSV are silent: a firewall that follows PASV does not understand EPSV.",
    explanation: `At ${listed(Array.isArray(args["addresses"]) ? args["addresses"].map(String) : [])} ${Number(args["epsv"]) > 1 ? `all ${args["pasv"]} ports named by PASV opened and all ${args["epsv"]} named by EPSV were silent` : "the port named by PASV opened and the one named by EPSV did not answer"}. A firewall that opens ports by reading the control connection and knows only the older reply (227) does just that${Number(args["epsv"]) < ENOUGH ? "; a range that is open in part could look the same on so few ports" : ""}.`,
    remedies: [...mendPorts(facts, args), ...mendClient("disable-epsv", facts, args)],
  }),
});
