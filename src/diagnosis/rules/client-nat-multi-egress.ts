import { defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { foreignPeers, isAlways } from "../facts/foreign-peer.ts";
import { seenTransfers, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** The client's network leaves by several public addresses, so the server sees control and data connection come from two. */
export const clientNatMultiEgress = defineRule({
  id: "client-nat-multi-egress",
  title: "This side's NAT uses several public addresses in turn",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "data-connect-no-data",
    "data-reset-midway",
    "path-or-permission",
    "pasv-lb-other-backend",
    "srv-stalled-accept",
  ],
  explains: ["ctl-idle-timeout", "mode-unsteady"],
  references: [
    "https://blog.travis-ci.com/2018-07-23-the-tale-of-ftp-at-travis-ci",
    "https://github.com/travis-ci/travis-ci/issues/9391",
  ],
  meaning: [
    "The server hangs up on some data connections because they come from another address than the control connection, and takes others. Control and data connection of one client leave its network by a NAT that has several public addresses and picks one anew for each connection: a provider's shared NAT, the NAT gateway of a cloud or a build service, an office with two lines.",
    "To mend it, let the NAT keep one address for one client (address pooling paired, a sticky route, one address for outgoing traffic), or let the server take data connections from other addresses where that is acceptable (vsftpd pasv_promiscuous=YES).",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const peers = foreignPeers(facts);
    const { hits, told, of } = peers;
    if (of.length === 0) return { kind: "undetermined", missing: "no passive data connection was made" };
    if (hits.length === 0) return { kind: "absent" };
    if (isAlways(peers)) return { kind: "absent", note: "it happens each time: see pasv-peer-ip-mismatch" };
    const addresses = addressesSeen(facts);
    const count = new Set(hits.map(({ record }) => record.address));
    const all = of.filter(({ record }) => count.has(record.address)).length;
    return {
      kind: "present",
      confidence: addresses.length > 1 ? "certain" : told ? "likely" : "possible",
      at: "client-nat",
      args: { ...transferArgs(hits), told, failed: hits.length, of: all, addresses },
      because: [...new Set(hits.map(({ record }) => record.id))],
      seen: seenTransfers(hits),
      rivals:
        addresses.length > 1
          ? []
          : [
              {
                cause: "pasv-peer-ip-mismatch",
                toTellApart:
                  "Ask for your own address a few times in a row from this machine (any service that shows it): if it stays the same, a device before the server rewrites addresses.",
              },
            ],
    };
  },
  describe: (args, facts) => {
    const addresses = Array.isArray(args["addresses"]) ? args["addresses"].join(", ") : "";
    return {
      summary: `The server hung up on ${args["failed"]} of ${args["of"]} data connections${
        args["told"] === true
          ? ` because they came from another address than the control connection (${args["reply"]})`
          : ", as it does when they come from another address than the control connection"
      }.`,
      explanation: `Data connections could be opened, so no port is blocked, and some were served. Which address a connection comes from changes by chance: a NAT between this machine and the server has several public addresses and does not keep one for the session.${addresses === "" ? "" : ` The server has named ${addresses} as this side's address.`}`,
      remedies: mendServer("foreign-data-peer", facts, args),
    };
  },
});

/** This side's addresses as the server names them: Pure-FTPd's `(only to 203.0.113.7)`; more than one is told only from two sessions. */
function addressesSeen(facts: Facts): string[] {
  const texts = facts.active.flatMap(({ record }) => record.exchange?.replies.flatMap(({ lines }) => lines) ?? []);
  return [...new Set(texts.flatMap((text) => /\(only to ([\d.]{7,15})\)/.exec(text)?.[1] ?? []))];
}
