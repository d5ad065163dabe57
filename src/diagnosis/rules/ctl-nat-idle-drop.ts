import type { Remedy } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { type Hold, holdsOf, seenHold } from "../facts/holds.ts";
import { connectedAttempts, seenTransfers, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";

/** The data came whole, the closing reply never does. */
export const ctlNatIdleDrop = defineRule({
  id: "ctl-nat-idle-drop",
  title: "Closing reply never arrives after the data",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["https://github.com/patrickjuchli/basic-ftp/issues/123", "https://github.com/curl/curl/issues/15947"],
  meaning: [
    "The data connection carries its data and is ended in order, but the closing reply (226) never arrives on the control connection. During a long transfer the control connection is silent; a NAT or firewall on the way may forget it, and what the server says afterwards is lost. After a short transfer the server itself is the more likely culprit.",
    "To mend it, let the control connection send keep-alives (TCP keep-alive or NOOP), or raise the idle limits of the NAT.",
  ].join("\n\n"),
  severity: (facts, args) => (args["idledMs"] === null ? severityOf(facts, modesIn(args)) : "warning"),
  judge(facts) {
    const lost = holdsOf(facts).filter(({ fate, busyLived }) => fate === "lost" && busyLived !== false);
    const [forgotten] = lost;
    if (forgotten !== undefined) return judgeHold(forgotten, lost);
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    const hits = connected.filter(
      ({ transfer, final }) =>
        final === null &&
        transfer.exchange.outcome === "timed-out" &&
        transfer.dataOutcome === "ok" &&
        (transfer.bytes > 0 || transfer.exchange.replies.some(({ code }) => code < 200)),
    );
    if (hits.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "possible",
      at: "unknown",
      args: { ...transferArgs(hits), idledMs: null, everyMs: null },
      because: hits.map(({ record }) => record.id),
      seen: seenTransfers(hits),
      rivals: [
        {
          cause: "the server itself does not send the closing reply",
          toTellApart: "The server's log, or a packet capture on the server, shows whether it sent the 226.",
        },
      ],
    };
  },
  describe: (args) => ({
    ...(args["idledMs"] === null ? {} : { title: "A device on the way forgets idle control connections" }),
    summary:
      args["idledMs"] === null
        ? `The data comes (${args["bytes"]} bytes) and ends in order, but the server's closing reply never arrives.`
        : `A control connection that is idle for ${duration(Number(args["idledMs"]))} is dropped on the way without a word, so long transfers will seem to fail at their end.`,
    explanation:
      args["idledMs"] === null
        ? "The server said that it begins, sent its data and ended the data connection, but its final reply is missing. Clients wait for it and report a failure although the data is there."
        : `After ${duration(Number(args["idledMs"]))} of silence the control connection was dead, and nobody had said goodbye, as a server does (421).${args["everyMs"] === null ? "" : " One that was kept busy meanwhile lived on, so idleness is what killed it."} A NAT, firewall or load balancer on the way forgets connections that are idle. During a long transfer the control connection is idle: the closing reply then never arrives.`,
    remedies: [
      ...(args["idledMs"] === null ? [seeLog] : [raiseLimit, serverKeepAlive]),
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Let the client keep the control connection alive (curl: --keepalive-time 60; FileZilla: Settings > FTP > Send FTP keep-alive commands; WinSCP: Advanced > Connection > Keepalives).",
      },
    ],
  }),
});

const seeLog: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "medium",
  text: "See in the server's log whether it sent the closing reply. If it did, a device on the way has dropped the control connection meanwhile: raise its idle limit for TCP, or switch on TCP keep-alive on the server (sysctl net.ipv4.tcp_keepalive_time).",
};

const raiseLimit: Remedy = {
  who: "firewall-admin",
  product: "any",
  effort: "low",
  text: "Raise the time for which the NAT, firewall or load balancer remembers an idle TCP connection above the longest transfer (Linux: sysctl net.netfilter.nf_conntrack_tcp_timeout_established; AWS Network Load Balancer: 350 s by default; Azure Load Balancer: 4 minutes).",
};

const serverKeepAlive: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "low",
  text: "Where that device cannot be changed, let the server's system send keep-alives more often than it forgets. That reaches the connections of servers that ask for keep-alives.",
  commands: ["sysctl -w net.ipv4.tcp_keepalive_time=60 net.ipv4.tcp_keepalive_intvl=60"],
};

/** It died of being idle: nothing was said, and where a second one was kept busy it lived. */
function judgeHold(first: Hold, lost: readonly Hold[]): Judgement {
  const { record, busyLived } = first;
  return {
    kind: "present",
    confidence: busyLived === true ? "certain" : "likely",
    at: "path",
    args: {
      modes: [],
      peer: record.address,
      bytes: 0,
      code: null,
      reply: null,
      idledMs: record.idledMs,
      everyMs: busyLived === true ? (record.keptBusy?.everyMs ?? null) : null,
    },
    because: lost.map(({ record: { id } }) => id),
    seen: lost.flatMap(seenHold).slice(0, 3),
    rivals:
      busyLived === true
        ? []
        : [
            {
              cause: "ctl-closed-mid-session",
              toTellApart: "Does a connection that sends NOOP every 30 s live longer? Then being idle is what ends it.",
            },
          ],
  };
}
