import type { ActivePortsRecord, ActivePortTrial, ActiveRecord, Exchange } from "../../model/evidence.ts";
import type { ActivePortState, ActiveReach } from "../../model/report.ts";
import type { Facts } from "./facts.ts";

/** The port that RFC 959 (section 3.2) has servers call from. */
const FTP_DATA = 20;
/** RFC 959 section 4.2.1: can't open data connection. */
const NO_DATA_CONNECTION = 425;

/** What became of one of our ports. */
function stateOf({ listen, reply, accept, dataOutcome, finalCode }: ActivePortTrial): ActivePortState {
  if (listen !== "ok") return listen === "cancelled" ? "untried" : "busy";
  if (accept === "connected") {
    return dataOutcome === "ok" && finalCode !== null && finalCode < 300 ? "works" : "cut";
  }
  if (accept === "cancelled" || reply === null) return "untried";
  // Some servers call before they answer (pyftpdlib, Twisted): 425 says that nobody took the call.
  if (accept === null && reply.code === NO_DATA_CONNECTION) return "blocked";
  // The server refuses the port, or the listing for a reason of its own.
  if (accept === null) return "refused";
  return "blocked";
}

/** Which of our ports the server could call, at each address where that was tried. */
export function calledPorts(facts: Facts): ActiveReach[] {
  return facts.addresses.flatMap(({ calls }) => calls.map(asCalled));
}

function asCalled({ address, family, mode, range, planned, trials }: ActivePortsRecord): ActiveReach {
  const states = trials.map((trial) => ({ port: trial.port, state: stateOf(trial) }));
  const counts: Record<ActivePortState, number> = { works: 0, cut: 0, blocked: 0, refused: 0, busy: 0, untried: 0 };
  for (const { state } of states) counts[state] += 1;
  counts.untried += planned - trials.length;
  const intervals: ActiveReach["intervals"] = [];
  for (const { port, state } of states) {
    const last = intervals.at(-1);
    if (last?.state === state) last.to = port;
    else intervals.push({ from: port, to: port, state });
  }
  const callers = trials.flatMap(({ calledFrom }) => calledFrom ?? []);
  const fromTwenty = callers.filter(({ port }) => port === FTP_DATA).length;
  return {
    address,
    family,
    mode,
    from: range.from,
    to: range.to,
    everyPort: planned === range.to - range.from + 1,
    counts,
    intervals,
    fromPort20:
      callers.length === 0 ? null : fromTwenty === callers.length ? "always" : fromTwenty === 0 ? "never" : "sometimes",
    strangers: [...new Set(trials.flatMap(({ strangers }) => strangers))],
  };
}

/**
 * The trials in which no call came, laid out as attempts of active mode, so that they are judged as any other; what was not kept of
 * them is empty. `own` is the address that we named.
 */
export function revivedCalls(calls: readonly ActivePortsRecord[], own: string | null): ActiveRecord[] {
  return calls.flatMap((record) =>
    record.trials.flatMap((trial) => {
      const state = stateOf(trial);
      return state === "blocked" || state === "refused" ? [revived(record, trial, own)] : [];
    }),
  );
}

function revived(record: ActivePortsRecord, trial: ActivePortTrial, own: string | null): ActiveRecord {
  const { range: _range, planned: _planned, trials: _trials, ...base } = record;
  const { reply, accept, strangers, finalCode, ms } = trial;
  const replyAt = (code: number, text: string) => ({ code, lines: [text], oddities: [], atMs: record.startedMs });
  const exchange = (command: string, replies: Exchange["replies"]): Exchange => ({
    command,
    sentMs: record.startedMs,
    outcome: replies.length === 0 ? "timed-out" : "ok",
    replies,
    ms: 0,
  });
  const unmeasured = { code: null, ms: 0, limitMs: 0 };
  return {
    ...base,
    experiment: "active",
    listen: { ...unmeasured, outcome: trial.listen },
    offered: own === null ? null : { address: own, port: trial.port },
    exchange: reply === null ? null : exchange(record.mode.toUpperCase(), [replyAt(reply.code, reply.text)]),
    accept: accept === null ? null : { ...unmeasured, outcome: accept, ms },
    calledFrom: null,
    strangers: strangers.map((address) => ({ address, port: 0 })),
    transfer:
      accept === null
        ? null
        : {
            exchange: exchange("LIST", finalCode === null ? [] : [replyAt(finalCode, String(finalCode))]),
            ...{ over: null, dataOutcome: null, bytes: 0, firstByteMs: null, sample: "" },
          },
    timeline: [],
  };
}
