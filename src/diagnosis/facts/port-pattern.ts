/** How a port that does not open answers: `filtered` with silence, `refused` with a reset, `rejected` with an ICMP error. */
export type Closed = "filtered" | "refused" | "rejected";

/** What the pattern of the answers is read from: one port and how it answered. */
export interface AnsweredPort {
  /** Port number. */
  port: number;
  /** Mode in which it was offered. */
  mode: "epsv" | "pasv";
  /** How it answered. */
  answer: Closed | "open";
  /** When the dial began and when all that came of it was over, in milliseconds since the start of the run. */
  fromMs: number;
  /** See `fromMs`. */
  toMs: number;
}

/** Ports that open and ports that do not, each sorted, each number once. */
export interface SplitPorts {
  /** Those that opened. */
  open: number[];
  /** Those that did not. */
  closed: number[];
}

/** How the ports offered at one address answer, seen as a whole: exactly one of these fits. */
export type PortPattern =
  /** All open. */
  | { kind: "open" }
  /** None does; where the answers differ, the more frequent one, silence among equals. */
  | { kind: "closed"; state: Closed }
  /** Those of one mode open and those of the other are silent. `separate`: their numbers do not mix, so the number may decide as well. */
  | { kind: "by-mode"; silent: "epsv" | "pasv"; separate: boolean }
  /** Those of one mode open and those of the other refuse, each time: its reply names another port than the one that is open. */
  | { kind: "misnamed"; refusing: "epsv" | "pasv" }
  /** Nearly all lie close together and open, a few lie far away and do not. */
  | ({ kind: "outliers" } & SplitPorts)
  /** The number decides: the open ones lie together, or the others do. `chance`: how likely it is that chance draws it so. */
  | ({ kind: "by-number"; chance: number } & SplitPorts)
  /** Those dialled soon after a success fail, those dialled after a pause open. */
  | { kind: "by-turn" }
  /** No order is to be seen in it. */
  | ({ kind: "at-random" } & SplitPorts);

/** Up to this, chance is hardly an explanation any more: three ports on either side of a border make just as much. */
export const UNLIKELY = 0.1;
/** A dial that begins so soon after a success met a server that had no pause. */
const AT_ONCE_MS = 700;
/** After so long a server that needs a pause has had it. */
const RESTED_MS = 1000;

/** The pattern in the answers of one address; there must be at least one. */
export function patternOf(answered: readonly AnsweredPort[]): PortPattern {
  const open = answered.filter(({ answer }) => answer === "open");
  const closed = answered.filter(({ answer }) => answer !== "open");
  if (closed.length === 0) return { kind: "open" };
  if (open.length === 0) return { kind: "closed", state: mostFrequent(closed) };
  const split = { open: numbersOf(open), closed: numbersOf(closed) };
  const byMode = modeDecides(open, closed, split);
  if (byMode !== null) return byMode;
  const refusing = misnames(open, closed, split);
  if (refusing !== null) return { kind: "misnamed", refusing };
  const chance = chanceOfOrder(split);
  if (chance !== null && areOutliers(split)) return { kind: "outliers", ...split };
  if (chance !== null && chance <= UNLIKELY) return { kind: "by-number", chance, ...split };
  if (turnDecides(answered)) return { kind: "by-turn" };
  return chance === null ? { kind: "at-random", ...split } : { kind: "by-number", chance, ...split };
}

function mostFrequent(closed: readonly AnsweredPort[]): Closed {
  const count = (state: Closed): number => closed.filter(({ answer }) => answer === state).length;
  const states: readonly Closed[] = ["filtered", "refused", "rejected"];
  return states.reduce((best, state) => (count(state) > count(best) ? state : best));
}

function numbersOf(answered: readonly AnsweredPort[]): number[] {
  return [...new Set(answered.map(({ port }) => port))].sort((a, b) => a - b);
}

/** A firewall that opens ports as it reads the replies drops what it does not understand; a refusal comes from elsewhere. */
function modeDecides(
  open: readonly AnsweredPort[],
  closed: readonly AnsweredPort[],
  split: SplitPorts,
): PortPattern | null {
  const silent = closed[0]?.mode;
  if (silent === undefined || closed.some(({ mode, answer }) => mode !== silent || answer !== "filtered")) return null;
  if (open.some(({ mode }) => mode === silent)) return null;
  const separate = chanceOfOrder(split) !== null;
  // A firewall that understands EPSV alone is rare: a few ports of PASV that are silent are no sign of it.
  return silent === "pasv" && closed.length < (separate ? 5 : 3) ? null : { kind: "by-mode", silent, separate };
}

/** As many offers of each mode must agree. */
const MISNAMED = 4;

/**
 * A range that is partly open would open some ports of either mode. The number does not decide where the ports of both are mixed, or
 * where one mode names the same port again and again while the other draws them.
 */
function misnames(
  open: readonly AnsweredPort[],
  closed: readonly AnsweredPort[],
  split: SplitPorts,
): "epsv" | "pasv" | null {
  const refusing = closed[0]?.mode;
  if (refusing === undefined || closed.some(({ mode, answer }) => mode !== refusing || answer !== "refused"))
    return null;
  if (open.some(({ mode }) => mode === refusing) || Math.min(open.length, closed.length) < MISNAMED) return null;
  const sameAgain = split.closed.length === 1 && split.open.length > 1;
  return sameAgain || chanceOfOrder(split) === null ? refusing : null;
}

/**
 * How likely chance alone sorts the ports so well: the open ones on one side of a border, or all open or all closed ones in one
 * block. Null where they are not sorted at all.
 */
function chanceOfOrder({ open, closed }: SplitPorts): number | null {
  if (open.some((port) => closed.includes(port))) return null;
  const sorted = [...open.map((port) => ({ port, isOpen: true })), ...closed.map((port) => ({ port, isOpen: false }))];
  sorted.sort((a, b) => a.port - b.port);
  const borders = sorted.filter(({ isOpen }, index) => index > 0 && isOpen !== sorted[index - 1]?.isOpen).length;
  const ways = choose(sorted.length, open.length);
  if (borders === 1) return Math.min(1, 2 / ways);
  return borders === 2 ? Math.min(1, sorted.length / ways) : null;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

/** A passive range that opens, and a few ports so far from it that they cannot belong to it. */
function areOutliers({ open, closed }: SplitPorts): boolean {
  if (open.length < 3 || closed.length * 2 > open.length) return false;
  const [from, to] = [Math.min(...open), Math.max(...open)];
  const far = Math.max(1000, 5 * (to - from));
  return closed.every((port) => from - port > far || port - to > far);
}

function turnDecides(answered: readonly AnsweredPort[]): boolean {
  return needsPause(answered.map(({ answer, fromMs, toMs }) => ({ succeeded: answer === "open", fromMs, toMs })));
}

/** Whether everything soon after a success fails, two times at least, and everything after a pause succeeds. */
export function needsPause(
  tries: readonly { succeeded: boolean /** As in `AnsweredPort`. */; fromMs: number /** The same. */; toMs: number }[],
): boolean {
  const inTime = [...tries].sort((a, b) => a.fromMs - b.fromMs);
  const turns = inTime.flatMap((turn, index) => {
    const success = inTime.slice(0, index).findLast(({ succeeded }) => succeeded);
    return success === undefined ? [] : [{ ...turn, pauseMs: turn.fromMs - success.toMs }];
  });
  const atOnce = turns.filter(({ pauseMs }) => pauseMs < AT_ONCE_MS);
  const rested = turns.filter(({ pauseMs }) => pauseMs >= RESTED_MS);
  return (
    inTime[0]?.succeeded === true &&
    atOnce.length >= 2 &&
    rested.length > 0 &&
    atOnce.every(({ succeeded }) => !succeeded) &&
    rested.every(({ succeeded }) => succeeded)
  );
}
