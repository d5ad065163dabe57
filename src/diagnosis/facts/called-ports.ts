import type { ActivePortsRecord, ActivePortTrial } from "../../model/evidence.ts";
import type { ActivePortState, ActiveReach } from "../../model/report.ts";
import type { Facts } from "./facts.ts";

/** The port that RFC 959 (section 3.2) has servers call from. */
const FTP_DATA = 20;

/** What became of one of our ports. */
function stateOf({ listen, reply, accept, dataOutcome, finalCode }: ActivePortTrial): ActivePortState {
  if (listen !== "ok") return listen === "cancelled" ? "untried" : "busy";
  if (accept === "connected") {
    return dataOutcome === "ok" && finalCode !== null && finalCode < 300 ? "works" : "cut";
  }
  if (accept === "cancelled" || reply === null) return "untried";
  // The server refuses the port, or the listing for a reason of its own.
  if (accept === null) return "refused";
  return "blocked";
}

/** Which of our ports the server could call, at each address where that was tried. */
export function calledPorts(facts: Facts): ActiveReach[] {
  return facts.addresses.flatMap(({ calls }) => calls.map(reachOf));
}

function reachOf({ address, family, mode, range, planned, trials }: ActivePortsRecord): ActiveReach {
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
