import type { NextStep, Remedy, Rival, Side } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule, type Rule } from "../define-rule.ts";
import {
  brokenIpv6,
  controlArgs,
  controlSeverity,
  nothingTried,
  seenConnect,
  triedAddresses,
  verb,
} from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { type HostAlive, hostAliveAt, portsOf, seenAlive } from "../facts/host-alive.ts";
import { mendClient, mendControl } from "../words/mend.ts";
import { probeElsewhere, probePort, targetOnPort } from "../words/next.ts";
import { sentences } from "../words/sentence.ts";

/** What the siblings differ in: the same reading, another outcome of the same connect. */
interface Sibling {
  id: string;
  title: string;
  outcome: NonNullable<AddressFacts["control"]>;
  at(address: AddressFacts): Side;
  references: string[];
  meaning: string[];
  summary(args: Args): string;
  explanation(args: Args): string;
  rivals(address: AddressFacts, alive: HostAlive | null): Rival[];
  next(facts: Facts, alive: HostAlive | null): NextStep[];
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
      const alive = hostAliveAt(first);
      const [elsewhere] = portsOf(alive?.ftp ?? []);
      return {
        kind: "present",
        confidence: "likely",
        at: elsewhere !== undefined && asksImplicit(facts) ? "client" : sibling.at(first),
        args: {
          ...controlArgs(failed, facts),
          triedPorts: alive === null ? [] : portsOf(alive.tried),
          answeringPorts: alive === null ? [] : portsOf(alive.answering),
          ftpPort: elsewhere ?? null,
          implicit: asksImplicit(facts),
          ...(elsewhere !== undefined && asksImplicit(facts) ? { rightTarget: targetOnPort(facts, elsewhere) } : {}),
        },
        because: failed.flatMap((address) => [
          ...address.controls.slice(0, 1).map(({ id }) => id),
          ...(hostAliveAt(address)?.records ?? []),
        ]),
        seen: [
          ...failed.slice(0, alive === null ? 3 : 2).map((address) => seenConnect(address, facts)),
          ...(alive === null ? [] : seenAlive(alive)),
        ].slice(0, 3),
        rivals: sibling.rivals(first, alive),
        next: [...(elsewhere === undefined ? [] : [probePort(facts, elsewhere)]), ...sibling.next(facts, alive)],
      };
    },
    describe: (args, facts) => ({
      summary: sentences(sibling.summary(args), elsewhereInWords(args)),
      explanation: sentences(sibling.explanation(args), webAlone(args)),
      remedies: kindRemedies(args, facts) ?? [...otherPortRemedy(args), ...sibling.remedies(facts, args)],
    }),
  });
}

/** Where the run itself did not look at other ports. */
function otherPort({ evidence }: Facts, alive: HostAlive | null): NextStep[] {
  if (alive !== null) return [];
  return [
    {
      command: `nc -vz -w 5 ${evidence.target.host} 443`,
      tells: "Whether the host answers on another port: then it is up, and only the FTP port is closed to us.",
    },
  ];
}

function portsIn(args: Args, name: "triedPorts" | "answeringPorts"): number[] {
  const value = args[name];
  return Array.isArray(value) ? value.map(Number) : [];
}

function portsInWords(ports: readonly number[]): string {
  return `${ports.length === 1 ? "port" : "ports"} ${listed(ports.map(String))}`;
}

/** `An FTP server greets on port 2121 of the same host.` */
function elsewhereInWords({ ftpPort, implicit }: Args): string {
  if (ftpPort === null) return "";
  return implicit === true
    ? `An FTP server greets in clear text on port ${ftpPort} of the same host: there the client has to use explicit TLS (ftpes://).`
    : `An FTP server greets on port ${ftpPort} of the same host.`;
}

/** Whether TLS was to begin with the first byte. */
function asksImplicit({ evidence }: Facts): boolean {
  return evidence.target.security === "implicit";
}

/** Where FTP greets in clear, and the client meant implicit TLS: the other kind of TLS comes first; null elsewhere. */
function kindRemedies(args: Args, facts: Facts): Remedy[] | null {
  const { ftpPort, implicit, port } = args;
  if (typeof ftpPort !== "number" || implicit !== true) return null;
  return [
    ...mendClient("explicit-tls", facts, args, ftpPort).map((remedy) => ({
      ...remedy,
      text: `On port ${ftpPort}, where FTP greets in clear text: ${remedy.text}`,
    })),
    {
      who: "server-admin",
      product: "any",
      effort: "medium",
      text: `Only where clients know no explicit TLS: let the server speak implicit TLS on port ${port} beside port ${ftpPort}, and open that port in the firewalls.`,
    },
  ];
}

/** Ports of the web, which nearly every network lets out. */
const WEB: readonly number[] = [80, 443];

/** Where the web's ports alone answer, it may as well be this network that lets nothing else out. */
function webAlone(args: Args): string {
  const answering = portsIn(args, "answeringPorts");
  const web = answering.length > 0 && answering.every((port) => WEB.includes(port));
  return web && portsIn(args, "triedPorts").some((port) => !WEB.includes(port))
    ? "Only the ports of the web answer: the host's firewall may open nothing else, or this machine's network may let nothing else out."
    : "";
}

function otherPortRemedy({ ftpPort, host }: Args): Remedy[] {
  if (ftpPort === null) return [];
  return [
    {
      who: "client-user",
      product: "any",
      effort: "low",
      text: `Set the client to port ${ftpPort} of ${host}, where an FTP server answers; or ask its administrator which port is meant for you.`,
    },
  ];
}

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
  explanation: () =>
    "The connection was refused at once, so the host is up and reachable, but no program accepts connections on this port. Either the FTP service is not running or uses another port, or a firewall rejects the connection with a reset.",
  rivals: ({ controls }) => [
    {
      cause: "a firewall that rejects with a TCP reset",
      toTellApart: `On the server: ss -ltnp 'sport = :${controls[0]?.port ?? 21}'. If the service is listed there, a firewall refuses in its place.`,
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
  explanation: (args) => {
    const answering = portsIn(args, "answeringPorts");
    const silence = "No answer came, not even a refusal.";
    if (answering.length > 0) {
      return `${silence} The host itself is up: it answers on ${portsInWords(answering)}. A host that is up refuses at once where nothing listens, so a firewall drops the attempts on port ${args["port"]} alone.`;
    }
    return portsIn(args, "triedPorts").length > 0
      ? `${silence} The host was silent on ${portsInWords(portsIn(args, "triedPorts"))} as well: it is down, its address is wrong, or everything from this machine is dropped on the way, as bans of whole addresses do.`
      : `${silence} A host that is up refuses at once where nothing listens, so a firewall drops the attempt, or the host is down.`;
  },
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
  next: (facts, alive) => [...otherPort(facts, alive), probeElsewhere(facts)],
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
  explanation: (args) =>
    portsIn(args, "answeringPorts").length > 0
      ? `The connection was turned away with an error message by the network, while the host answers on ${portsInWords(portsIn(args, "answeringPorts"))}: the way there is fine, and a firewall rejects this port.`
      : "The connection was turned away with an error message by the network: by a firewall that rejects with ICMP, or by a router that knows no way to the host.",
  rivals: (address, alive) =>
    alive !== null && alive.answering.length > 0
      ? []
      : sideOfRejection(address) === "server-firewall"
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
  next: (facts, alive) => [...otherPort(facts, alive), probeElsewhere(facts)],
  remedies: (facts, args) => mendControl(facts, args, { firewall: ["open-control-port"] }),
});

/**
 * Which side said no, by Linux' error codes: ICMP host-prohibited and admin-prohibited become EHOSTUNREACH, their ICMPv6 form EACCES;
 * ENETUNREACH is a missing route, here or further on. What a local policy forbids is ctl-client-egress-blocked.
 */
function sideOfRejection({ controls }: AddressFacts): Side {
  switch (controls[0]?.connect.code) {
    case "ENETUNREACH":
      return "path";
    default:
      return "server-firewall";
  }
}
