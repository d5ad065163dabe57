import type { NextStep, Remedy, Rival, Side } from "../../model/report.ts";
import {
  brokenIpv6,
  controlArgs,
  controlSeverity,
  nothingTried,
  seenConnect,
  triedAddresses,
  verb,
} from "../control-facts.ts";
import { type Args, defineRule, type Rule } from "../define-rule.ts";
import type { AddressFacts, Facts } from "../facts.ts";
import { mendControl } from "../mend.ts";
import { probeElsewhere } from "../next.ts";

/** What the siblings differ in: the same reading, another outcome of the same connect. */
interface Sibling {
  id: string;
  title: string;
  outcome: NonNullable<AddressFacts["control"]>;
  at(address: AddressFacts): Side;
  references: string[];
  meaning: string[];
  summary(args: Args): string;
  explanation: string;
  rivals(address: AddressFacts): Rival[];
  next(facts: Facts): NextStep[];
  remedies(facts: Facts, args: Args): Remedy[];
}

function connectRule(sibling: Sibling): Rule {
  return defineRule({
    id: sibling.id,
    title: sibling.title,
    since: "0.1.0",
    needs: ["control"],
    references: sibling.references,
    meaning: sibling.meaning.join("\n\n"),
    severity: controlSeverity,
    judge(facts) {
      const tried = triedAddresses(facts);
      if (tried.length === 0) return nothingTried(facts);
      const alike = tried.filter(({ control }) => control === sibling.outcome);
      const broken = brokenIpv6(facts);
      // IPv6 beside a good IPv4 is a finding of its own: what is left then speaks of the others alone.
      const others = alike.filter((address) => !broken.includes(address));
      const failed = others.length > 0 ? others : alike;
      const [first] = failed;
      if (first === undefined) return { kind: "absent" };
      return {
        kind: "present",
        confidence: "likely",
        at: sibling.at(first),
        args: controlArgs(failed, facts),
        because: failed.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
        seen: failed.slice(0, 3).map((address) => seenConnect(address, facts)),
        rivals: sibling.rivals(first),
        next: sibling.next(facts),
      };
    },
    describe: (args, facts) => ({
      summary: sibling.summary(args),
      explanation: sibling.explanation,
      remedies: sibling.remedies(facts, args),
    }),
  });
}

const otherPort = ({ evidence }: Facts): NextStep => ({
  command: `nc -vz -w 5 ${evidence.target.host} 443`,
  tells: "Whether the host answers on another port: then it is up, and only the FTP port is closed to us.",
});

/** A reset answers the SYN. */
export const ctlRefused = connectRule({
  id: "ctl-refused",
  title: "Nothing listens on the control port",
  outcome: "refused",
  at: () => "server-host",
  references: ["RFC 9293 section 3.5.2 (reset)", "https://github.com/fauria/docker-vsftpd/issues/71"],
  meaning: [
    "The host is reached, and says at once that nobody listens on the port: the FTP service does not run, listens on another port or only on another address, or a firewall on the way answers in its place with a reset.",
    "To mend it, start the service and see that it listens (ss -ltnp 'sport = :21'). vsftpd needs one of listen=YES and listen_ipv6=YES; a container needs the port published.",
  ],
  summary: (args) =>
    `${args["endpoints"]} ${verb(args, "refuses", "refuse")} the connection: most likely no FTP service listens there.`,
  explanation:
    "The connection was refused at once, so the host is up and reachable, but no program accepts connections on this port. Either the FTP service is not running or uses another port, or a firewall rejects the connection with a reset.",
  rivals: () => [
    {
      cause: "a firewall that rejects with a TCP reset",
      toTellApart:
        "On the server: ss -ltnp 'sport = :21'. If the service is listed there, a firewall refuses in its place.",
    },
    {
      cause: "ctl-source-banned",
      toTellApart: "Does the same port answer from another network? Then this machine's address is shut out.",
    },
  ],
  next: ({ evidence }) => [
    {
      command: `ss -ltnp 'sport = :${evidence.target.port}'`,
      tells: "Run it on the server: whether anything listens on the port.",
    },
  ],
  remedies: (facts, args) => mendControl(facts, args, { server: ["start-service"], firewall: ["open-control-port"] }),
});

/** Nothing answers the SYN. */
export const ctlTimeout = connectRule({
  id: "ctl-timeout",
  title: "The control port does not answer",
  outcome: "timed-out",
  at: () => "server-firewall",
  references: ["https://wiki.filezilla-project.org/Network_Configuration"],
  meaning: [
    "The attempt to connect got no answer at all, not even a refusal. Mostly a firewall drops it silently: the port is not opened or not forwarded, a cloud rule is missing, this machine's address is blocked, or this machine's own network does not let FTP out. A host that is switched off looks the same, and so does a name that points at the wrong machine, such as a CDN's proxy.",
    "To mend it, open TCP 21 at the server's firewall, cloud rules and router. To find the side at fault, try from another network.",
  ],
  summary: (args) =>
    `${args["endpoints"]} ${verb(args, "does", "do")} not answer: the connection attempt is dropped without a word.`,
  explanation:
    "No answer came, not even a refusal. A host that is up refuses at once where nothing listens, so a firewall drops the attempt, or the host is down.",
  rivals: () => [
    {
      cause: "ctl-client-egress-blocked",
      toTellApart:
        "Does another public FTP server answer from here on port 21? If none does, this network does not let FTP out.",
    },
    {
      cause: "ctl-source-banned",
      toTellApart:
        "Does the same server answer from another network? If so, this machine's address may be banned there.",
    },
    {
      cause: "ctl-dns",
      toTellApart:
        "Is this the address of the FTP server, and not of a CDN's proxy or of a machine that it had before? Its administrator knows.",
    },
  ],
  next: (facts) => [otherPort(facts), probeElsewhere(facts)],
  remedies: (facts, args) => mendControl(facts, args, { firewall: ["open-control-port"], server: ["start-service"] }),
});

/** An ICMP error or the routing says no. */
export const ctlUnreachable = connectRule({
  id: "ctl-unreachable",
  title: "The host is unreachable",
  outcome: "unreachable",
  at: sideOfRejection,
  references: ["RFC 792 (destination unreachable)", "RFC 1812 section 5.2.7.1 (administratively prohibited)"],
  meaning: [
    "An error message came back instead of an answer: there is no route to the host, the host is down in its network, or a firewall rejects the connection with an ICMP message. The closing rule of Red Hat's iptables (icmp-host-prohibited) looks just like this, and is the most frequent reason when the host is up otherwise.",
    "To mend it, open TCP 21 in the server's firewall above the closing reject, or repair the route.",
  ],
  summary: (args) =>
    `${args["endpoints"]} cannot be reached: a router or firewall answers that the way there is closed.`,
  explanation:
    "The connection was turned away with an error message by the network: by a firewall that rejects with ICMP, or by a router that knows no way to the host.",
  rivals: (address) =>
    sideOfRejection(address) === "server-firewall"
      ? [
          {
            cause: "no route to the host",
            toTellApart:
              "Does the host answer ping or any other port? Then the route is fine and a firewall rejects FTP.",
          },
        ]
      : [
          {
            cause: "a firewall on the way that rejects with ICMP",
            toTellApart: `Does this machine know a way ("ip route get ${address.address}")? If so, something behind it turns the connection away.`,
          },
        ],
  next: (facts) => [otherPort(facts), probeElsewhere(facts)],
  remedies: (facts, args) => mendControl(facts, args, { firewall: ["open-control-port"] }),
});

/**
 * Which side said no, by Linux' error codes: ICMP host-prohibited and admin-prohibited become EHOSTUNREACH, their ICMPv6 form EACCES;
 * ENETUNREACH is a missing route, here or further on; EPERM and (for IPv4) EACCES are a local policy.
 */
function sideOfRejection({ family, controls }: AddressFacts): Side {
  switch (controls[0]?.connect.code) {
    case "ENETUNREACH":
      return "path";
    case "EPERM":
      return "client-firewall";
    case "EACCES":
      return family === "ipv4" ? "client-firewall" : "server-firewall";
    default:
      return "server-firewall";
  }
}
