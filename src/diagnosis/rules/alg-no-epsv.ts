import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { type DialledAttempt, idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { clientEgress } from "../words/closed-port-rivals.ts";
import { mendClient, mendPorts } from "../words/mend.ts";

/** So many ports of each mode, mixed in number, cannot be sorted by chance. */
const ENOUGH = 4;

/** A firewall opens PASV's ports as it reads them; one that opened under TLS was not opened by reading. */
function wasRead(attempts: readonly DialledAttempt[]): boolean {
  return attempts.some(({ answer, record }) => answer === "open" && record.protection === "clear");
}

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
      .filter(({ pattern, attempts }) => pattern.kind === "by-mode" && pattern.silent === "epsv" && wasRead(attempts))
      .flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return { kind: "absent" };
    // The same mode under TLS, which no firewall can read: there the ports are open, so in clear text something closes them.
    const unread = offered.filter(({ protection, pattern }) => protection === "tls" && pattern.kind === "open");
    const of = (mode: "epsv" | "pasv") => hits.filter(({ record }) => record.mode === mode);
    const tries = Math.min(of("epsv").length, of("pasv").length);
    const separate = offered.some(({ pattern }) => pattern.kind === "by-mode" && pattern.separate);
    const openUnread = unread.flatMap(({ attempts }) => attempts.filter(({ record }) => record.mode === "epsv"));
    const sure = (!separate && tries >= ENOUGH) || (openUnread.length > 0 && of("epsv").length >= 2);
    return {
      kind: "present",
      confidence: sure ? "certain" : tries > 2 || openUnread.length > 0 ? "likely" : "possible",
      at: "middlebox",
      args: { ...portArgs(hits), modes: ["epsv"], epsv: of("epsv").length, pasv: of("pasv").length },
      because: idsOf([...hits, ...openUnread]),
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
