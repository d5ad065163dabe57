import type { Remedy, Rival } from "../../model/report.ts";
import { listed, size } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { type DataTls, dataTls, matrixTrials, noDataTls, seenDataTls, seenTrial } from "../facts/data-tls.ts";
import { demandsReuse } from "../facts/resumption.ts";
import { connectedAttempts, seenTransfers } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendControl } from "../words/mend.ts";

/** The data connection is made, and TLS never comes about on it. */
export const dataTlsHandshakeBlocked = defineRule({
  id: "data-tls-handshake-blocked",
  title: "Data connections open, and TLS never begins on them",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: ["data-connect-no-data", "data-reset-midway"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/drakkan/sftpgo/issues/382"],
  meaning: [
    "The control connection is under TLS and data connections open, but the TLS handshake on them gets no answer or is cut off. A device on the way lets only what looks like plain FTP data through, or expects a PROXY header; or what answers on the data port is not the server.",
    "To mend it, exempt the passive range from inspection, and use no PROXY protocol on data ports. If a transfer in clear (PROT C) arrives over the same ports, it is the inspection.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts): Judgement {
    const nothing = noDataTls(facts);
    if (nothing !== null) return nothing;
    const begun = dataTls(facts);
    const hits = begun.filter(isBlocked);
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const others = begun.filter(
      ({ record, tls }) => record.address === first.record.address && tls.handshake.outcome === "ok",
    );
    // Where some of one address get through, it is no rule about TLS; another mode may go another way.
    if (others.some(({ record }) => hits.some((hit) => hit.record.mode === record.mode))) return { kind: "absent" };
    const inClear = connectedAttempts(facts).filter(
      ({ record, summary, transfer }) =>
        record.address === first.record.address &&
        transfer.tls == null &&
        (summary.result === "works" || summary.result === "repaired"),
    );
    const protC = matrixTrials(facts).filter(({ trial, result }) => trial.what === "prot-c" && result === "works");
    const compared = inClear.length + protC.length > 0;
    // Whoever sends a part of the answer, and does not go on, is let through.
    const cameBytes = Math.max(
      ...hits.map(({ tls: { handshake } }) => (handshake.outcome === "timed-out" ? (handshake.receivedBytes ?? 0) : 0)),
    );
    return {
      kind: "present",
      confidence: compared && cameBytes === 0 && hits.length > 1 ? "likely" : "possible",
      at: compared && cameBytes === 0 ? "middlebox" : "unknown",
      args: {
        protection: "tls",
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        outcome: first.tls.handshake.outcome,
        compared,
        cameBytes,
      },
      because: [
        ...new Set([
          ...hits.map(({ record }) => record.id),
          ...inClear.map(({ record }) => record.id),
          ...protC.map(({ matrix }) => matrix.id),
        ]),
      ],
      seen: [
        ...new Set(hits.slice(0, 2).map(seenDataTls)),
        ...seenTransfers(inClear.slice(0, 1)).map((line) => `in clear: ${line}`),
        ...protC.slice(0, 1).map(seenTrial),
      ].slice(0, 4),
      rivals: [
        ...(cameBytes === 0 ? [] : [SLOW_OR_CUT]),
        {
          cause: "data-tls-prot-mismatch",
          toTellApart:
            "The server's log: did it take the connection, and did it begin TLS? If it waits to send in clear, it agreed to PROT P and does not keep to it.",
        },
        ...(compared
          ? []
          : [
              {
                cause: "data-connect-no-data",
                toTellApart:
                  "Probe in clear text as well (--allow-cleartext, with a login that may be seen): if no data comes there either, it is not a matter of TLS.",
              },
            ]),
      ],
    };
  },
  describe: (args, facts) => {
    const modes = listed(modesIn(args).map((mode) => mode.toUpperCase()));
    const begun = Number(args["cameBytes"] ?? 0) > 0;
    const answer = begun
      ? `of the handshake on them only ${size(Number(args["cameBytes"]))} came before the limit passed`
      : `the handshake on them ${args["outcome"] === "timed-out" ? "gets no answer" : "is cut off"}`;
    const compared = args["compared"] === true;
    return {
      ...(begun ? { title: "Data connections open, and TLS on them does not come to its end" } : {}),
      summary: `Under TLS the data connections of ${modes} open, and ${answer}${compared ? ", while in clear text data comes over them" : ""}.`,
      explanation: begun
        ? `The control connection to ${args["peer"]} is under TLS, so both sides can speak it. On the data connection the handshake began and did not end${compared ? "; without TLS the same way carries data" : ""}.`
        : `The control connection to ${args["peer"]} is under TLS, so both sides can speak it. On the data connection nothing like it came back${compared ? "; without TLS the same way carries data. A device that lets through only what looks like FTP data does that" : ""}.`,
      remedies: begun ? [lookAtServer] : mendControl(facts, args, { firewall: ["tls-inspection"] }),
    };
  },
});

const lookAtServer: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "medium",
  text: "Look into the server's log at that time, and transfer on the server itself (127.0.0.1): where the handshake is slow or hangs there too, it is the server; where it does not, the line loses packets of full size (clamp the TCP segment size on the router) or is slow.",
};

const SLOW_OR_CUT: Rival = {
  cause: "a slow line, or one that loses packets of full size",
  toTellApart:
    "Does it work with --timeout 60, or with a smaller segment size (ip route change default via ROUTER advmss 1200)?",
};

/** No answer, or an end, before anything of TLS was heard; a server that complains of the session did hear us. */
function isBlocked(attempt: DataTls): boolean {
  const { outcome, alert, foreign } = attempt.tls.handshake;
  if (alert !== null || foreign !== null || demandsReuse(attempt)) return false;
  if (outcome === "timed-out" || outcome === "reset") return true;
  // What the server itself refuses (425 for the address, 550 for the path) it hangs up on.
  return outcome === "closed" && attempt.final === null;
}
