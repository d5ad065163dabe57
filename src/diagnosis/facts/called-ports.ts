import { DEFAULTS } from "../../model/defaults.ts";
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
  return facts.addresses.flatMap(({ calls, logins }) =>
    calls.map((call) => asCalled(call, loginsLeft(facts, logins.length) > 0)),
  );
}

function loginsLeft({ evidence: { policy, complete } }: Facts, made: number): number {
  // A run that was stopped was not ended by them.
  return complete ? (policy.maxLogins ?? DEFAULTS.maxLogins) - made : 1;
}

/** TCP tries a call again after a second (RFC 6298): who gives up before that got an answer, or could not call at all. */
const AT_ONCE_MS = 1_200;

/** Whether the server took the port and gave up calling it at once. */
function gaveUpAtOnce(trial: ActivePortTrial): boolean {
  const said = trial.accept === null ? (trial.reply?.code ?? null) : trial.finalCode;
  return stateOf(trial) === "blocked" && said === NO_DATA_CONNECTION && trial.ms < AT_ONCE_MS;
}

/** What it said in place of calling. */
function saidOf(trial: ActivePortTrial): string | null {
  const state = stateOf(trial);
  if (state === "refused" || (state === "blocked" && trial.accept === null)) return trial.reply?.text ?? null;
  return state === "blocked" || state === "cut" ? (trial.finalText ?? null) : null;
}

function asCalled(
  { address, family, mode, range, planned, trials }: ActivePortsRecord,
  hasLogins: boolean,
): ActiveReach {
  const states = trials.map((trial) => ({ trial, port: trial.port, state: stateOf(trial) }));
  const counts: Record<ActivePortState, number> = { works: 0, cut: 0, blocked: 0, refused: 0, busy: 0, untried: 0 };
  for (const { state } of states) counts[state] += 1;
  counts.untried += planned - trials.length;
  const intervals: ActiveReach["intervals"] = [];
  for (const { trial, port, state } of states) {
    const last = intervals.at(-1);
    const atOnce = gaveUpAtOnce(trial);
    if (last?.state === state && last.gaveUpAtOnce === atOnce) {
      last.to = port;
      last.tried = (last.tried ?? 0) + 1;
    } else intervals.push({ from: port, to: port, state, tried: 1, said: saidOf(trial), gaveUpAtOnce: atOnce });
  }
  const callers = trials.flatMap(({ calledFrom }) => calledFrom ?? []);
  const fromTwenty = callers.filter(({ port }) => port === FTP_DATA).length;
  return {
    address,
    family,
    mode,
    from: range.from,
    to: range.to,
    everyPort: counts.untried === 0 && planned === range.to - range.from + 1,
    counts,
    intervals,
    loginsWanted: counts.untried === 0 || hasLogins ? null : counts.blocked + counts.untried + 1,
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
  const { reply, accept, strangers, finalCode, finalText, ms } = trial;
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
            exchange: exchange("LIST", finalCode === null ? [] : [replyAt(finalCode, finalText ?? String(finalCode))]),
            ...{ over: null, dataOutcome: null, bytes: 0, firstByteMs: null, sample: "" },
          },
    timeline: [],
  };
}
