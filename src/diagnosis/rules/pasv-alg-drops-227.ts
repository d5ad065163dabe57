import { defineRule } from "../define-rule.ts";
import { mendServer } from "../mend.ts";
import { seenOffers } from "../passive-facts.ts";
import { modesIn, severityOf } from "../severity.ts";

/** One of PASV and EPSV gets no reply at all, while the other is answered. */
export const pasvAlgDrops227 = defineRule({
  id: "pasv-alg-drops-227",
  title: "Reply to PASV or EPSV is dropped on the way",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout", "ctl-nat-idle-drop"],
  references: ["nf_conntrack_ftp.c (find_pattern -1: NF_DROP)", "https://github.com/jedisct1/pure-ftpd/pull/175"],
  meaning: [
    "The server answers all other commands, but one of PASV and EPSV gets no reply at all. A firewall's FTP helper reads these replies and drops the packet when it cannot make sense of it: because its text is unusual, was split over two packets, or came together with other lines.",
    "To mend it, switch the helper off for this connection and open a fixed passive range instead, or let the server write the usual text. Clients can use the mode that is answered.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    if (facts.passive.length === 0) return { kind: "undetermined", missing: "no passive port was asked for" };
    const silent = facts.passive.filter(({ record }) => record.offer?.exchange.outcome === "timed-out");
    const hits = silent.filter(({ record }) =>
      facts.passive.some(
        (other) =>
          other.record.address === record.address &&
          other.record.mode !== record.mode &&
          other.record.offer?.exchange.outcome === "ok",
      ),
    );
    const first = hits[0];
    if (first === undefined) {
      return silent.length > 0 ? { kind: "absent", note: "neither PASV nor EPSV was answered" } : { kind: "absent" };
    }
    return {
      kind: "present",
      confidence: "likely",
      at: "middlebox",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        command: first.record.mode.toUpperCase(),
        other: first.record.mode === "pasv" ? "EPSV" : "PASV",
        peer: first.record.address,
      },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: [
        {
          cause: "the server itself does not answer",
          toTellApart: "The server's log, or a packet capture on the server, shows whether it sent the reply.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["command"]} gets no reply, while ${args["other"]} is answered: a firewall on the way probably drops it.`,
    explanation: `The session was alive and ${args["other"]} was answered, so neither the network nor the server is down. A firewall that reads FTP replies and cannot make sense of one drops just that packet.`,
    remedies: mendServer("readable-reply", facts, args),
  }),
});
