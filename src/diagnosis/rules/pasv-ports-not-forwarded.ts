import { tunnelService } from "../../fingerprint/tunnel-hosts.ts";
import { sideOf } from "../../model/address.ts";
import type { Remedy } from "../../model/report.ts";
import { type Args, defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import {
  idsOf,
  nothingDialled,
  type OfferedPorts,
  offeredPorts,
  portArgs,
  portsInWords,
  seenOf,
} from "../facts/passive-ports.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { natShown, otherNumbers, showForwards } from "../words/closed-port-rivals.ts";
import { mendPorts } from "../words/mend.ts";

/** What shows that something before the server forwards its control port. */
type Sign = "nat" | "tunnel" | "loopback" | "node-port";

/** Only the control port is forwarded to the server, the passive ports end at the device that forwards. */
export const pasvPortsNotForwarded = defineRule({
  id: "pasv-ports-not-forwarded",
  title: "The passive ports are not forwarded to the server",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/aledv/kubernetes-ftp/issues/3", "https://github.com/fatedier/frp/issues/4401"],
  meaning: [
    "The server stands behind something that forwards single ports: a NAT router, a container host, a tunnel (ngrok, frp, ssh -L), a Kubernetes NodePort. The control port is forwarded, the passive ports are not, so every data connection ends at the device in between.",
    "To mend it, set a fixed passive range on the server and forward every port of it under its own number. A tunnel that carries one port, and a NodePort, cannot carry FTP: use SFTP there, or let the server have an address of its own.",
    "It counts as found where the device has shown itself: by a private address in the reply to PASV while the public address refuses the port, by the name of a tunnel service, or because this machine refuses the ports of a server that was reached through itself.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const signs = offered.flatMap((at) => {
      const sign = signOf(at, facts);
      return sign === null ? [] : [{ at, sign }];
    });
    const first = signs[0];
    if (first === undefined) return { kind: "absent" };
    const hits = signs.flatMap(({ at }) => at.attempts);
    const { host } = facts.evidence.target;
    return {
      kind: "present",
      confidence: "likely",
      at: "server-nat",
      args: {
        ...portArgs(hits),
        sign: first.sign,
        inside: natShown(first.at.address, facts),
        service: tunnelService(host),
        controlPort: facts.evidence.target.port,
      },
      because: idsOf(hits),
      seen: seenOf(hits),
      rivals: [
        otherNumbers(facts),
        {
          cause: "pasv-ports-refused",
          toTellApart: "If every passive port is forwarded already: a firewall behind the device refuses them.",
        },
      ],
      next: [showForwards],
    };
  },
  describe: (args, facts) => ({
    summary: `The server offers passive ${portsInWords(args)}, but only its control port is forwarded to it.`,
    explanation: `${whatShows(args)} The control connection comes through to the server, and none of the ports that it offers does.`,
    remedies: args["sign"] === "nat" ? mendPorts(facts, args) : [onePortOnly(args)],
  }),
});

function signOf({ address, pattern }: OfferedPorts, facts: Facts): Sign | null {
  if (pattern.kind !== "closed") return null;
  const { host, port } = facts.evidence.target;
  if (tunnelService(host) !== null) return "tunnel";
  // Behind a NAT silence may as well be a firewall's; the device itself answers for a port that it does not forward.
  if (pattern.state === "refused" && natShown(address, facts) !== null) return "nat";
  // A server on this machine listens on the port it offers, and nothing stands between.
  if (pattern.state === "refused" && sideOf(address) === "loopback") return "loopback";
  return isNodePort(port) ? "node-port" : null;
}

/** Kubernetes gives these to services of type NodePort unless told otherwise (kube-apiserver --service-node-port-range). */
function isNodePort(port: number): boolean {
  return port >= 30_000 && port <= 32_767;
}

/** What carries one port cannot be told to carry a range. */
function onePortOnly(args: Args): Remedy {
  const way =
    args["sign"] === "node-port"
      ? "In Kubernetes run the server with hostNetwork, or give it a LoadBalancer service that lists every passive port, with externalTrafficPolicy: Local."
      : args["sign"] === "loopback"
        ? "Where it is a container, publish the passive range with the same numbers on both sides (-p 50000-50100:50000-50100); where it is a tunnel of ssh, use SFTP over the same login."
        : "A tunnel that carries one port cannot carry FTP: use SFTP through it, or give the server an address of its own.";
  return {
    who: "server-admin",
    product: "any",
    effort: "medium",
    text: `Let every passive port of the server be reached under its own number, as the control port is. ${way}`,
  };
}

function whatShows(args: Args): string {
  switch (args["sign"]) {
    case "tunnel":
      return `The host's name belongs to ${args["service"]}, which carries one port to a machine behind it.`;
    case "nat":
      return `The server was reached at ${args["peer"]} and names ${args["inside"]}: it stands behind NAT, and what stands before it refuses the ports itself.`;
    case "loopback":
      return `The server was reached at ${args["peer"]}, on this very machine, yet nobody listens here on the ports that it offers: the control port is a tunnel's or a container's to a server elsewhere.`;
    default:
      return `Port ${args["controlPort"]}, on which the server was reached, is of those that Kubernetes gives to services (NodePort): each is forwarded singly.`;
  }
}
