import type { Rival } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { UNLIKELY } from "../facts/port-pattern.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendPorts } from "../words/mend.ts";
import { watchPort } from "../words/next.ts";

/** So rarely does chance draw such an order that the range is the only explanation. */
const IMPOSSIBLE = 0.0025;
/** More ports are told by their number. */
const NAMED_AT_MOST = 3;

/** Some of the ports offered open and others do not, and the number decides which. */
export const pasvRangePartlyOpen = defineRule({
  id: "pasv-range-partly-open",
  title: "Only a part of the passive ports is open",
  since: "0.1.0",
  needs: ["passive"],
  references: ["https://github.com/stilliard/docker-pure-ftpd/pull/81"],
  meaning: [
    "Of the ports that the server offers for data connections, some open and others do not, and it is the number that decides. Usually the range that the firewall lets through is narrower than the server's, or shifted against it, or the server has no range set and uses any port. Transfers then fail now and then.",
    "To mend it, set one range on the server and open exactly that range in the firewall.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const sorted = offered.flatMap(({ attempts, pattern }) =>
      pattern.kind === "by-number" ? [{ attempts, pattern }] : [],
    );
    const [first] = sorted;
    if (first === undefined) return { kind: "absent" };
    const hits = sorted.flatMap(({ attempts }) => attempts);
    const { open, closed } = first.pattern;
    const chance = Math.min(...sorted.map(({ pattern }) => pattern.chance));
    // The closed ones among the lines shown: they are the news.
    const [opened, failed] = [true, false].map((wanted) => hits.filter(({ answer }) => (answer === "open") === wanted));
    const args = { ...portArgs(hits), open, closed };
    return {
      kind: "present",
      confidence: chance < IMPOSSIBLE ? "certain" : chance <= UNLIKELY ? "likely" : "possible",
      at: "server-firewall",
      args,
      because: idsOf(hits),
      seen: [...seenOf(opened ?? []).slice(0, 2), ...seenOf(failed ?? []).slice(1, 3)],
      rivals: chance <= UNLIKELY ? [] : [...atRandom],
      ...(chance <= UNLIKELY ? { next: [watchPort({ ports: closed })] } : {}),
    };
  },
  describe: (args, facts) => ({
    summary: `Some of the server's passive ports open and others do not: ${inWords(args["open"])} ${verb(args["open"])}, ${inWords(args["closed"])} ${verb(args["closed"], " not")}.`,
    explanation: `The server offered ${count(args)} ports, of which only a part could be connected to${border(args)}. The usual reason is a firewall whose open range differs from the range that the server uses.`,
    remedies: mendPorts(facts, args),
  }),
});

/** With few ports, what changes from one dial to the next may look like a border between numbers. */
const atRandom: readonly Rival[] = [
  {
    cause: "pasv-lb-other-backend",
    toTellApart:
      "Probe again with --samples 20: if the same port numbers fail each time, it is the range; if it changes at random, control and data reach different machines.",
  },
  { cause: "ctl-max-per-ip", toTellApart: "Repeat the probe with --max-sessions 1." },
];

function numbers(value: Args[string] | undefined): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function count(args: Args): number {
  return numbers(args["open"]).length + numbers(args["closed"]).length;
}

/** `40001 and 40002`, `49152-50000 (8 ports)`. */
function inWords(value: Args[string] | undefined): string {
  const ports = numbers(value);
  return ports.length <= NAMED_AT_MOST
    ? listed(ports.map(String))
    : `${ports.length} between ${Math.min(...ports)} and ${Math.max(...ports)}`;
}

function verb(value: Args[string] | undefined, not = ""): string {
  return `${numbers(value).length === 1 ? "does" : "do"}${not}`;
}

/** Where the border lies, as closely as the ports tell. */
function border(args: Args): string {
  const [open, closed] = [numbers(args["open"]), numbers(args["closed"])];
  const [highestOpen, lowestOpen] = [Math.max(...open), Math.min(...open)];
  const [highestClosed, lowestClosed] = [Math.max(...closed), Math.min(...closed)];
  if (highestOpen < lowestClosed) {
    return `: up to ${highestOpen} they open, from ${lowestClosed} on they do not; the border lies between`;
  }
  if (highestClosed < lowestOpen) {
    return `: up to ${highestClosed} they do not open, from ${lowestOpen} on they do; the border lies between`;
  }
  return closed.every((port) => port > lowestOpen && port < highestOpen)
    ? `: those from ${lowestClosed} to ${highestClosed} do not open, those below and above do`
    : `: those from ${lowestOpen} to ${highestOpen} open, those below and above do not`;
}
