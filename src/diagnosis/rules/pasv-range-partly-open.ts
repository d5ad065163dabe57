import type { PortRange } from "../../model/evidence.ts";
import type { Rival } from "../../model/report.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { type Args, defineRule, type Judgement, type Words } from "../define-rule.ts";
import { seenSweeps } from "../facts/closed-ports.ts";
import type { Facts } from "../facts/facts.ts";
import { type DialledAttempt, idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { UNLIKELY } from "../facts/port-pattern.ts";
import { liesIn, rangesOf, surveyOf } from "../facts/port-survey.ts";
import { sweptPorts } from "../facts/swept-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendPorts } from "../words/mend.ts";
import { probeAgain, watchPort } from "../words/next.ts";
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
    return judgeSweeps(facts) ?? judgeAnswered(facts) ?? judgeOffers(facts);
  },
  describe: (args, facts) => {
    if (args["answered"] !== undefined) return describeAnswered(args);
    return args["border"] === undefined ? describeOffers(args, facts) : describeSweep(args, facts);
  },
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
  const offered = distinct(
    offeredPorts(facts).flatMap(({ address, attempts }) =>
      address === record.address ? attempts.map(({ atPeer }) => atPeer.endpoint.port) : [],
    ),
  );
  return {
    kind: "present",
    confidence: "certain",
    at: "server-firewall",
    args: {
      peer: record.address,
      addresses: hits.map((hit) => hit.record.address),
      ports: offered,
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
    next: [watchPort({ ports: [], swept: stopped.slice(0, 1).map(rangeInWords).join() })],
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

/** Some of the ports offered are answered by something else, offered or not. */
function judgeAnswered(facts: Facts): Judgement | null {
  const { doubtful, opened, sweeps } = surveyOf(facts);
  const sweep = sweeps.find(({ address }) => doubtful.some(({ record }) => record.address === address));
  if (sweep === undefined) return null;
  const isHere = ({ record }: DialledAttempt): boolean => record.address === sweep.address;
  const [answered, own] = [doubtful.filter(isHere), opened.filter(isHere)];
  const open = rangesOf(sweep.intervals, (state) => state === "open");
  const portsOf = (offers: readonly DialledAttempt[]) => distinct(offers.map(({ atPeer }) => atPeer.endpoint.port));
  // Where all are answered so, something may well stand before the server that passes transfers on.
  if (own.length === 0) return null;
  return {
    kind: "present",
    confidence: "likely",
    at: "server-nat",
    args: {
      ...portArgs(answered),
      range: rangeInWords(sweep.range),
      answered: sizeOf(open),
      own: inShort(rangesOf(sweep.intervals, (state) => state === "closed")),
      there: inShort(open),
      offered: portsOf([...answered, ...own]).length,
      offeredThere: portsOf(answered).length,
    },
    because: [...idsOf(answered), sweep.id],
    seen: [...seenSweeps([{ record: sweep }]), ...seenOf(answered).slice(1, 3)],
    rivals: [
      {
        cause:
          "a forwarder (a container's proxy, a SYN proxy) that accepts each connection itself and passes it on to the server",
        toTellApart: `Move bytes: "${probeAgain(facts)} --samples 24". If every transfer works, it is one, and nothing is wrong.`,
      },
      {
        cause: "pasv-lb-other-backend",
        toTellApart:
          "On the load balancer before the server, if there is one: do all passive ports lead to the machine that has the control connection?",
      },
    ],
    next: [
      {
        command: `${probeAgain(facts)} --samples 24`,
        tells: "Moves bytes over many ports: those that lead elsewhere carry none.",
      },
    ],
  };
}

/** A few ranges, or how many ports they are and where they lie. */
function inShort(ranges: readonly PortRange[]): string {
  const [first, last] = [ranges[0], ranges.at(-1)];
  return ranges.length <= NAMED_AT_MOST || first === undefined || last === undefined
    ? listed(ranges.map(rangeInWords))
    : `${sizeOf(ranges)} ports between ${first.from} and ${last.to}`;
}

function describeAnswered(args: Args): Words {
  return {
    title: "Something else answers on a part of the passive ports",
    summary: `Of the passive ports ${args["range"]}, ${args["there"]} accept connections even while the server does not offer them: something else answers there.`,
    explanation: `${args["offeredThere"]} of the ${args["offered"]} ports offered are such, so the server could listen there itself and no other program on its host does; when the offers had ended, connections were accepted all the same. Something before the server takes them: a redirection, a forward to another machine, or a proxy. Whether it passes them on was not tried; where it does not, a transfer works or fails by the port that it happens to be given.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: `Look for what answers on ${args["there"]} in the place of the server: on a Linux router or the server itself "nft list ruleset" or "iptables -t nat -S" shows redirect and dnat rules, on a load balancer its forwarding rules. Let these ports lead to the FTP server with the same numbers.`,
      },
      {
        who: "server-admin",
        product: "any",
        effort: "low",
        text: `Or let the server keep to ports that nothing else answers on, of this range ${args["own"]}: set its passive range to them.`,
      },
    ],
  };
}

/** Each port once, in order. */
function distinct(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
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
