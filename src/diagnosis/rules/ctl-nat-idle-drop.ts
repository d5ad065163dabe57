import { defineRule } from "../define-rule.ts";
import { modesIn, severityOf } from "../severity.ts";
import { connectedAttempts, seenTransfers, transferArgs } from "../transfers.ts";

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
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
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
      args: transferArgs(hits),
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
    summary: `The data comes (${args["bytes"]} bytes) and ends in order, but the server's closing reply never arrives.`,
    explanation:
      "The server said that it begins, sent its data and ended the data connection, but its final reply is missing. Clients wait for it and report a failure although the data is there.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "See in the server's log whether it sent the closing reply. If it did, a device on the way has dropped the control connection meanwhile: raise its idle limit for TCP, or switch on TCP keep-alive on the server (sysctl net.ipv4.tcp_keepalive_time).",
      },
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Let the client keep the control connection alive (curl: --keepalive-time 60; FileZilla: Settings > FTP > Send FTP keep-alive commands).",
      },
    ],
  }),
});
