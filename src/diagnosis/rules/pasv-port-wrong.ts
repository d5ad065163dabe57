import type { DialRecord } from "../../model/evidence.ts";
import { type Args, defineRule, type Judgement, type Words } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { seenOffers } from "../facts/passive-facts.ts";
import { type DialledAttempt, idsOf, offeredPorts } from "../facts/passive-ports.ts";
import { quoteDial } from "../facts/quote.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** Servers take their ports from one range: numbers so near to known ones may be of the same. */
const NEAR = 200;

/** The port named cannot be the one where the server waits for the data connection. */
export const pasvPortWrong = defineRule({
  id: "pasv-port-wrong",
  title: "Server names a port on which it does not listen",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "data-connect-no-data",
    "data-pmtu-blackhole",
    "data-reset-midway",
    "ctl-nat-idle-drop",
    "ctl-protocol-violation",
    "pasv-peer-ip-mismatch",
    "pasv-ports-refused",
    "pasv-range-partly-open",
  ],
  explains: ["ctl-idle-timeout", "ctl-closed-mid-session"],
  references: ["RFC 959 section 5.2 (data port)"],
  meaning: [
    "The reply to PASV or EPSV names another port than the one where the server waits. Where it names the port of the control connection itself, the FTP service answers there with its greeting, so a client takes the greeting for data, or waits for data that never comes: the passive range was set to the control port. Where it refuses at the port named and accepts at one beside it, or at the one with the two bytes of the number swapped, the server's software counts wrongly.",
    "To mend it, set a passive port range of its own (such as 40000-40100) and open it in the firewall; where it is set already, update the server.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const offers = facts.passive.filter(({ advertised }) => advertised !== null);
    if (offers.length === 0) return { kind: "undetermined", missing: "no passive port was offered" };
    const { port } = facts.evidence.target;
    const hits = offers.filter(
      ({ advertised, namesPeer, summary }) => namesPeer && advertised?.port === port && summary.result !== "works",
    );
    const first = hits[0];
    if (first === undefined) return judgeSwapped(facts) ?? judgeMisnamed(facts) ?? judgeNear(facts);
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: { modes: [...new Set(hits.map(({ record }) => record.mode))], peer: first.record.address, port },
      because: hits.map(({ record }) => record.id),
      seen: seenOffers(hits),
      rivals: [],
    };
  },
  describe: (args, facts) => {
    if (args["way"] === "misnamed") return describeMisnamed(args);
    return args["listens"] === undefined ? describeControl(args, facts) : describeNear(args);
  },
});

function describeControl(args: Args, facts: Facts): Words {
  return {
    title: "Server names its control port for the data connection",
    summary: `The server names port ${args["port"]}, that of the control connection, for the data connection.`,
    explanation: `Port ${args["port"]} at ${args["peer"]} is where the FTP service takes new control connections; no data can come from there.`,
    remedies: mendServer("passive-range", facts, args),
  };
}

/** Ports of one mode of which none opens and which, with their bytes swapped, lie among those of the other mode, which all open. */
function judgeSwapped(facts: Facts): Judgement | null {
  for (const { attempts } of offeredPorts(facts)) {
    const open = attempts.filter(({ answer }) => answer === "open");
    const closed = attempts.filter(({ answer }) => answer === "refused");
    const [first, second, third] = closed;
    if (first === undefined || second === undefined || third === undefined || open.length === 0) continue;
    if (open.length + closed.length < attempts.length) continue;
    const ports = open.map(({ atPeer }) => atPeer.endpoint.port);
    const isAmong = (port: number): boolean => port >= Math.min(...ports) - NEAR && port <= Math.max(...ports) + NEAR;
    const fits = ({ atPeer, record }: DialledAttempt): boolean =>
      record.mode === first.record.mode && isAmong(swapped(atPeer.endpoint.port)) && !isAmong(atPeer.endpoint.port);
    if (open.some(({ record }) => record.mode === first.record.mode) || !closed.every(fits)) continue;
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: {
        modes: [first.record.mode],
        peer: first.record.address,
        port: first.atPeer.endpoint.port,
        listens: swapped(first.atPeer.endpoint.port),
        way: "swapped",
        seen: false,
      },
      because: idsOf(attempts),
      seen: [...seenOffers([first]), quoteDial(first.atPeer), ...seenOffers(open).slice(0, 1)],
      rivals: [],
    };
  }
  return null;
}

/** One mode is refused at every port that it names, the other opens each: what differs is the number in the reply. */
function judgeMisnamed(facts: Facts): Judgement | null {
  for (const { attempts, pattern } of offeredPorts(facts)) {
    if (pattern.kind !== "misnamed") continue;
    const refused = attempts.filter(({ record }) => record.mode === pattern.refusing);
    const open = attempts.filter(({ record }) => record.mode !== pattern.refusing);
    const [first] = refused;
    if (first === undefined) continue;
    const ports = new Set(refused.map(({ atPeer }) => atPeer.endpoint.port));
    return {
      kind: "present",
      confidence: "likely",
      // A server that names the same port each time may; one whose replies are rewritten names what the device writes.
      at: "unknown",
      args: {
        modes: [pattern.refusing],
        peer: first.record.address,
        port: first.atPeer.endpoint.port,
        way: "misnamed",
        same: ports.size === 1,
        refused: refused.length,
        open: open.length,
      },
      because: idsOf(attempts),
      seen: [...seenOffers([first]), quoteDial(first.atPeer), ...seenOffers(open).slice(0, 1)],
      rivals: [
        {
          cause: "pasv-ports-refused",
          toTellApart:
            "On the server, compare its own log or a capture (tcpdump -A port 21) with what arrives here: if it writes another number, a device on the way changes it.",
        },
      ],
    };
  }
  return null;
}

/** The number whose two bytes stand the other way round. */
function swapped(port: number): number {
  return (port & 255) * 256 + (port >> 8);
}

/** A refused offer beside a port that accepts, where a server that counts wrongly would listen. */
function judgeNear(facts: Facts): Judgement {
  const near = facts.addresses.flatMap(({ address, otherPorts }) => {
    // A device that accepts everything accepts there as well.
    const acceptsAll = otherPorts.some(
      ({ purpose, tried }) => purpose === "tarpit-control" && tried.some(({ outcome }) => outcome === "connected"),
    );
    if (acceptsAll) return [];
    const refused = everyPassive(facts).filter(
      ({ record, atPeer }) => record.address === address && atPeer?.outcome === "refused",
    );
    return otherPorts
      .filter(({ purpose }) => purpose === "near-offer")
      .flatMap((record) =>
        record.tried
          .filter(({ outcome }) => outcome === "connected")
          .flatMap((trial) => {
            const offer = refused.find(({ atPeer }) => distance(atPeer, trial.endpoint.port) !== null);
            const way = offer === undefined ? null : distance(offer.atPeer, trial.endpoint.port);
            return offer === undefined || way === null ? [] : [{ record, trial, offer, way }];
          }),
      );
  });
  const [first] = near;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    // A neighbour may be somebody else's data port, swapped bytes never are chance.
    confidence: first.way === "swapped" ? "certain" : "likely",
    at: "server-host",
    args: {
      modes: [
        ...new Set(
          everyPassive(facts)
            .filter(({ record, summary }) => record.address === first.record.address && summary.result === "blocked")
            .map(({ record }) => record.mode),
        ),
      ],
      peer: first.record.address,
      port: first.offer.atPeer?.endpoint.port ?? null,
      listens: first.trial.endpoint.port,
      way: first.way,
    },
    because: [...new Set(near.flatMap(({ record, offer }) => [record.id, offer.record.id]))],
    seen: [
      ...seenOffers([first.offer]),
      ...(first.offer.atPeer === null ? [] : [quoteDial(first.offer.atPeer)]),
      quoteDial(first.trial),
    ],
    rivals:
      first.way === "swapped"
        ? []
        : [
            {
              cause: "pasv-ports-refused",
              toTellApart:
                "Probe again: if the port beside the one named accepts each time, the server miscounts; if not, it was another client's.",
            },
          ],
  };
}

/** How a server that counts wrongly would come from one port to the other; null where no usual way leads there. */
function distance(dial: DialRecord | null, listens: number): "swapped" | "above" | "below" | null {
  if (dial === null) return null;
  const { port } = dial.endpoint;
  if (port === listens) return null;
  if (swapped(port) === listens) return "swapped";
  return listens === port + 1 ? "above" : listens === port - 1 ? "below" : null;
}

function describeMisnamed(args: Args): Words {
  const [mode, other] = modesIn(args).includes("pasv") ? ["PASV", "EPSV"] : ["EPSV", "PASV"];
  return {
    summary: `Every port that ${mode} names is refused, and every one that ${other} names opens: the reply to ${mode} names another port than the one that is open.`,
    explanation: `${mode} was asked ${args["refused"]} times${args["same"] === true ? ` and named port ${args["port"]} each time` : ""}; each connection was refused at once. ${other} was asked ${args["open"]} times in between, and every port it named opened. Either the server writes a wrong number into its answer to ${mode}, or a device on the way rewrites it.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "low",
        text: "Look for a device on the way that rewrites FTP replies (an FTP helper, inspection or proxy), and exempt this server from it.",
      },
      {
        who: "server-admin",
        product: "any",
        effort: "high",
        text: `If the server's own log shows the same number, update its software or firmware. Until then let clients use ${other}.`,
      },
    ],
  };
}

function describeNear(args: Args): Words {
  const how = args["way"] === "swapped" ? "the two bytes of the number are swapped" : "it is off by one";
  return {
    summary: `The server names port ${args["port"]}, which refuses, and listens on ${args["listens"]}: ${how}.`,
    explanation:
      args["seen"] === false
        ? `Every port that ${modesIn(args).join(" and ").toUpperCase()} named refused the connection, while those of the other mode opened; with their two bytes swapped they all lie in the same range as those. The server's software writes the number the wrong way round.`
        : `A connection to port ${args["port"]} at ${args["peer"]}, the one it had just named, was refused; one to ${args["listens"]} was accepted. The server's software writes the wrong number into its reply.`,
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "high",
        text: "Update the server's software or firmware, or replace it; the error is in its answer to PASV or EPSV. If only one of the two is wrong, let clients use the other.",
      },
    ],
  };
}
