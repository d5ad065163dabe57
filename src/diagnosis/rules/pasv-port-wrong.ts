import { defineRule } from "../define-rule.ts";
import { mendServer } from "../mend.ts";
import { seenOffers } from "../passive-facts.ts";
import { modesIn, severityOf } from "../severity.ts";

/** The port named cannot be the one where the server waits for the data connection. */
export const pasvPortWrong = defineRule({
  id: "pasv-port-wrong",
  title: "Server names its control port for the data connection",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "data-connect-no-data",
    "data-pmtu-blackhole",
    "data-reset-midway",
    "ctl-nat-idle-drop",
    "ctl-protocol-violation",
    "pasv-peer-ip-mismatch",
  ],
  explains: ["ctl-idle-timeout", "ctl-closed-mid-session"],
  references: ["RFC 959 section 5.2 (data port)"],
  meaning: [
    "The reply to PASV or EPSV names the port of the control connection itself. There the FTP service answers with its greeting, so a client takes the greeting for data, or waits for data that never comes. The server's software counts its ports wrongly, or its passive range was set to the control port.",
    "To mend it, set a passive port range of its own (such as 40000-40100) and open it in the firewall; where it is set already, update the server.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const offers = facts.passive.filter(({ advertised }) => advertised !== null);
    if (offers.length === 0) return { kind: "undetermined", missing: "no passive port was offered" };
    const { port } = facts.evidence.target;
    const hits = offers.filter(
      ({ advertised, namesPeer, summary }) => namesPeer && advertised?.port === port && summary.result !== "works",
    );
    const first = hits[0];
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: { modes: [...new Set(hits.map(({ record }) => record.mode))], peer: first.record.address, port },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `The server names port ${args["port"]}, that of the control connection, for the data connection.`,
    explanation: `Port ${args["port"]} at ${args["peer"]} is where the FTP service takes new control connections; no data can come from there.`,
    remedies: mendServer("passive-range", facts, args),
  }),
});
