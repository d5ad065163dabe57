import type { TimeSource } from "../../src/system/clock.ts";

/** Turns of the event loop without news after which everybody is taken to be waiting for time to pass. */
const QUIET_TURNS = 4;

interface Alarm {
  atMs: number;
  ring: () => void;
  takenBack: boolean;
}

/**
 * Time that only passes when nobody has anything left to do: it then jumps to the next alarm. Minutes of limits take
 * milliseconds, and what happens depends on the alarms alone. Real work that takes real time (files, processes, real
 * sockets) is not waited for: keep it out of simulated tests.
 */
export function virtualTime(start: Date = new Date("2024-05-01T12:00:00Z")): TimeSource {
  const alarms: Alarm[] = [];
  let nowMs = 0;
  // Grows with every alarm set or taken back: the sign that somebody is still at work.
  let activity = 0;
  let turning = false;

  const turnWhileAlarmsAreSet = () => {
    if (turning) return;
    turning = true;
    let seen = activity;
    let quiet = 0;
    const turn = () => {
      while (alarms[0]?.takenBack === true) alarms.shift();
      const next = alarms[0];
      if (next === undefined) {
        turning = false;
        return;
      }
      quiet = activity === seen ? quiet + 1 : 0;
      seen = activity;
      // Alarms of one instant need no quiet between them: none of them can be the consequence of another's.
      if (quiet >= QUIET_TURNS || next.atMs === nowMs) {
        alarms.shift();
        nowMs = next.atMs;
        activity += 1;
        next.ring();
      }
      setImmediate(turn);
    };
    setImmediate(turn);
  };

  return {
    now: () => nowMs,
    date: () => new Date(start.getTime() + nowMs),
    after: (ms, ring) => {
      const alarm: Alarm = { atMs: nowMs + Math.max(0, ms), ring, takenBack: false };
      if (Number.isFinite(alarm.atMs)) insert(alarms, alarm);
      activity += 1;
      turnWhileAlarmsAreSet();
      return () => {
        alarm.takenBack = true;
        activity += 1;
      };
    },
  };
}

/** Keeps the alarms in order of time, those of one instant in order of arrival. */
function insert(alarms: Alarm[], alarm: Alarm): void {
  let low = 0;
  let high = alarms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((alarms[middle]?.atMs ?? 0) <= alarm.atMs) low = middle + 1;
    else high = middle;
  }
  alarms.splice(low, 0, alarm);
}
