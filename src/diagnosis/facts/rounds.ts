import { familyOf } from "../../model/endpoint.ts";
import type {
  ActiveRecord,
  Evidence,
  Exchange,
  PassiveRecord,
  RoundAnswer,
  RoundAttempt,
  RoundRecord,
  RoundTransfer,
  RoundVisit,
  TransferRecord,
} from "../../model/evidence.ts";
import type { ModeSummary } from "../../model/report.ts";
import { digest } from "../../rounds/digest.ts";
import { summariseAttempt } from "./mode-table.ts";
import { type PassiveAttempt, passiveAttempt } from "./passive-facts.ts";

/** One round of a repeated run; the first is the run itself. */
export interface RoundFacts extends Pick<RoundRecord, "resolved" | "visits"> {
  /** Its number, from 1. */
  ordinal: number;
  /** Id of its record; null for the run itself. */
  id: string | null;
  /** Whether it was made to its end. */
  whole: boolean;
  /** Rows of the mode table as it would be if this round were all. */
  rows: ModeSummary[];
  /** Its passive attempts as rules look at them; none for the run itself, whose own facts say more. */
  passive: PassiveAttempt[];
}

/** Every round, the run itself first; none where nothing was repeated. */
export function roundsOf(evidence: Evidence, ownRows: readonly ModeSummary[]): RoundFacts[] {
  const { rounds = [], experiments } = evidence;
  if (rounds.length === 0) return [];
  const own = digest(experiments.filter((record) => record.status !== "skipped" || "mode" in record));
  return [
    { ...own, ordinal: 1, id: null, whole: true, rows: [...ownRows], passive: [] },
    ...rounds.map((round): RoundFacts => {
      const records = round.visits.flatMap((visit) => visit.attempts.map((attempt) => revived(attempt, visit, round)));
      const summaries = records.map((record) => ({ record, summary: summariseAttempt(record) }));
      return {
        resolved: round.resolved,
        visits: round.visits,
        ordinal: round.ordinal,
        id: round.id,
        whole: round.status === "done",
        rows: summaries.map(({ summary }) => summary),
        passive: summaries.flatMap(({ record, summary }) =>
          record.experiment === "passive" && record.status === "done" ? [passiveAttempt(record, summary)] : [],
        ),
      };
    }),
  ];
}

/** What was kept of an attempt, laid out as its record, so that it is judged as any other; what was not kept is empty. */
function revived(attempt: RoundAttempt, visit: RoundVisit, round: RoundRecord): PassiveRecord | ActiveRecord {
  const { mode, endpoint, command, transfer } = attempt;
  const base = {
    id: round.id,
    startedMs: round.startedMs,
    durationMs: attempt.ms,
    status: attempt.status,
    note: attempt.note,
    address: visit.address,
    family: familyOf(visit.address),
    protection: attempt.protection,
    session: attempt.session,
    timeline: [],
    transfer: transfer === null ? null : revivedTransfer(transfer, round),
  };
  const exchange = command === null ? null : revivedExchange(mode.toUpperCase(), command, round);
  const unmeasured = { code: null, ms: 0, limitMs: 0 };
  if (mode === "epsv" || mode === "pasv") {
    return {
      ...base,
      experiment: "passive",
      mode,
      offer: exchange === null ? null : { exchange, advertised: endpoint, oddities: [], problem: null },
      dialled: attempt.dialled.map((dial) => ({ ...unmeasured, ...dial, startedMs: round.startedMs })),
    };
  }
  return {
    ...base,
    experiment: "active",
    mode,
    listen: { ...unmeasured, outcome: endpoint === null ? "local-error" : "ok" },
    offered: endpoint,
    exchange,
    accept: attempt.accept === null ? null : { ...unmeasured, outcome: attempt.accept },
    calledFrom: attempt.calledFrom,
    strangers: [],
  };
}

function revivedExchange(command: string, { outcome, code, text }: RoundAnswer, round: RoundRecord): Exchange {
  const replies = code === null ? [] : [{ code, lines: [text], oddities: [], atMs: round.startedMs }];
  return { command, sentMs: round.startedMs, outcome, replies, ms: 0 };
}

function revivedTransfer(transfer: RoundTransfer, round: RoundRecord): TransferRecord {
  const { over, dataOutcome, bytes } = transfer;
  const exchange = revivedExchange("LIST", transfer, round);
  return { exchange, over, dataOutcome, bytes, firstByteMs: null, sample: "" };
}
