import { defineRule } from "../define-rule.ts";
import { mendPorts } from "../mend.ts";
import { answerOf, type DialledAttempt, nothingDialled, offeredPorts, portArgs, seenOf } from "../passive-ports.ts";
import { severityOf } from "../severity.ts";

/** Some of the ports offered open and others do not. */
export const pasvRangePartlyOpen = defineRule({
  id: "pasv-range-partly-open",
  title: "Only a part of the passive ports is open",
  since: "0.1.0",
  needs: ["passive"],
  references: ["https://github.com/stilliard/docker-pure-ftpd/pull/81"],
  meaning: [
    "Of the ports that the server offers for data connections, some open and others do not. Usually the range that the firewall lets through is narrower than the server's, or shifted against it, or the server has no range set and uses any port. Transfers then fail now and then.",
    "To mend it, set one range on the server and open exactly that range in the firewall.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    // A port that was named for another address was not offered here.
    const hits = offered
      .map(({ attempts }) => attempts.filter(({ namesPeer }) => namesPeer))
      .filter((attempts) => attempts.some(isOpen) && attempts.some((attempt) => !isOpen(attempt)))
      .flat();
    if (hits.length === 0) return { kind: "absent" };
    const open = hits.filter(isOpen).map(({ atPeer }) => atPeer.endpoint.port);
    const closed = hits.filter((attempt) => !isOpen(attempt)).map(({ atPeer }) => atPeer.endpoint.port);
    // A border between the numbers is what a range looks like; with so few ports chance may draw one.
    const border = Math.max(...open) < Math.min(...closed) || Math.min(...open) > Math.max(...closed);
    return {
      kind: "present",
      confidence: border && open.length + closed.length >= 6 ? "likely" : "possible",
      at: "server-firewall",
      args: { ...portArgs(hits), open, closed },
      because: hits.map(({ record }) => record.id),
      seen: seenOf(hits),
      rivals: [
        {
          cause: "pasv-lb-other-backend",
          toTellApart:
            "Repeat the probe: if the same port numbers fail each time, it is the range; if it changes at random, control and data reach different machines.",
        },
        { cause: "ctl-max-per-ip", toTellApart: "Repeat the probe with --max-sessions 1." },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `Some of the server's passive ports open and others do not (open: ${numbers(args["open"])}; not: ${numbers(args["closed"])}).`,
    explanation:
      "The server offered ports of which only a part could be connected to. The usual reason is a firewall whose open range differs from the range that the server uses.",
    remedies: mendPorts(facts, args),
  }),
});

function isOpen({ atPeer }: DialledAttempt): boolean {
  return answerOf(atPeer) === "open";
}

function numbers(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : "";
}
