/** One port the server offered, and where. */
export interface PortOffer {
  /** TCP port. */
  port: number;
  /** Session it was offered on: some servers keep one port for all of a session. */
  session: string | null;
  /** Mode in which it was offered: some servers keep a range for each. */
  mode: "epsv" | "pasv";
}

/** How a server takes its ports, as far as the order of its offers tells. */
export type Allocation =
  /** One port again and again. `chance`: how likely two ports or more, drawn at random, would look so. */
  | { kind: "fixed"; port: number; chance: number }
  /**
   * One after another, up or down. `step`: the widest gap between neighbours; `turned`: the end of the range was
   * passed, so both ends were seen.
   */
  | { kind: "sequential"; direction: "up" | "down"; step: number; turned: boolean }
  /** No order is to be seen. */
  | { kind: "random" }
  /** Too few offers, or offers that do not come from one range. `why`: in words. */
  | { kind: "unknown"; why: string };

/** Fewer offers show no way of taking ports. */
export const ENOUGH_OFFERS = 5;
/** So rarely may chance alone bring an order about before the order is believed. */
const IMPROBABLE = 0.005;

/** How the ports were taken; `offers` in the order in which they were made. */
export function allocationOf(offers: readonly PortOffer[]): Allocation {
  const ports = offers.map(({ port }) => port);
  const count = ports.length;
  if (count < ENOUGH_OFFERS) return { kind: "unknown", why: "too few offers" };
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  if (lowest === highest) return fixedPort(lowest, offers);
  const cycle = highest - lowest + 1;
  const around = (from: number, to: number): number => (((to - from) % cycle) + cycle) % cycle;
  for (const direction of ["up", "down"] as const) {
    const inOrder = direction === "up" ? ports : ports.toReversed();
    const steps = inOrder.slice(1).map((port, index) => ({ from: inOrder[index] ?? port, to: port }));
    const turns = steps.filter(({ from, to }) => to <= from).length;
    // One by one, wherever in the range it began and however often it came round.
    const oneByOne = steps.every(({ from, to }) => around(from, to) === 1) && (1 / cycle) ** (count - 1) <= IMPROBABLE;
    // Others take ports in between: never back but for one turn, and behind that not beyond where it began.
    const [first = 0, last = 0] = [inOrder[0], inOrder.at(-1)];
    const inTurn = turns === 0 || (turns === 1 && last < first);
    const neverBack = inTurn && new Set(ports).size === count && 2 / factorial(count - 1) <= IMPROBABLE;
    if (!oneByOne && !neverBack) continue;
    // How far it is over the end cannot be measured.
    const step = Math.max(...steps.flatMap(({ from, to }) => (to > from ? [to - from] : [])));
    return { kind: "sequential", direction, step, turned: turns > 0 };
  }
  const draws = lowest % 2 === highest % 2 && ports.every((port) => port % 2 === lowest % 2) ? cycle / 2 : cycle;
  const repeats = count - new Set(ports).size;
  if (atLeast(repeats, (count * (count - 1)) / 2 / draws) < IMPROBABLE) {
    return { kind: "unknown", why: `it took only ${new Set(ports).size} different ports, far apart` };
  }
  return modesApart(offers)
    ? { kind: "unknown", why: "EPSV and PASV took ports from different ranges" }
    : { kind: "random" };
}

function fixedPort(port: number, offers: readonly PortOffer[]): Allocation {
  const sessions = new Set(offers.map(({ session }) => session));
  return sessions.size < 2
    ? { kind: "unknown", why: "one session was offered one port only" }
    : { kind: "fixed", port, chance: 2 ** (1 - offers.length) };
}

/** Whether all ports of one mode lie below all of the other, and chance hardly does that. */
function modesApart(offers: readonly PortOffer[]): boolean {
  const [epsv, pasv] = (["epsv", "pasv"] as const).map((wanted) =>
    offers.filter(({ mode }) => mode === wanted).map(({ port }) => port),
  );
  if (epsv === undefined || pasv === undefined || epsv.length === 0 || pasv.length === 0) return false;
  const apart = Math.max(...epsv) < Math.min(...pasv) || Math.max(...pasv) < Math.min(...epsv);
  const ways = factorial(offers.length) / factorial(epsv.length) / factorial(pasv.length);
  return apart && 2 / ways < IMPROBABLE;
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}

/** How likely something happens so often or more that happens so often on average (Poisson). */
function atLeast(times: number, average: number): number {
  let term = Math.exp(-average);
  let below = 0;
  for (let k = 0; k < times; k++) {
    below += term;
    term *= average / (k + 1);
  }
  return 1 - below;
}
