import { formatEndpoint } from "../../model/endpoint.ts";
import type { ActivePortState, ActiveReach, Rival } from "../../model/report.ts";
import { duration, listed, triedInWords } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { activeUntried, excuse, offersInside, seenWaiting } from "../facts/active-refusals.ts";
import { calledPorts } from "../facts/called-ports.ts";
import { quoteReply } from "../facts/quote.ts";
import { uncalled } from "../facts/uncalled.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendActive } from "../words/mend.ts";

/** PORT is accepted, and the server's call never arrives. */
export const portClientFirewall = defineRule({
  id: "port-client-firewall",
  title: "The server's call in active mode does not arrive",
  since: "0.1.0",
  needs: ["active"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/microsoft/WSL/issues/2973", "learn.microsoft.com dd421710"],
  meaning: [
    "In active mode the server connects to the client. It accepted the address and port offered, but its connection never arrived. Most likely a firewall on or in front of the client drops it, as firewalls do with connections from outside; it may also be that the server's own firewall does not let it connect outward.",
    "Use passive mode, which needs no connection from outside. Where active mode is needed, allow connections from the server's port 20 at the client's firewall.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["eprt", "port"]),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const hits = uncalled(facts).filter(({ record }) => !offersInside(record));
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    const said = excuse(first);
    const otherWorks = facts.active.some(({ summary }) => summary.result === "works");
    const reaches = calledPorts(facts).filter(({ address }) => address === first.address);
    const border = bordersOf(reaches);
    const stopped = reaches.flatMap(({ intervals }) => intervals.filter(({ state }) => state === "blocked"));
    const busy = stopped.length > 0 && stopped.every(({ gaveUpAtOnce }) => gaveUpAtOnce === true) && !saysRefused(said);
    return {
      kind: "present",
      confidence: otherWorks || busy ? "possible" : "likely",
      at: "client-firewall",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        ...border,
        peer: first.address,
        offered: first.offered === null ? null : formatEndpoint(first.offered),
        client: first.offered?.address ?? null,
        waitedMs: (first.accept ?? first.exchange)?.ms ?? null,
        answered: first.accept !== null,
        // "refused" in the server's words: our side answered with a reset, so the call did reach this network.
        refusedHere: saysRefused(said),
      },
      because: hits.map(({ record }) => record.id),
      seen: [
        ...seenWaiting(hits, 2),
        ...(said === null || first.transfer === null
          ? []
          : first.transfer.exchange.replies.slice(-1).map((reply) => quoteReply(reply))),
      ],
      rivals: [
        ...(busy ? [stillCalling] : []),
        {
          cause: "port-server-egress-blocked",
          toTellApart: `Watch on this machine (tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and src host ${first.address}') during a probe: a packet from the server means a firewall here; none at all means that the server's side, or a firewall on the way, holds it back.`,
        },
      ],
    };
  },
  describe: (args, facts) => ({
    ...(args["called"] === undefined ? {} : { title: "The server cannot call every port of this machine" }),
    summary:
      callsInWords(args) ??
      (args["refusedHere"]
        ? "In active mode the server's connection to this machine is refused by a firewall on this side."
        : `In active mode the server ${args["answered"] === false ? "is told a port" : "accepts the port offered"}, but its connection never reaches this machine.`),
    explanation: `The server ${args["answered"] === false ? "answers only once it has called" : "accepted"} ${args["offered"]}${args["waitedMs"] === null ? "" : ` and nobody called within ${duration(Number(args["waitedMs"]))}`}. A firewall before this machine that drops connections from outside is the usual reason. Passive mode needs no connection from outside.`,
    remedies: mendActive(facts, args),
  }),
});

function saysRefused(said: string | null): boolean {
  return said !== null && /refused/i.test(said);
}

/** From its port 20 a server can call a port of ours only once at a time. */
const stillCalling: Rival = {
  cause: "the server is still busy with calls to the same ports of a run shortly before",
  toTellApart: "Wait two minutes, then run it again: if the calls arrive then, nothing stops them any more.",
};

/** More of them are counted. */
const NAMED_AT_MOST = 4;

/** Which of our ports can be called and which cannot, where they were tried one by one; nothing where none was. */
function bordersOf(reaches: readonly ActiveReach[]): Args {
  if (reaches.length === 0) return {};
  const ranges = (...states: readonly ActivePortState[]): string[] => {
    const all = reaches.flatMap(({ intervals }) => intervals.filter(({ state }) => states.includes(state)));
    return all.length > NAMED_AT_MOST
      ? [...all.slice(0, NAMED_AT_MOST - 1).map(triedInWords), `${all.length - NAMED_AT_MOST + 1} stretches more`]
      : all.map(triedInWords);
  };
  return { called: ranges("works", "cut"), uncalled: ranges("blocked") };
}

/** The border between ports that can be called and ports that cannot; null where single ports were not in question. */
function callsInWords({ called, uncalled }: Args): string | null {
  if (!Array.isArray(called) || !Array.isArray(uncalled)) return null;
  const [open, closed] = [called, uncalled].map((ranges) => listed(ranges.map(String)));
  return called.length === 0
    ? `In active mode the server can call none of this machine's ports that were tried: no call arrives at ${closed}.`
    : `In active mode the server can call this machine's ports ${open}, and no call arrives at ${closed}: a firewall lets in a part of them alone.`;
}
