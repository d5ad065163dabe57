import type { PortRange, SweptInterval, SweptState } from "../model/evidence.ts";

/** By number, in the order of the codes kept for each port; `silent` may become `filtered`, or stay without an answer. */
const STATES = ["untried", "open", "closed", "rejected", "silent"] as const;
type KeptState = (typeof STATES)[number];
const CODES = { untried: 0, open: 1, closed: 2, rejected: 3, silent: 4 } as const satisfies Record<KeptState, number>;
const MOST_SILENCES = 255;
/** Firewalls open and shut ranges; answers are lost one by one. A shorter run of silence between answers may be loss. */
const LONG_RUN = 64;

/** What is known of every port of a range: a few bytes each, however large it is. */
export class SweptPorts {
  readonly #range: PortRange;
  readonly #codes: Uint8Array;
  readonly #silences: Uint8Array;
  readonly #askedMs: Float64Array;
  /** When each was first asked: the how manyth. */
  readonly #turns: Uint16Array;
  #asked = 0;
  readonly #counts = [0, 0, 0, 0, 0];

  constructor(range: PortRange) {
    const size = range.to - range.from + 1;
    this.#range = range;
    this.#codes = new Uint8Array(size);
    this.#silences = new Uint8Array(size);
    this.#askedMs = new Float64Array(size);
    this.#turns = new Uint16Array(size);
    this.#counts[CODES.untried] = size;
  }

  /** Ports of the range. */
  get size(): number {
    return this.#codes.length;
  }

  /** How many are in a state. */
  count(state: KeptState): number {
    return this.#counts[CODES[state]] ?? 0;
  }

  /** The state of a port. */
  of(port: number): KeptState {
    return STATES[this.#codes[port - this.#range.from] ?? 0] ?? "untried";
  }

  /** Notes that a port is asked. */
  ask(port: number): void {
    const index = port - this.#range.from;
    if (this.#turns[index] !== 0) return;
    this.#asked += 1;
    this.#turns[index] = this.#asked;
  }

  /** Ports that were asked so far. */
  get asked(): number {
    return this.#asked;
  }

  /** The how manyth a port was that was asked, from 1; 0 where it was not. */
  turnOf(port: number): number {
    return this.#turns[port - this.#range.from] ?? 0;
  }

  /** Notes an answer; the first one stays. */
  answered(port: number, state: "open" | "closed" | "rejected"): void {
    const known = this.of(port);
    if (known === "untried" || known === "silent") this.#set(port, state);
  }

  /** Notes that a port which was asked so many times, the last time at `atMs`, was silent. */
  silent(port: number, atMs: number, times = 1): void {
    const index = port - this.#range.from;
    this.#silences[index] = Math.min(MOST_SILENCES, (this.#silences[index] ?? 0) + times);
    this.#askedMs[index] = atMs;
    if (this.of(port) === "untried") this.#set(port, "silent");
  }

  /** All ports, or those of one state, in random order: neighbours do not fail together. */
  shuffled(which: "all" | "silent" | "closed", random: () => number): Uint16Array {
    const list = new Uint16Array(which === "all" ? this.size : this.count(which));
    let length = 0;
    for (let index = 0; index < this.size; index += 1) {
      if (which !== "all" && this.#codes[index] !== CODES[which]) continue;
      list[length] = this.#range.from + index;
      length += 1;
    }
    return inRandomOrder(list, random);
  }

  /** Silent ports in random order that have not many silent neighbours, as far as there are others. */
  doubtful(random: () => number): Uint16Array {
    const ports: number[] = [];
    let run: number[] = [];
    for (let index = 0; index <= this.size; index += 1) {
      if (this.#codes[index] === CODES.silent) {
        run.push(this.#range.from + index);
        continue;
      }
      if (run.length < LONG_RUN && run.length < this.size) ports.push(...run);
      run = [];
    }
    return inRandomOrder(Uint16Array.from(ports), random);
  }

  /** What looked like a reset was an ICMP error. */
  rejectClosed(port: number): void {
    if (this.of(port) === "closed") this.#set(port, "rejected");
  }

  /** Resets are no answer of the server's. */
  doubtClosed(): void {
    for (const port of this.shuffled("closed", () => 0)) this.#set(port, "untried");
  }

  /** What is silent is rejected as well. */
  rejectSilent(): void {
    for (const port of this.shuffled("silent", () => 0)) this.#set(port, "rejected");
  }

  /**
   * Runs of equal states in ascending order. A silent port is `filtered` where it was silent twice, the last time when
   * asked at `trustedUntilMs` at the latest; else it is `untried`. Where answers were being lost to the end (`lossy`), so is
   * one that has not many silent neighbours: of hundreds that answer, some are silent each time by chance.
   */
  intervals(trustedUntilMs: number, lossy = false): SweptInterval[] {
    const doubtful = new Set(lossy ? this.doubtful(() => 0) : []);
    const intervals: SweptInterval[] = [];
    let last: SweptInterval | null = null;
    for (let index = 0; index < this.size; index += 1) {
      const port = this.#range.from + index;
      const state = doubtful.has(port) ? "untried" : this.#judged(index, trustedUntilMs);
      if (last !== null && last.state === state) last.to = port;
      else {
        last = { from: port, to: port, state };
        intervals.push(last);
      }
    }
    return intervals;
  }

  #judged(index: number, trustedUntilMs: number): SweptState {
    const state = STATES[this.#codes[index] ?? 0] ?? "untried";
    if (state !== "silent") return state;
    const twice = (this.#silences[index] ?? 0) >= 2 && (this.#askedMs[index] ?? 0) <= trustedUntilMs;
    return twice ? "filtered" : "untried";
  }

  #set(port: number, state: KeptState): void {
    const index = port - this.#range.from;
    const before = this.#codes[index] ?? 0;
    this.#counts[before] = (this.#counts[before] ?? 0) - 1;
    this.#counts[CODES[state]] = (this.#counts[CODES[state]] ?? 0) + 1;
    this.#codes[index] = CODES[state];
  }
}

function inRandomOrder(list: Uint16Array, random: () => number): Uint16Array {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const port = list[last] ?? 0;
    list[last] = list[other] ?? 0;
    list[other] = port;
  }
  return list;
}
