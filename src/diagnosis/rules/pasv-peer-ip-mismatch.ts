import { defineRule } from "../define-rule.ts";
import { silentlyForeign, toldForeign } from "../foreign-peer.ts";
import { mendServer } from "../mend.ts";
import { modesIn, severityOf } from "../severity.ts";
import { connectedAttempts, seenTransfers, transferArgs } from "../transfers.ts";

/** The server sees the data connection come from another address than the control connection, and hangs up. */
export const pasvPeerIpMismatch = defineRule({
  id: "pasv-peer-ip-mismatch",
  title: "Server sees the data connection come from another address",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["data-connect-no-data", "data-reset-midway", "path-or-permission"],
  explains: ["ctl-idle-timeout"],
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
    const connected = connectedAttempts(facts).filter(({ record }) => record.experiment === "passive");
    if (connected.length === 0) return { kind: "undetermined", missing: "no passive data connection was made" };
    const told = toldForeign(facts);
    const hits = told.length > 0 ? told : silentlyForeign(facts);
    if (hits.length === 0) return { kind: "absent" };
    const always = connected.every(({ record }) => hits.some((hit) => hit.record.id === record.id));
    return {
      kind: "present",
      // Hanging up without a word is this product's way, but once may be chance.
      confidence: told.length > 0 ? (always ? "certain" : "likely") : always && hits.length > 1 ? "likely" : "possible",
      at: always ? "server-nat" : "client-nat",
      args: { ...transferArgs(hits), told: told.length > 0, always },
      because: hits.map(({ record }) => record.id),
      seen: seenTransfers(hits),
      rivals: [
        {
          cause: "client-nat-multi-egress",
          toTellApart:
            "Probe ten times: if it always fails, something before the server rewrites addresses; if it fails now and then, the client's NAT uses several public addresses.",
        },
        ...(told.length > 0
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
    explanation:
      "The data connection could be opened, so no port is blocked. The server compares where control and data connection come from and found two addresses: a proxy, load balancer or NAT on the way treats the two differently.",
    remedies: mendServer("foreign-data-peer", facts, args),
  }),
});
