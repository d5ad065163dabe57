import type { Rival } from "../../model/report.ts";
import { size } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import { arrived, isStandstill, MANY_BYTES, type Rung, rungs, seenRung, stalls } from "../facts/ladders.ts";
import { happenedOnce } from "../facts/repeated-offers.ts";
import { type ConnectedAttempt, connectedAttempts, seenTransfers, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf, uploadSeverity } from "../verdict/severity.ts";

/**
 * What fits into one packet of full size on Ethernet (1500 bytes without the headers of IP and TCP): smaller transfers
 * need none of full size.
 */
const ONE_PACKET = 1460;

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
  severity: (facts, args) =>
    args["direction"] === "upload" ? uploadSeverity(facts) : severityOf(facts, modesIn(args)),
  judge(facts) {
    const connected = connectedAttempts(facts);
    const climbed = rungs(facts);
    if (connected.length === 0 && climbed.length === 0) {
      return { kind: "undetermined", missing: "no data connection was made" };
    }
    const stalled = climbed.filter(isStandstill);
    const begun = connected.filter(
      ({ record, transfer, final }) =>
        transfer.dataOutcome === "timed-out" &&
        transfer.bytes > 0 &&
        transfer.bytes < MANY_BYTES &&
        final === null &&
        !happenedOnce(record, facts) &&
        // Where the same came whole in another mode, the way carries it: this one merely was not ended.
        !connected.some(
          (other) =>
            other.record.address === record.address && arrived(other) && other.transfer.bytes <= transfer.bytes,
        ),
    );
    const [worst] = stalled;
    if (worst !== undefined) return judgeLadder(worst, stalled, connected);
    const first = begun[0];
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "possible",
      at: "path",
      args: { ...transferArgs(begun), direction: null, passedBytes: null, stalledBytes: null },
      because: begun.map(({ record }) => record.id),
      seen: seenTransfers(begun),
      rivals: rivalsAt(first.record.address),
    };
  },
  describe: (args) => ({
    summary: summarise(args),
    explanation:
      args["direction"] === null
        ? "The data connection was open and some bytes came, then nothing more until the limit passed: the connection was not ended, and no closing reply came."
        : "Transfers of growing size were made one after another. The small ones, which fit into one small packet, arrived; the first that needs packets of full size stood still, and no error came back. Packets of full size are lost on the way, and so is the message that would say so.",
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

/** The ladder names the size at which it stops: near one packet, nothing but the size of packets explains it. */
function judgeLadder(worst: Rung, stalled: readonly Rung[], connected: readonly ConnectedAttempt[]): Judgement {
  const { ladder, passedBytes, sizeBytes, transfer } = worst;
  // The listings that stood still as well are too long for one packet: data-connect-no-data leaves them to us.
  const stuck = connected.filter((attempt) => stalls(attempt) && attempt.record.address === ladder.address);
  const small = (passedBytes ?? 0) <= ONE_PACKET;
  const bracketed = small && sizeBytes !== null && sizeBytes <= 3 * ONE_PACKET;
  return {
    kind: "present",
    confidence: bracketed && transfer.bytes <= ONE_PACKET ? "certain" : small ? "likely" : "possible",
    at: "path",
    args: {
      modes: [...new Set([ladder.mode, ...stuck.map(({ record }) => record.mode)])],
      peer: ladder.address,
      bytes: transfer.bytes,
      direction: ladder.direction,
      passedBytes,
      stalledBytes: sizeBytes,
    },
    because: [...stalled.map((rung) => rung.ladder.id), ...stuck.map(({ record }) => record.id)],
    seen: [...stalled.map(seenRung), ...seenTransfers(stuck)].slice(0, 3),
    rivals: bracketed ? [] : rivalsAt(ladder.address),
  };
}

function rivalsAt(address: string): Rival[] {
  return [
    {
      cause: "srv-slow-listing",
      toTellApart: "Wait longer (--timeout 120): a slow server goes on, lost packets never come.",
    },
    {
      cause: "data-connect-no-data",
      toTellApart: `Ask for the largest packet that passes ("ping -M do -s 1472 ${address}"): if it is lost while "-s 1200" passes, the packet size is the cause.`,
    },
  ];
}

function summarise({ bytes, direction, passedBytes, stalledBytes }: Args): string {
  if (direction === null) {
    return `The transfer stands still after ${bytes} bytes; packets of full size may be lost on the way.`;
  }
  const big = stalledBytes === null ? "a longer one" : `one of ${size(Number(stalledBytes))}`;
  const passed = Number(passedBytes);
  const what = direction === "upload" ? "An upload" : passed === 0 ? "An empty listing" : "A transfer";
  return `${what}${passed === 0 ? "" : ` of ${size(passed)}`} arrives and ${big} stands still: packets of full size are lost on the way.`;
}
