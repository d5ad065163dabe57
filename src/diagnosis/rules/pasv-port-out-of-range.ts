import { defineRule } from "../define-rule.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** Most ports offered lie in one range that is open, a few lie far outside and are closed. */
export const pasvPortOutOfRange = defineRule({
  id: "pasv-port-out-of-range",
  title: "Server leaves its passive range now and then",
  since: "0.1.0",
  needs: ["passive"],
  references: ["proftpd doc/howto/NAT.html", "https://github.com/fauria/docker-vsftpd/issues/1"],
  meaning: [
    "Most of the ports that the server offers lie close together and open, but now and then it offers one that lies far away, and that one is closed. The server has a passive range, and does not keep to it: ProFTPD takes any port when all of its range are in use, and some servers use the range for one mode or one address family only.",
    "Where every port lies outside the range that was meant (a setting with a typing error, or not read since), none opens, and it looks like a range that is not open: the finding about closed ports then names this cause beside it.",
    "To mend it, make the range larger than the number of transfers at a time, open exactly that range in the firewall, and restart the server.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const hits = offered.flatMap(({ address, attempts, pattern }) =>
      pattern.kind === "outliers" ? [{ address, attempts, pattern }] : [],
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
  },
  describe: (args, facts) => {
    const outside = Array.isArray(args["outside"]) ? args["outside"].join(", ") : "";
    return {
      summary: `The server offers passive ports from ${args["from"]} to ${args["to"]}, which open, and now and then one far away (${outside}), which does not.`,
      explanation: `${args["inside"]} of the ports offered lie between ${args["from"]} and ${args["to"]} and could be reached; ${outside} could not. The firewall lets the range through, and the server does not keep to it: its range is used up, or is not in force everywhere.`,
      remedies: mendServer("passive-range", facts, args),
    };
  },
});
