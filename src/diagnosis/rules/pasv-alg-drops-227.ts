import { sideOf } from "../../model/address.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { wasArriving } from "../facts/pace.ts";
import { seenOffers } from "../facts/passive-facts.ts";
import { offeredAt } from "../facts/passive-refusals.ts";
import { worksUnder } from "../facts/protections.ts";
import { quoteReply } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";
import { probeElsewhere } from "../words/next.ts";

/** PASV or EPSV gets no reply, or half of one: certainly odd where the other is answered, less telling where neither is. */
export const pasvAlgDrops227 = defineRule({
  id: "pasv-alg-drops-227",
  title: "Reply to PASV or EPSV does not arrive",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout", "ctl-nat-idle-drop"],
  references: ["nf_conntrack_ftp.c (find_pattern -1: NF_DROP)", "https://github.com/jedisct1/pure-ftpd/pull/175"],
  meaning: [
    "The server answers all other commands, but PASV or EPSV gets no reply at all, or half of one. A firewall's FTP helper reads these replies and drops the packet when it cannot make sense of it: because its text is unusual, was split over two packets, or came together with other lines. Where neither is answered, the server itself may as well hang when it is to open a port.",
    "To mend it, switch the helper off for this connection and open a fixed passive range instead, or let the server write the usual text. Clients can use the mode that is answered.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    if (facts.passive.length === 0) return { kind: "undetermined", missing: "no passive port was asked for" };
    // What was still coming is slow, and nothing has dropped it.
    const silent = facts.passive.filter(
      ({ record }) => record.offer?.exchange.outcome === "timed-out" && !wasArriving(record.offer.exchange),
    );
    const beside = silent.filter(({ record }) =>
      facts.passive.some(
        (other) =>
          other.record.address === record.address &&
          other.record.mode !== record.mode &&
          other.record.offer?.exchange.outcome === "ok",
      ),
    );
    const hits = beside.length > 0 ? beside : silent;
    const first = hits[0];
    if (first === undefined) return { kind: "absent" };
    const answered = beside.length > 0;
    const { exchange } = first.record.offer ?? {};
    const half = exchange?.replies.map(quoteReply).at(-1) ?? exchange?.partial?.text;
    // A refusal has no port in it that a firewall could look for, half a reply did come through, and where neither is
    // answered nothing shows that the server would.
    const telling = beside.some(({ record }) =>
      offeredAt(facts, record.address, record.mode === "pasv" ? "epsv" : "pasv"),
    );
    // What is answered under TLS the server answers: only in clear can anything on the way have found it.
    const unread = hits.some(
      ({ record: { address, mode, protection } }) => protection === "clear" && worksUnder("tls", address, mode, facts),
    );
    const inBoth = hits.some(({ record: { protection } }) => protection === "tls");
    // Nothing lies on the way to this machine's own address but what listens there.
    const loopback = !unread && sideOf(first.record.address) === "loopback";
    const likely = unread || (telling && half === undefined && !inBoth);
    return {
      kind: "present",
      confidence: unread && !inBoth ? "certain" : likely ? "likely" : "possible",
      at: likely && !loopback ? "middlebox" : "unknown",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        commands: listed([...new Set(hits.map(({ record }) => record.mode.toUpperCase()))]),
        other: !answered ? null : first.record.mode === "pasv" ? "EPSV" : "PASV",
        half: half ?? null,
        peer: first.record.address,
        unread,
        loopback,
      },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: unread
        ? []
        : loopback
          ? [
              {
                cause:
                  "what listens there forwards to a server elsewhere (a tunnel, a proxy, a container), and the reply is lost on that way",
                toTellApart:
                  "See which program listens on the control port (ss -ltnp): the server itself, or one that forwards.",
              },
            ]
          : [
              {
                cause: "the server itself does not answer",
                toTellApart: "The server's log, or a packet capture on the server, shows whether it sent the reply.",
              },
            ],
      ...(answered ? {} : { next: [probeElsewhere(facts)] }),
    };
  },
  describe: (args, facts) => ({
    summary: summarise(args),
    explanation:
      args["unread"] === true
        ? "In clear text the reply does not arrive, and under TLS the same mode works: the server does answer, and a device that reads the conversation drops the packet where it can read it."
        : args["loopback"] === true
          ? `The login was answered, and then ${args["commands"]} was not. The address is this machine's own (loopback), so no firewall lies on the way: the server itself does not answer, most likely because it hangs when it is to open a port or does not know the command.`
          : args["other"] === null
            ? "The login was answered, and then the request for a passive port was not. Either the server hangs when it is to open a port, or a firewall that reads FTP replies drops the packet with its answer."
            : `The session was alive and ${args["other"]} was answered, so neither the network nor the server is down. A firewall that reads FTP replies and cannot make sense of one drops just that packet.`,
    remedies: mendServer("readable-reply", facts, args),
  }),
});

function summarise({ commands, other, half, loopback }: Args): string {
  const came = half === null ? "no reply" : `half a reply and no more (${half})`;
  return other === null
    ? `${commands} ${String(commands).includes(" and ") ? "get" : "gets"} ${came}, though the login was answered.`
    : loopback === true
      ? `${commands} gets ${came}, while ${other} is answered.`
      : `${commands} gets ${came}, while ${other} is answered: a firewall on the way probably drops ${half === null ? "it" : "the rest"}.`;
}
