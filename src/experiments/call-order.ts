/**
 * The port to try next among `ports` (ascending); null where all were tried. `silent` has those that were tried: whether nobody called.
 * A port that nobody calls costs a session, of which `sessions` are left, the one in use included; one that is called costs none. So the
 * borders between both are sought with as few silent ports as can be, at the price of some that are called; what lies between silent
 * ports is tried last. The two ends come first: what is known when somebody stops it covers the whole range.
 */
export function nextPort(
  ports: readonly number[],
  silent: ReadonlyMap<number, boolean>,
  sessions: number,
): number | null {
  for (const end of [ports[0], ports.at(-1)]) if (end !== undefined && !silent.has(end)) return end;
  const gaps = gapsOf(ports.map((port) => silent.get(port)));
  const borders = gaps.filter(({ before, after }) => before !== after);
  const border = widest(borders);
  if (border !== null) {
    // One session is kept, for what may be silent between ports that are called.
    const each = Math.max(1, Math.floor((sessions - 1) / borders.length));
    const step = stepInto(border.to - border.from + 1, each);
    return ports[border.before ? border.to - step + 1 : border.from + step - 1] ?? null;
  }
  const gap = widest(gaps.filter(({ before }) => !before)) ?? widest(gaps);
  return gap === null ? null : (ports[Math.floor((gap.from + gap.to) / 2)] ?? null);
}

/** Ports that lie between two that were tried, by their places in the list. */
interface Gap {
  from: number;
  to: number;
  /** Whether nobody called the port before it. */
  before: boolean;
  /** Whether nobody called the port behind it. */
  after: boolean;
}

function gapsOf(silent: readonly (boolean | undefined)[]): Gap[] {
  const gaps: Gap[] = [];
  let last: { index: number; silent: boolean } | null = null;
  for (const [index, is] of silent.entries()) {
    if (is === undefined) continue;
    if (last !== null && index - last.index > 1) {
      gaps.push({ from: last.index + 1, to: index - 1, before: last.silent, after: is });
    }
    last = { index, silent: is };
  }
  return gaps;
}

function widest(gaps: readonly Gap[]): Gap | null {
  return gaps.reduce<Gap | null>(
    (best, gap) => (best === null || gap.to - gap.from > best.to - best.from ? gap : best),
    null,
  );
}

/**
 * How far to go from the side that is called into `unknown` ports, of which one is the first silent one, when so many silent ones may
 * be met: the fewest trials in the worst case. With m trials and s silent ones, a border among C(m,1) + ... + C(m,s) ports is found.
 */
function stepInto(unknown: number, silentAtMost: number): number {
  let trials = 1;
  while (foundAmong(trials, silentAtMost) < unknown) trials += 1;
  return Math.min(unknown, foundAmong(trials - 1, silentAtMost - 1) + 1);
}

function foundAmong(trials: number, silentAtMost: number): number {
  let sum = 0;
  let choices = 1;
  for (let taken = 1; taken <= Math.min(trials, silentAtMost); taken += 1) {
    choices = (choices * (trials - taken + 1)) / taken;
    sum += choices;
  }
  return sum;
}
