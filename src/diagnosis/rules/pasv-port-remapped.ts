import type { PortRange, RemappedPortsRecord, RemappedTrial } from "../../model/evidence.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { nothingDialled, offeredPorts } from "../facts/passive-ports.ts";
import { quoteReply } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendForward } from "../words/mend.ts";

/** A listing that was tried over another port than the one offered. */
interface Crossing {
  record: RemappedPortsRecord;
  trial: RemappedTrial;
  /** The port that the server named. */
  offered: number;
  /** The port that led to it. */
  reached: number;
  /** Whether the listing came over it. */
  moved: boolean;
}

/** A NAT or container host forwards the passive ports with other numbers than the server names. */
export const pasvPortRemapped = defineRule({
  id: "pasv-port-remapped",
  title: "The passive ports are forwarded with other numbers",
  since: "0.1.0",
  needs: ["remapped-ports"],
  replaces: [
    "pasv-ports-filtered",
    "pasv-ports-refused",
    "pasv-ports-rejected",
    "pasv-ports-not-forwarded",
    "pasv-port-out-of-range",
    "pasv-port-wrong",
  ],
  references: ["https://github.com/stilliard/docker-pure-ftpd/issues/87"],
  meaning: [
    "A NAT router or container host forwards the server's passive ports, with other numbers outside than inside: the server names port 8083, and outside it is 8183. The server cannot know that, and a client dials the port that it is told, so every passive transfer fails.",
    "`ftp-doctor ports HOST --range A-B`, with the numbers of the outside, proves it: where every port offered is closed and lies outside of that range, the range is dialled again while an offer stands. The port that leads to the server then accepts, and a listing comes over it; a second offer shows whether the numbers always lie as far apart. Ranges of more than 1,000 ports are not searched.",
    "To mend it, forward every passive port to the same number (for Docker: -p 8081-8089:8081-8089), or set the server's passive range to the numbers of the outside and forward those to themselves.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const crossings = facts.addresses.flatMap(({ remaps }) => remaps.flatMap(crossingsOf));
    const [first] = crossings;
    if (first === undefined) return unproven(facts);
    const here = crossings.filter(({ record }) => record.address === first.record.address);
    const moved = here.filter((crossing) => crossing.moved);
    const shown = moved.length > 0 ? moved : here;
    const [offset, another] = [...new Set(shown.map(({ offered, reached }) => reached - offered))];
    return {
      kind: "present",
      confidence: moved.length > 0 ? "certain" : "possible",
      at: "server-nat",
      args: {
        peer: first.record.address,
        modes: [...new Set(offersAt(facts, first.record.address).map(({ record }) => record.mode))],
        ports: [...new Set(shown.map(({ offered }) => offered))],
        reached: [...new Set(shown.map(({ reached }) => reached))],
        pairs: [...new Set(shown.map(({ offered, reached }) => `${offered} is ${reached}`))],
        declared: rangeInWords(first.record.range),
        // What one offer shows may be chance.
        offset:
          another === undefined && new Set(shown.map(({ offered }) => offered)).size > 1 ? (offset ?? null) : null,
        from: first.record.range.from,
        to: first.record.range.to,
        listings: moved.length,
      },
      because: [...new Set([...offersAt(facts, first.record.address), ...crossings].map(({ record }) => record.id))],
      seen: shown.slice(0, 3).map(seenOf),
      rivals:
        moved.length > 0
          ? []
          : [
              {
                cause: "another client's data connection, or another service within the range",
                toTellApart:
                  "Run the same command again: if the port that accepts lies as far from the one offered as before, the ports are forwarded with other numbers.",
              },
            ],
    };
  },
  describe: (args, facts) => ({
    summary: `The passive ports are forwarded with other numbers: ${listed(strings(args["pairs"]).map((pair) => `${pair} outside`))}${distance(args)}.`,
    explanation: `${portsInShort(args)} closed at ${args["peer"]}. While the offer stood, ${listed(strings(args["reached"]))} accepted${
      Number(args["listings"]) > 0
        ? `, and ${args["listings"] === 1 ? "the listing" : "each listing"} came over it`
        : ", and no listing came over it"
    }: what lies before the server sends the ports ${args["declared"]} to it with other numbers. The server can only name its own, so no client finds the way.`,
    remedies: mendForward(facts, args, insideRange(args)),
  }),
});

function crossingsOf(record: RemappedPortsRecord): Crossing[] {
  return record.trials.flatMap((trial) => {
    const { offer, transfer } = trial;
    const [offered, reached] = [offer.advertised?.port, transfer?.over?.port];
    if (transfer === null || offered === undefined || reached === undefined) return [];
    const code = transfer.exchange.replies.at(-1)?.code ?? 0;
    return [{ record, trial, offered, reached, moved: transfer.dataOutcome === "ok" && code >= 200 && code < 300 }];
  });
}

function unproven(facts: Facts) {
  const offered = offeredPorts(facts);
  if (offered.length === 0) return nothingDialled(facts);
  const asked = facts.addresses.some(({ remaps }) => remaps.length > 0);
  if (asked || offered.every(({ pattern }) => pattern.kind !== "closed")) return { kind: "absent" as const };
  return {
    kind: "undetermined" as const,
    missing: "no other range was dialled while an offer stood (ports --range A-B)",
  };
}

function offersAt(facts: Facts, address: string) {
  return offeredPorts(facts).flatMap((at) => (at.address === address ? at.attempts : []));
}

function seenOf({ trial, reached, record }: Crossing): string {
  const reply = trial.offer.exchange.replies.at(-1);
  const last = trial.transfer?.exchange.replies.at(-1);
  const named = reply === undefined ? record.mode.toUpperCase() : quoteReply(reply);
  return `${named}; a listing over port ${reached}: ${last === undefined ? "no reply" : quoteReply(last)}`;
}

function strings(value: Args[string] | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `, 100 higher`; empty where one offer alone shows it, or they differ. */
function distance({ offset }: Args): string {
  if (typeof offset !== "number") return "";
  return `, each ${Math.abs(offset)} ${offset > 0 ? "higher" : "lower"}`;
}

function portsInShort(args: Args): string {
  const ports = strings(args["ports"]);
  return ports.length === 1
    ? `Port ${ports[0]}, which the server offers, is`
    : `Ports ${listed(ports)}, which the server offers, are`;
}

/** The server's own numbers behind the declared range; null where the offset is not known, or leads out of all ports. */
function insideRange({ offset, from, to }: Args): PortRange | null {
  if (typeof offset !== "number") return null;
  const inside = { from: Number(from) - offset, to: Number(to) - offset };
  return inside.from >= 1 && inside.to <= 65_535 ? inside : null;
}
