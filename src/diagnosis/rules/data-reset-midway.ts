import type { ReplyRecord, TransferRecord } from "../../model/evidence.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { type Rung, rungs, seenRung } from "../facts/ladders.ts";
import { callsCutShort, connectedAttempts, seenTransfers, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf, uploadSeverity } from "../verdict/severity.ts";

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
  severity: (facts, args) => {
    if (args["direction"] === "upload") return uploadSeverity(facts);
    const severity = severityOf(facts, modesIn(args));
    // The modes work for what is short: what fails is long files.
    return args["direction"] === "download" && severity === "notice" ? "warning" : severity;
  },
  judge(facts) {
    const connected = connectedAttempts(facts);
    const climbed = rungs(facts);
    const cutShort = callsCutShort(facts);
    if (connected.length === 0 && climbed.length === 0 && cutShort.length === 0) {
      return { kind: "undetermined", missing: "no data connection was made" };
    }
    const hits = [...connected.filter(isCutMidway), ...cutShort.filter(hadBegun)];
    const cut = climbed.filter(isCutMidway);
    if (hits.length === 0) return cut.length === 0 ? { kind: "absent" } : judgeLadder(cut);
    const moved = hits.some(({ transfer }) => transfer.bytes > 0);
    return {
      kind: "present",
      confidence: moved ? "likely" : "possible",
      at: moved ? "middlebox" : "unknown",
      args: { ...transferArgs(hits), moved, direction: null },
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
        ? `The data connection was reset after ${args["bytes"]} bytes${args["direction"] === "upload" ? " of an upload" : ""}.`
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

/** What a transfer and its closing reply came to. */
type Carried = { transfer: TransferRecord; final: ReplyRecord | null };

function isCutMidway(carried: Carried): boolean {
  return carried.transfer.dataOutcome === "reset" && hadBegun(carried);
}

/**
 * The transfer had begun and the control connection lived on: where that was cut too, or the path was refused, the reset only follows.
 */
function hadBegun({ transfer: { bytes, exchange }, final }: Carried): boolean {
  if (exchange.outcome === "closed" || exchange.outcome === "reset") return false;
  if (final !== null && FILE_CODES.includes(final.code)) return false;
  return bytes > 0 || exchange.replies.some(({ code }) => code < 200);
}

/** Short transfers pass, and a longer one is cut: of those that were tried by size. */
function judgeLadder(cut: readonly Rung[]): Judgement {
  const [first] = cut;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "likely",
    at: "middlebox",
    args: {
      modes: [...new Set(cut.map(({ ladder }) => ladder.mode))],
      peer: first.ladder.address,
      bytes: first.transfer.bytes,
      code: first.final?.code ?? null,
      reply: first.text === "" ? null : first.text,
      moved: first.transfer.bytes > 0,
      direction: first.ladder.direction,
    },
    because: [...new Set(cut.map(({ ladder }) => ladder.id))],
    seen: cut.slice(0, 3).map(seenRung),
    rivals: [
      {
        cause: "data-aborted-by-server",
        toTellApart: "The server's log for this transfer: an error of its own, or a lost connection.",
      },
    ],
  };
}
