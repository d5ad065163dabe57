import { formatEndpoint } from "../../model/endpoint.ts";
import { defineRule } from "../define-rule.ts";
import { type ActiveAttempt, activeUntried, excuse, offersInside, seenWaiting } from "../facts/active-refusals.ts";
import { quoteReply } from "../facts/quote.ts";
import { uncalled } from "../facts/uncalled.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendControl } from "../words/mend.ts";

/**
 * What the server's own system says where it does not let the call out: EPERM and EACCES of a policy (a sandbox, SELinux, the firewall of
 * Windows), and no route. A time-out or a refusal says nothing of the side.
 */
const HELD_BACK = /operation not permitted|permission denied|network is (?:unreachable|down)/i;

/** The server may not connect outward. */
export const portServerEgressBlocked = defineRule({
  id: "port-server-egress-blocked",
  title: "The server may not connect outward in active mode",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["port-client-firewall"],
  references: ["connect(2): EPERM, EACCES, ENETUNREACH", "https://github.com/stilliard/docker-pure-ftpd/issues/47"],
  meaning: [
    "In active mode the server connects to the client. Here its own system did not let it: a security policy or firewall of the server that forbids outgoing connections, or a missing route. No client can be served in active mode then, not even one with a public address and no firewall.",
    "To mend it, allow outgoing connections from the server's data port (20) in its firewall and in the cloud's rules, or use passive mode.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const hits = uncalled(facts).filter(isHeldBack);
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "likely",
      at: "server-firewall",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.address,
        offered: first.offered === null ? null : formatEndpoint(first.offered),
        reply: excuse(first),
      },
      because: hits.map(({ record }) => record.id),
      seen: [
        ...seenWaiting(hits, 1),
        ...(first.transfer?.exchange.replies.slice(-1).map((reply) => quoteReply(reply)) ?? []),
      ],
      rivals: [
        {
          cause: "port-client-firewall",
          toTellApart: `Watch on this machine (tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and src host ${first.address}') during a probe: a packet from the server means that its call does get out.`,
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `In active mode the server's own system does not let it call this machine (${args["reply"]}).`,
    explanation: `The server accepted ${args["offered"]}, and then reports that it was not allowed to connect, or has no route: that is said by its own system, before anything reaches the network. Passive mode needs no connection from the server.`,
    remedies: mendControl(facts, args, { firewall: ["allow-active-out"], client: ["use-passive"] }),
  }),
});

/** An inside address of ours has no route at the server by right: that is the client's NAT. */
function isHeldBack({ record }: ActiveAttempt): boolean {
  const said = excuse(record);
  return said !== null && HELD_BACK.test(said) && !offersInside(record);
}
