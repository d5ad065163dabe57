import { defineRule } from "../define-rule.ts";
import { foreignPeers, isAlways } from "../facts/foreign-peer.ts";
import { seenTransfers, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** So often in a row no pool of addresses draws the wrong one. */
const ENOUGH = 6;

/** The server sees the data connection come from another address than the control connection, and hangs up. */
export const pasvPeerIpMismatch = defineRule({
  id: "pasv-peer-ip-mismatch",
  title: "Server sees the data connection come from another address",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["data-connect-no-data", "data-reset-midway", "path-or-permission"],
  // pyftpdlib says 150 after its refusal, and ftp-srv ends the session with it.
  explains: ["ctl-idle-timeout", "reply-desync", "ctl-closed-mid-session"],
  references: [
    "vsftpd ftpdataio.c:130",
    "pure-ftpd ftpd.c opendata()",
    "pyftpdlib dispatchers.py",
    "https://github.com/drakkan/sftpgo/issues/1013",
  ],
  meaning: [
    "The data connection reaches the server, but from another source address than the control connection, so the server hangs up: it could be somebody else's. Something on the way rewrites source addresses differently for the two: a load balancer or proxy in front of the server (a container host's proxy, kube-proxy, PROXY protocol on the control port alone), or a NAT with several public addresses on the client's side.",
    "To mend it, keep the client's address on the way to the server (externalTrafficPolicy: Local, no userland proxy), or let the server accept other addresses (vsftpd pasv_promiscuous=YES, ProFTPD AllowForeignAddress on) where that is acceptable.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const peers = foreignPeers(facts);
    const { hits, told, of } = peers;
    if (of.length === 0) return { kind: "undetermined", missing: "no passive data connection was made" };
    if (hits.length === 0) return { kind: "absent" };
    if (!isAlways(peers)) return { kind: "absent", note: "it happens now and then only: see client-nat-multi-egress" };
    return {
      kind: "present",
      // Hanging up without a word is this product's way, but once may be chance.
      confidence: told ? "certain" : hits.length > 1 ? "likely" : "possible",
      at: "server-nat",
      args: { ...transferArgs(hits), told, times: hits.length },
      because: [...new Set(hits.map(({ record }) => record.id))],
      seen: seenTransfers(hits),
      rivals: [
        hits.length < ENOUGH
          ? {
              cause: "client-nat-multi-egress",
              toTellApart:
                "Probe with --samples 20: if it always fails, something before the server rewrites addresses, or this side's network sends high ports out by another line; if it fails now and then, the client's NAT uses several public addresses.",
            }
          : {
              cause: "client-nat-multi-egress",
              toTellApart:
                "Probe from another network: if it fails there too, it is something before the server; if not, this side's network sends port 21 and high ports out by two lines.",
            },
        ...(told
          ? []
          : [
              {
                cause: "data-connect-no-data",
                toTellApart: "The server's log says whether it rejected the data connection's address.",
              },
            ]),
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["told"] === true
        ? `The server hangs up on the data connection because it comes from another address than the control connection (${args["reply"]}).`
        : "The server hangs up on the data connection at once, as it does when that comes from another address than the control connection.",
    explanation: `The data connection could be opened, so no port is blocked. The server compares where control and data connection come from and found two addresses${Number(args["times"]) > 1 ? `, ${args["times"]} times out of ${args["times"]}` : ""}: a proxy, load balancer or NAT on the way treats the two differently.`,
    remedies: mendServer("foreign-data-peer", facts, args),
  }),
});
