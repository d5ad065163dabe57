import { duration } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import {
  type DialledAttempt,
  idsOf,
  nothingDialled,
  offeredPorts,
  portArgs,
  portsInWords,
  seenOf,
} from "../facts/passive-ports.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";
import { probeElsewhere } from "../words/next.ts";

/** Below this a difference of round trips is noise. */
const FAR_MS = 8;
/** An answer that comes in less than this part of the way to the server and back was given nearer by. */
const NEARER = 0.4;

/** The client's own machine or network forbids connections to high ports. */
export const pasvClientEgressBlocked = defineRule({
  id: "pasv-client-egress-blocked",
  title: "This side's firewall forbids connections to high ports",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-ports-refused", "pasv-ports-rejected", "pasv-ports-not-forwarded", "ipv6-data-blocked"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/opnsense/core/issues/7331"],
  meaning: [
    "The network of this machine, or the machine itself, lets connections to the FTP control port out and none to the high ports that passive mode uses. The passive mode of every FTP server fails from here in the same way.",
    "Mostly that looks just like a firewall at the server, and is named as what else it could be; a probe from another network tells. It counts as found where the system itself forbids the connection, or where the refusal comes back sooner than the server could have answered.",
    "To mend it, allow outgoing TCP connections from this machine to the server's passive range, or let the local firewall follow FTP.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const closed = offered.filter(({ pattern }) => pattern.kind === "closed");
    const forbidden = closed.filter(({ attempts }) => attempts.every(isForbiddenHere));
    const nearer = closed.filter((at) => !forbidden.includes(at) && answersNearer(at.attempts, facts));
    const hits = [...forbidden, ...nearer].flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: nearer.length === 0 ? "certain" : "likely",
      at: "client-firewall",
      args: {
        ...portArgs(hits),
        forbidden: nearer.length === 0,
        answeredMs: Math.max(...hits.map(({ atPeer }) => atPeer.ms)),
        roundTripMs: roundTrip(hits[0]?.record.address ?? "", facts),
      },
      because: idsOf(hits),
      seen: seenOf(hits),
      rivals:
        nearer.length === 0
          ? []
          : [
              {
                cause: "pasv-ports-rejected",
                toTellApart:
                  'Watch who answers: "tcpdump -n icmp or icmp6 or tcp" on this machine during a probe; a device half-way may be the provider\'s.',
              },
            ],
      next: [probeElsewhere(facts)],
    };
  },
  describe: (args, facts) => ({
    summary: `Connections from here to the server's passive ${portsInWords(args)} are forbidden on this side.`,
    explanation:
      args["forbidden"] === true
        ? "The system of this machine itself answered that the connection is not permitted: a firewall or security program here forbids it."
        : `The way to the server and back takes ${duration(Number(args["roundTripMs"]))}, and the refusal came within ${duration(Number(args["answeredMs"]))}: it was not the server that answered, but a device nearer to this machine.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "low",
        text: `Allow outgoing TCP connections from this machine to the passive ports of ${args["peer"]}, in this machine's firewall and in that of its network.`,
      },
      ...mendClient("use-active", facts, args),
    ],
  }),
});

/** EPERM never comes from the network; over IPv4 EACCES neither (over IPv6 it is an ICMP error). */
function isForbiddenHere({ atPeer, record }: DialledAttempt): boolean {
  return atPeer.code === "EPERM" || (atPeer.code === "EACCES" && record.family === "ipv4");
}

/** Whether all refusals came back sooner than anything from the server can. */
function answersNearer(attempts: readonly DialledAttempt[], facts: Facts): boolean {
  const { address } = attempts[0]?.record ?? { address: "" };
  const trip = roundTrip(address, facts);
  if (trip === null || trip < FAR_MS || attempts.length < 2) return false;
  return attempts.every(({ atPeer, answer }) => answer !== "filtered" && atPeer.ms < trip * NEARER);
}

/** The shortest time in which the server itself has answered, a connect or any command; null where it never took a connection. */
function roundTrip(address: string, facts: Facts): number | null {
  const here = facts.addresses.filter((at) => at.address === address);
  const connects = here.flatMap(({ controls }) =>
    controls.flatMap(({ connect }) => (connect.outcome === "connected" ? [connect.ms] : [])),
  );
  // A busy machine is late to notice that a connection came about; of many answers one will have been noticed in time.
  const answers = everyPassive(facts).flatMap(({ record }) =>
    record.address === address && record.offer?.exchange.outcome === "ok" ? [record.offer.exchange.ms] : [],
  );
  return connects.length === 0 ? null : Math.min(...connects, ...answers);
}
