import { defineRule } from "../define-rule.ts";
import { modesIn, severityOf } from "../severity.ts";
import { type ConnectedAttempt, connectedAttempts, seenTransfers, transferArgs } from "../transfers.ts";

/** RFC 959 section 4.2.2: 450 and 550, file unavailable; 553, name not allowed. */
const FILE_CODES: readonly number[] = [450, 550, 553];

/** The data connection is torn down while data moves. */
export const dataResetMidway = defineRule({
  id: "data-reset-midway",
  title: "Data connection is reset during the transfer",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["https://github.com/robinrodricks/FluentFTP/issues/1684"],
  meaning: [
    "The data connection was open, then it was reset instead of being ended in order. Where always the same file fails at the same place, a virus scanner, intrusion prevention or data-loss filter on the way does it because of the content. Otherwise the server's own process may have died.",
    "To tell, transfer random data of the same size, or the same file packed or over TLS: if that passes, exempt the transfer in the filter.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    const hits = connected.filter(isCutMidway);
    if (hits.length === 0) return { kind: "absent" };
    const moved = hits.some(({ transfer }) => transfer.bytes > 0);
    return {
      kind: "present",
      confidence: moved ? "likely" : "possible",
      at: moved ? "middlebox" : "unknown",
      args: { ...transferArgs(hits), moved },
      because: hits.map(({ record }) => record.id),
      seen: seenTransfers(hits),
      rivals: [
        {
          cause: "data-aborted-by-server",
          toTellApart: "The server's log for this transfer: an error of its own, or a lost connection.",
        },
        ...(moved
          ? []
          : [
              {
                cause: "pasv-peer-ip-mismatch",
                toTellApart:
                  "The server's log says whether it rejected the address from which the data connection came.",
              },
            ]),
      ],
    };
  },
  describe: (args) => ({
    summary:
      args["moved"] === true
        ? `The data connection was reset after ${args["bytes"]} bytes.`
        : "The data connection was accepted and then reset before any data came.",
    explanation:
      "An orderly transfer ends with the data connection being closed and a closing reply. Here it was reset: by a device on the way that did not like what it saw, or by the server's end dying.",
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Exempt this server's FTP transfers from virus scanning, intrusion prevention and data-loss filters on the way, and probe again.",
      },
    ],
  }),
});

/**
 * The transfer had begun and the control connection lived on: where that was cut too, or the path was refused, the reset only follows.
 */
function isCutMidway({ transfer, final }: ConnectedAttempt): boolean {
  const { dataOutcome, bytes, exchange } = transfer;
  if (dataOutcome !== "reset" || exchange.outcome === "closed" || exchange.outcome === "reset") return false;
  if (final !== null && FILE_CODES.includes(final.code)) return false;
  return bytes > 0 || exchange.replies.some(({ code }) => code < 200);
}
