import type { PortRange } from "../../model/evidence.ts";
import type { Rival } from "../../model/report.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { type Args, defineRule, type Judgement, type Words } from "../define-rule.ts";
import { seenSweeps } from "../facts/closed-ports.ts";
import type { Facts } from "../facts/facts.ts";
import { idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { UNLIKELY } from "../facts/port-pattern.ts";
import { liesIn } from "../facts/port-survey.ts";
import { sweptPorts } from "../facts/swept-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendPorts } from "../words/mend.ts";
import { watchPort } from "../words/next.ts";
import { borderInWords } from "../words/port-border.ts";
import { takenInWords } from "../words/taken-ports.ts";

/** So rarely does chance draw such an order that the range is the only explanation. */
const IMPOSSIBLE = 0.0025;
/** More ports are told by their number. */
const NAMED_AT_MOST = 3;
/** More parts of a sweep stay in its record. */
const RANGES_AT_MOST = 20;

/** Some of the ports offered open and others do not, and the number decides which. */
export const pasvRangePartlyOpen = defineRule({
  id: "pasv-range-partly-open",
  title: "Only a part of the passive ports is open",
  since: "0.1.0",
  needs: ["passive"],
  references: ["https://github.com/stilliard/docker-pure-ftpd/pull/81"],
  meaning: [
    "Of the ports that the server offers for data connections, some open and others do not, and it is the number that decides. Usually the range that the firewall lets through is narrower than the server's, or shifted against it, or the server has no range set and uses any port. Transfers then fail now and then.",
    "Offers show on which side of the border their ports lie; `ftp-doctor ports HOST --range A-B` tries every port of the range and finds the border itself. Where the sweep finds ports closed that open when they are offered, a firewall opens each as it reads the offer, which it cannot under TLS.",
    "To mend it, set one range on the server and open exactly that range in the firewall.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    return judgeSweeps(facts) ?? judgeOffers(facts);
  },
  describe: (args, facts) => (args["border"] === undefined ? describeOffers(args, facts) : describeSweep(args, facts)),
});

/** A sweep shows the borders as they are. */
function judgeSweeps(facts: Facts): Judgement | null {
  const swept = sweptPorts(facts);
  const parts = swept.filter(({ reach }) => reach === "part");
  const onDemand = swept.filter(({ reach }) => reach === "opened-on-demand");
  const hits = parts.length > 0 ? parts : onDemand;
  const [first] = hits;
  if (first === undefined) return null;
  const { record, reached, stopped } = first;
  const offered = offeredPorts(facts).flatMap(({ address, attempts }) =>
    address === record.address ? attempts.map(({ atPeer }) => atPeer.endpoint.port) : [],
  );
  return {
    kind: "present",
    confidence: "certain",
    at: "server-firewall",
    args: {
      peer: record.address,
      addresses: hits.map((hit) => hit.record.address),
      ports: [...new Set(offered)].sort((a, b) => a - b),
      border: borderInWords(record.intervals),
      range: rangeInWords(record.range),
      reached: sizeOf(reached),
      stopped: sizeOf(stopped),
      stoppedRanges: stopped.slice(0, RANGES_AT_MOST).map(rangeInWords),
      offered: offered.length,
      offeredStopped: offered.filter((port) => liesIn(port, stopped)).length,
      known: takenInWords(stopped),
      onDemand: first.reach === "opened-on-demand",
    },
    because: hits.map((hit) => hit.record.id),
    seen: seenSweeps(hits),
    rivals: [],
    next: [watchPort({ ports: stopped.slice(0, 1).flatMap(({ from, to }) => [from, to]) })],
  };
}

function describeSweep(args: Args, facts: Facts): Words {
  if (args["onDemand"] === true) return describeOnDemand(args, facts);
  const { range, reached, stopped, offered, offeredStopped } = args;
  return {
    summary: `Only a part of the passive ports ${range} can be reached: ${args["border"]}.`,
    explanation: `Every port of the range was tried: ${reached} can be reached, ${stopped} cannot.${args["known"]}${
      Number(offered) === 0
        ? ""
        : ` Of ${offered} ports that the server offered, ${offeredStopped} lie where it is closed.`
    } A transfer works or fails by the port that it happens to be given.`,
    remedies: mendPorts(facts, args),
  };
}

/** Works in clear, as long as the firewall understands what it reads. */
function describeOnDemand(args: Args, facts: Facts): Words {
  return {
    title: "A firewall opens the passive ports one by one, as it reads the offers",
    summary: `${args["stopped"]} of the passive ports ${args["range"]} are closed, and a firewall opens one when it reads the server's offer: under TLS it cannot read.`,
    explanation: `The sweep found the ports closed, and those that the server then offered opened all the same. A firewall before the server follows the control connection (an FTP helper). That works in clear text and on the ports it was told of; transfers under TLS fail, because it cannot read the offers there.`,
    remedies: mendPorts(facts, args),
  };
}

function sizeOf(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Offers show on which side of the borders their ports lie, and by chance how near. */
function judgeOffers(facts: Facts): Judgement {
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
  return {
    kind: "present",
    confidence: chance < IMPOSSIBLE ? "certain" : chance <= UNLIKELY ? "likely" : "possible",
    at: "server-firewall",
    args: { ...portArgs(hits), open, closed },
    because: idsOf(hits),
    seen: [...seenOf(opened ?? []).slice(0, 2), ...seenOf(failed ?? []).slice(1, 3)],
    rivals: chance <= UNLIKELY ? [] : [...atRandom],
    ...(chance <= UNLIKELY ? { next: [watchPort({ ports: closed })] } : {}),
  };
}

function describeOffers(args: Args, facts: Facts): Words {
  const known = takenInWords(numbers(args["closed"]).map((port) => ({ from: port, to: port })));
  return {
    summary: `Some of the server's passive ports open and others do not: ${portsInShort(args["open"])} ${verb(args["open"])}, ${portsInShort(args["closed"])} ${verb(args["closed"], " not")}.`,
    explanation: `The server offered ${count(args)} ports, of which only a part could be connected to${border(args)}.${known} The usual reason is a firewall whose open range differs from the range that the server uses.`,
    remedies: mendPorts(facts, args),
  };
}

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
function portsInShort(value: Args[string] | undefined): string {
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
