import { listed, rangeInWords } from "../../model/words.ts";
import { type Args, defineRule, type Judgement, type Words } from "../define-rule.ts";
import { seenSweeps } from "../facts/closed-ports.ts";
import type { Facts } from "../facts/facts.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { liesIn } from "../facts/port-survey.ts";
import { sweptPorts } from "../facts/swept-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { otherNumbers } from "../words/closed-port-rivals.ts";
import { mendServer } from "../words/mend.ts";

/** More ports are told by their number. */
const NAMED_AT_MOST = 4;

/** Most ports offered lie in one range that is open, a few lie far outside and are closed. */
export const pasvPortOutOfRange = defineRule({
  id: "pasv-port-out-of-range",
  title: "Server leaves its passive range now and then",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected", "pasv-range-partly-open"],
  references: ["proftpd doc/howto/NAT.html", "https://github.com/fauria/docker-vsftpd/issues/1"],
  meaning: [
    "Most of the ports that the server offers lie close together and open, but now and then it offers one that lies far away, and that one is closed. The server has a passive range, and does not keep to it: ProFTPD takes any port when all of its range are in use, and some servers use the range for one mode or one address family only.",
    "Where every port lies outside the range that was meant (a setting with a typing error, or not read since), none opens, and it looks like a range that is not open: the finding about closed ports then names this cause beside it.",
    "Where the range is declared (`ftp-doctor ports HOST --range A-B`), ports offered beside it are named as such: the setting is another one, or is not in force. Where these open all the same, it is worth knowing and no more.",
    "To mend it, make the range larger than the number of transfers at a time, open exactly that range in the firewall, and restart the server.",
  ].join("\n\n"),
  // Outside of a range that was only named, and open: nothing fails for it.
  severity: (facts, args) => (args["failed"] === 0 ? "notice" : severityOf(facts, ["epsv", "pasv"])),
  judge: (facts) => judgeDeclared(facts) ?? judgeOutliers(facts),
  describe: (args, facts) =>
    args["declared"] === undefined ? describeOutliers(args, facts) : describeDeclared(args, facts),
});

/** Ports offered beside a range that was swept because it is said to be the server's. */
function judgeDeclared(facts: Facts): Judgement | null {
  for (const { record, reach } of sweptPorts(facts)) {
    // Where the range itself is closed as well, that is the first thing to mend.
    if (reach === "none" || reach === "part") continue;
    const attempts = offeredPorts(facts).flatMap((at) => (at.address === record.address ? at.attempts : []));
    const outside = attempts.filter(({ atPeer }) => !liesIn(atPeer.endpoint.port, [record.range]));
    if (outside.length === 0) continue;
    const failed = outside.filter(({ answer }) => answer !== "open");
    return {
      kind: "present",
      confidence: "likely",
      at: "server-config",
      args: {
        ...portArgs(failed.length > 0 ? failed : outside),
        declared: rangeInWords(record.range),
        outside: [...new Set(outside.map(({ atPeer }) => atPeer.endpoint.port))].sort((a, b) => a - b),
        failed: failed.length,
        offers: attempts.length,
      },
      because: [...idsOf(outside), record.id],
      seen: [...seenOf(failed.length > 0 ? failed : outside), ...seenSweeps([{ record }])],
      rivals: [
        {
          cause: "the range that was given is not the server's",
          toTellApart: `Read it in the server's configuration: is it ${rangeInWords(record.range)} there, and was the server restarted since?`,
        },
        ...(failed.length > 0 ? [otherNumbers(facts)] : []),
      ],
    };
  }
  return null;
}

function describeDeclared(args: Args, facts: Facts): Words {
  const outside = numbers(args["outside"]);
  const named =
    outside.length > NAMED_AT_MOST
      ? `${outside.length} ports between ${Math.min(...outside)} and ${Math.max(...outside)}`
      : listed(outside.map(String));
  const failed = Number(args["failed"]);
  return {
    title: "Server offers ports outside of its declared range",
    summary: `The server offers ports outside of the range ${args["declared"]} that it is said to use: ${named}${failed > 0 ? ", and these do not open" : ""}.`,
    explanation: `${outside.length} of the ports in ${args["offers"]} offers lie outside of ${args["declared"]}. ${
      failed > 0
        ? "The firewall lets that range through and not these: the server's own setting is another, is not in force (a typing error, a restart that is due), or its range is used up and it takes any port."
        : "They opened, so the firewall lets more through than that range: the server's own setting is another, or is not in force."
    }`,
    remedies: mendServer("passive-range", facts, args),
  };
}

function numbers(value: Args[string] | undefined): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

/** Most of the ports lie close together and open, the others lie far away and do not. */
function judgeOutliers(facts: Facts): Judgement {
  const offered = offeredPorts(facts);
  if (offered.length === 0) return nothingDialled(facts);
  const hits = offered.flatMap(({ attempts, pattern, protection }) =>
    pattern.kind === "outliers" ? [{ attempts, pattern, protection }] : [],
  );
  const [first] = hits;
  if (first === undefined) return { kind: "absent" };
  const { open, closed } = first.pattern;
  const attempts = hits.flatMap((hit) => hit.attempts);
  const outside = attempts.filter(({ answer }) => answer !== "open");
  return {
    kind: "present",
    confidence: "likely",
    at: "server-config",
    args: {
      ...portArgs(attempts),
      from: Math.min(...open),
      to: Math.max(...open),
      inside: open.length,
      outside: closed,
      ...(first.protection !== null && hits.length === 1 ? { protection: first.protection } : {}),
    },
    because: idsOf(attempts),
    seen: seenOf(outside),
    rivals: [
      {
        cause: "pasv-range-exhausted",
        toTellApart:
          'Probe again with --samples 20 while nobody else uses the server: if it keeps to its range then, the range is too small for its load (ProFTPD logs "unable to find open port in PassivePorts range").',
      },
    ],
  };
}

function describeOutliers(args: Args, facts: Facts): Words {
  const outside = Array.isArray(args["outside"]) ? args["outside"].join(", ") : "";
  return {
    summary: `The server offers passive ports from ${args["from"]} to ${args["to"]}, which open, and now and then one far away (${outside}), which does not.`,
    explanation: `${args["inside"]} of the ports offered lie between ${args["from"]} and ${args["to"]} and could be reached; ${outside} could not. The firewall lets the range through, and the server does not keep to it: its range is used up, or is not in force everywhere.`,
    remedies: mendServer("passive-range", facts, args),
  };
}
