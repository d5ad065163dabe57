import type {
  ActiveRecord,
  DataTlsRecord,
  Exchange,
  MatrixTrial,
  PassiveRecord,
  SecureRecord,
  TlsMatrixRecord,
} from "../../model/evidence.ts";
import { hexOf, isText } from "../../model/raw-bytes.ts";
import { size } from "../../model/words.ts";
import type { Judgement } from "../define-rule.ts";
import { type Facts, lastReply } from "./facts.ts";
import { summariseAttempt } from "./mode-table.ts";
import { quoteExchange } from "./quote.ts";
import { textOf } from "./refusals.ts";
import { everyPassive } from "./repeated-offers.ts";
import { type ConnectedAttempt, connectedAmong } from "./transfers.ts";

/** An attempt that had a data connection on which TLS was begun. */
export type DataTls = ConnectedAttempt & {
  /** What became of TLS on it. */
  tls: DataTlsRecord;
};

/** Every data connection of an attempt or repeated offer on which TLS was begun; those that the end of the run stopped are left out. */
export function dataTls(facts: Facts): DataTls[] {
  return connectedAmong([...everyPassive(facts), ...facts.active]).flatMap((attempt) => {
    const { tls } = attempt.transfer;
    return tls == null || tls.handshake.outcome === "cancelled" ? [] : [{ ...attempt, tls }];
  });
}

/** Why nothing can be said of TLS on data connections; null where it was tried. */
export function noDataTls(facts: Facts): Judgement | null {
  if (dataTls(facts).length > 0 || matrixTrials(facts).length > 0) return null;
  return facts.addresses.some(({ secures }) => secures.length > 0)
    ? { kind: "undetermined", missing: "TLS was begun on no data connection" }
    : { kind: "not-applicable", reason: "the control connection was not put under TLS" };
}

/** One transfer of a comparison, and what it came to. */
export interface Trial {
  /** The comparison it belongs to. */
  matrix: TlsMatrixRecord;
  /** The transfer. */
  trial: MatrixTrial;
  /**
   * `works`: it moved data. `refused`: it had a data connection, and the server or TLS on it said no. `open`: it was
   * not come to, or failed before TLS.
   */
  result: "works" | "refused" | "open";
  /** Text of the closing reply; empty where none came. */
  text: string;
}

/** Every transfer of every comparison, in order. */
export function matrixTrials(facts: Facts): Trial[] {
  return facts.addresses.flatMap(({ tlsMatrices }) =>
    tlsMatrices.flatMap((matrix) =>
      matrix.trials.map((trial) => {
        const reply = lastReply(trial.transfer?.exchange ?? null);
        return { matrix, trial, result: resultOf(matrix, trial), text: reply === null ? "" : textOf(reply) };
      }),
    ),
  );
}

function resultOf({ trials: _, ...base }: TlsMatrixRecord, trial: MatrixTrial): Trial["result"] {
  const { offer, dialled, transfer } = trial;
  if (offer === null || transfer === null) return "open";
  // Bytes that flow have passed TLS, whether or not they end in the short time of a comparison.
  if (transfer.dataOutcome === "protocol-error") return "works";
  const record: PassiveRecord = {
    ...base,
    offer,
    dialled,
    transfer,
    status: "done",
    experiment: "passive",
    timeline: [],
  };
  const { result, stage } = summariseAttempt(record);
  if (result === "works" || result === "repaired") return "works";
  return (result === "blocked" || result === "refused") && (stage === "tls" || stage === "transfer")
    ? "refused"
    : "open";
}

/** The listings without encryption that were tried for comparison and arrived. */
export function listingsInClear(facts: Facts): Trial[] {
  return matrixTrials(facts).filter(({ trial, result }) => trial.what === "prot-c" && result === "works");
}

/** A command for protected data connections, and where it got no answer. */
export interface UnansweredProt {
  /** The attempt it belongs to. */
  secure: SecureRecord;
  /** PROT P, or PBSZ 0 before it. */
  exchange: Exchange;
}

/**
 * PBSZ or PROT P was left without an answer for its whole limit. That the connection ended there is its work as well only where a
 * session without it went on.
 */
export function unansweredProt(facts: Facts): UnansweredProt[] {
  const inClear = listingsInClear(facts);
  return facts.addresses.flatMap(({ address, secures }) =>
    secures.flatMap((secure) => {
      const exchange = secure.prot ?? secure.pbsz;
      const cut = exchange?.outcome === "closed" || exchange?.outcome === "reset";
      const alone = inClear.some(({ matrix }) => matrix.address === address);
      return exchange?.outcome === "timed-out" || (cut && alone) ? [{ secure, exchange }] : [];
    }),
  );
}

/** Whether a comparison has such a transfer that came to this. */
export function came(trials: readonly Trial[], what: MatrixTrial["what"], result: Trial["result"]): boolean {
  return trials.some(({ trial, result: own }) => trial.what === what && own === result);
}

/** What became of TLS on a data connection, and what the server said, as `seen`. */
export function seenDataTls({
  record,
  transfer,
}: {
  record: Pick<PassiveRecord | ActiveRecord, "mode">;
  transfer: ConnectedAttempt["transfer"];
}): string {
  return `${record.mode.toUpperCase()}: ${handshakeInWords(transfer.tls)}; ${quoteExchange(transfer.exchange)}`;
}

/** A transfer of a comparison as `seen`. */
export function seenTrial({ matrix, trial }: Trial): string {
  const { transfer, prot } = trial;
  const version = matrix.version ?? "TLS";
  if (transfer === null)
    return `${version}, ${trial.what}: ${prot === null ? "no data connection" : quoteExchange(prot)}`;
  return `${version}, ${trial.what}: ${handshakeInWords(transfer.tls)}; ${quoteExchange(transfer.exchange)}`;
}

function handshakeInWords(tls: DataTlsRecord | null | undefined): string {
  if (tls == null) return "in clear";
  const { outcome, alert, agreed, foreign, receivedBytes = 0 } = tls.handshake;
  if (agreed !== null) return `${agreed.version}, session ${agreed.resumed ? "resumed" : "not resumed"}`;
  if (foreign !== null) {
    return isText(foreign)
      ? "clear text in place of TLS"
      : `neither TLS nor text; first bytes (hex): ${hexOf(foreign)}`;
  }
  if (outcome === "timed-out" && receivedBytes > 0) return `handshake not ended, ${size(receivedBytes)} came`;
  return `handshake ${alert === null ? outcome : `refused (${alert})`}`;
}
