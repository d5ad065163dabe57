import type { NextStep, Remedy, Rival, Side } from "../../model/report.ts";
import { controlArgs, controlEndpoint, controlSeverity, noWayFromHere } from "../control-facts.ts";
import { type Args, defineRule, type Rule } from "../define-rule.ts";
import type { AddressFacts, Facts } from "../facts.ts";
import { mendControl } from "../mend-control.ts";
import { duration, spoken } from "../quote.ts";

/** What the siblings differ in: the same reading, another outcome of the same connect. */
interface Sibling {
  id: string;
  title: string;
  outcome: NonNullable<AddressFacts["control"]>;
  at: Side;
  references: string[];
  meaning: string[];
  summary(args: Args): string;
  explanation: string;
  rivals: Rival[];
  next(facts: Facts): NextStep[];
  remedies(facts: Facts): Remedy[];
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
      const tried = facts.addresses.filter(({ control }) => control !== null && control !== "cancelled");
      if (tried.length === 0) return { kind: "undetermined", missing: "no control connection was tried" };
      const failed = tried.filter((address) => address.control === sibling.outcome && !noWayFromHere(address, facts));
      if (failed.length === 0) return { kind: "absent" };
      return {
        kind: "present",
        confidence: "likely",
        at: sibling.at,
        args: controlArgs(failed, facts),
        because: failed.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
        seen: failed.map((address) => {
          const connect = address.controls[0]?.connect;
          const code = connect?.code == null ? "" : ` (${connect.code})`;
          return `${controlEndpoint(address, facts)} ${spoken(connect?.outcome ?? "cancelled")}${code} after ${duration(connect?.ms ?? 0)}`;
        }),
        rivals: sibling.rivals,
        next: sibling.next(facts),
      };
    },
    describe: (args, facts) => ({
      summary: sibling.summary(args),
      explanation: sibling.explanation,
      remedies: sibling.remedies(facts),
    }),
  });
}

const otherPort = ({ evidence }: Facts): NextStep => ({
  command: `nc -vz -w 5 ${evidence.target.host} 443`,
  tells: "whether the host answers on another port: then the host is up and only the FTP port is closed to us",
});

/** A reset answers the SYN. */
export const ctlRefused = connectRule({
  id: "ctl-refused",
  title: "Nothing listens on the control port",
  outcome: "refused",
  at: "server-host",
  references: ["RFC 9293 section 3.5.2 (reset)", "https://github.com/fauria/docker-vsftpd/issues/71"],
  meaning: [
    "The host is reached, and says at once that nobody listens on the port: the FTP service does not run, listens on another port or only on another address, or a firewall on the way answers in its place with a reset.",
    "To mend it, start the service and see that it listens (ss -ltnp 'sport = :21'). vsftpd needs listen=YES or listen_ipv6=YES; a container needs the port published.",
  ],
  summary: ({ endpoints }) => `${endpoints} refuses connections: no FTP service listens there.`,
  explanation:
    "The connection was refused at once, so the host is up and reachable, but no program accepts connections on this port. Either the FTP service is not running or uses another port, or a firewall rejects the connection with a reset.",
  rivals: [
    {
      cause: "a firewall that rejects with a TCP reset",
      toTellApart:
        "On the server: ss -ltnp 'sport = :21'. If the service is listed there, a firewall refuses in its place.",
    },
  ],
  next: ({ evidence }) => [
    {
      command: `ss -ltnp 'sport = :${evidence.target.port}'`,
      tells: "run it on the server: whether anything listens on the port",
    },
  ],
  remedies: (facts) => mendControl(facts, { server: ["start-service"], firewall: ["open-control-port"] }),
});

/** Nothing answers the SYN. */
export const ctlTimeout = connectRule({
  id: "ctl-timeout",
  title: "The control port does not answer",
  outcome: "timed-out",
  at: "server-firewall",
  references: ["https://wiki.filezilla-project.org/Network_Configuration"],
  meaning: [
    "The attempt to connect got no answer at all, not even a refusal. Mostly a firewall drops it silently: the port is not opened or not forwarded, a cloud rule is missing, this machine's address is blocked, or this machine's own network does not let FTP out. A host that is switched off looks the same.",
    "To mend it, open TCP 21 at the server's firewall, cloud rules and router. To find the side at fault, try from another network.",
  ],
  summary: ({ endpoints }) => `${endpoints} does not answer: the connection attempt is dropped without a word.`,
  explanation:
    "No answer came, not even a refusal. A host that is up refuses at once where nothing listens, so a firewall drops the attempt, or the host is down.",
  rivals: [
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
  ],
  next: (facts) => [otherPort(facts)],
  remedies: (facts) => mendControl(facts, { firewall: ["open-control-port"], server: ["start-service"] }),
});

/** An ICMP error or the routing says no. */
export const ctlUnreachable = connectRule({
  id: "ctl-unreachable",
  title: "The host is unreachable",
  outcome: "unreachable",
  at: "server-firewall",
  references: ["RFC 792 (destination unreachable)", "RFC 1812 section 5.2.7.1 (administratively prohibited)"],
  meaning: [
    "An error message came back instead of an answer: there is no route to the host, the host is down in its network, or a firewall rejects the connection with an ICMP message. The closing rule of Red Hat's iptables (icmp-host-prohibited) looks just like this, and is the most frequent reason when the host is up otherwise.",
    "To mend it, open TCP 21 in the server's firewall above the closing reject, or repair the route.",
  ],
  summary: ({ endpoints }) => `${endpoints} cannot be reached: a router or firewall answers that it is unreachable.`,
  explanation:
    "The connection was turned away with an error message by the network: by a firewall that rejects with ICMP, or by a router that knows no way to the host.",
  rivals: [
    {
      cause: "no route to the host",
      toTellApart: "Does the host answer ping or any other port? Then the route is fine and a firewall rejects FTP.",
    },
  ],
  next: (facts) => [otherPort(facts)],
  remedies: (facts) => mendControl(facts, { firewall: ["open-control-port"] }),
});
