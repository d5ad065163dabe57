import { defineRule } from "../define-rule.ts";
import { modesIn, severityOf } from "../severity.ts";
import { connectedAttempts, seenTransfers, transferArgs } from "../transfers.ts";

/** A listing so long was stopped by the limit of the whole transfer rather than by silence. */
const MANY_BYTES = 65_536;

/** The transfer begins and then stands still. */
export const dataPmtuBlackhole = defineRule({
  id: "data-pmtu-blackhole",
  title: "Transfer begins and then stands still",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["https://github.com/travis-ci/travis-ci/issues/3692", "RFC 4459"],
  meaning: [
    "Some bytes come over the data connection, then nothing more, and the connection is not ended. That happens where packets of full size are lost on the way (a tunnel, VPN or PPPoE line with a smaller packet size, and the ICMP messages that would say so are filtered): short answers pass, longer ones do not.",
    'To mend it, clamp the TCP segment size on the router at the tunnel, or let ICMP "fragmentation needed" through. A server that stalls by itself looks the same; the size at which it stops tells them apart.',
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    const hits = connected.filter(
      ({ transfer, final }) =>
        transfer.dataOutcome === "timed-out" && transfer.bytes > 0 && transfer.bytes < MANY_BYTES && final === null,
    );
    const first = hits[0];
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "possible",
      at: "path",
      args: transferArgs(hits),
      because: hits.map(({ record }) => record.id),
      seen: seenTransfers(hits),
      rivals: [
        {
          cause: "srv-slow-listing",
          toTellApart: "Wait longer (--timeout 120): a slow server goes on, lost packets never come.",
        },
        {
          cause: "data-connect-no-data",
          toTellApart: `Ask for the largest packet that passes ("ping -M do -s 1472 ${first.record.address}"): if it is lost while "-s 1200" passes, the packet size is the cause.`,
        },
      ],
    };
  },
  describe: (args) => ({
    summary: `The transfer stands still after ${args["bytes"]} bytes; packets of full size may be lost on the way.`,
    explanation:
      "The data connection was open and some bytes came, then nothing more until the limit passed: the connection was not ended, and no closing reply came.",
    remedies: [
      {
        who: "firewall-admin",
        product: "iptables",
        effort: "low",
        text: "On the router before the tunnel or line with the smaller packet size: clamps the TCP segment size to what passes.",
        commands: ["iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"],
      },
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Let ICMP type 3 code 4 and ICMPv6 type 2 (packet too big) through everywhere on the way.",
      },
    ],
  }),
});
