import type { Slowdown } from "../model/evidence.ts";

/** How fast to sweep. */
export interface SweepPace {
  /** Attempts per second, at most; null for no limit. */
  rate: number | null;
  /** Attempts in flight, at most; null for as many as the rate and this machine's descriptors allow. */
  concurrency: number | null;
}

/** A second's worth is not begun at once when the loop was held up: only this part of it. */
const BURST_S = 0.05;
/** Begun in one go without a rate: answers that came in meanwhile wait for so many. */
const BATCH = 256;
/** Slower is not worth waiting for: 16,383 ports would take a quarter of an hour. */
const SLOWEST = 20;
/** Below what got through, so that the next try is not lost at the margin. */
const MARGIN = 0.8;
const LEAST_PART = 0.6;
/** Each clean second lets the rate grow by so much, up to this part of the lowest one at which answers were lost. */
const GROWTH = 1.15;
const NEAR_LOSS = 0.85;
/** A rate is not reckoned from a shorter time: one batch begun at once would look like tens of thousands per second. */
const LEAST_SPAN_S = 0.02;

/** How many dials may be begun at a time, and how that changes. */
export class Pace {
  #rate: number | null;
  #concurrency: number;
  readonly #asked: number | null;
  #allowance = 1;
  #lastMs: number;
  #pausedUntilMs = 0;
  #begun = 0;
  #sinceMs: number;
  #lossRate = Number.POSITIVE_INFINITY;

  constructor(rate: number | null, concurrency: number, nowMs: number) {
    this.#rate = rate;
    this.#asked = rate;
    this.#concurrency = concurrency;
    this.#lastMs = nowMs;
    this.#sinceMs = nowMs;
  }

  /** Attempts per second, at most; null for no limit. */
  get rate(): number | null {
    return this.#rate;
  }

  /** Attempts in flight, at most. */
  get concurrency(): number {
    return this.#concurrency;
  }

  /** When it was last changed; what was begun before tells nothing of it. */
  get changedMs(): number {
    return this.#sinceMs;
  }

  /** Whether it can go no slower. */
  get slowest(): boolean {
    return this.#rate !== null && this.#rate <= SLOWEST;
  }

  /** Attempts per second since the last change, as they were really begun. */
  actualRate(nowMs: number): number {
    return this.#begun / Math.max(LEAST_SPAN_S, (nowMs - this.#sinceMs) / 1_000);
  }

  /** Dials that may be begun now. */
  allowance(nowMs: number, inFlight: number): number {
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (this.#rate !== null) {
      const burst = Math.max(1, this.#rate * BURST_S);
      this.#allowance = Math.min(burst, this.#allowance + (this.#rate * passedMs) / 1_000);
    }
    if (nowMs < this.#pausedUntilMs) return 0;
    const room = Math.max(0, this.#concurrency - inFlight);
    return Math.min(room, this.#rate === null ? BATCH : Math.floor(this.#allowance));
  }

  /** Counts a dial that was begun. */
  spend(): void {
    this.#begun += 1;
    if (this.#rate !== null) this.#allowance -= 1;
  }

  /** Nothing is begun until then. */
  pauseUntil(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, ms);
  }

  /** Begins to count anew, after a time in which nothing was to be begun. */
  restart(nowMs: number): void {
    this.#begun = 0;
    this.#sinceMs = nowMs;
    this.#lastMs = nowMs;
    this.#allowance = 1;
  }

  /** Goes slower: of what was begun, only this part got an answer. False where it was as slow as it gets. */
  slowDown(nowMs: number, answered: number): boolean {
    if (this.slowest) return false;
    const actual = Math.min(this.actualRate(nowMs), this.#rate ?? Number.POSITIVE_INFINITY);
    this.#lossRate = Math.min(this.#lossRate, actual);
    // Without a rate it may be a hundred times too fast; with one, a few lost ones in a row prove no more than this.
    const part = this.#rate === null ? answered : Math.max(answered, LEAST_PART);
    this.#rate = Math.max(SLOWEST, Math.round(actual * MARGIN * part));
    this.restart(nowMs);
    return true;
  }

  /** Goes on with fewer in flight: this machine could not hold so many. */
  narrow(inFlight: number): void {
    this.#concurrency = Math.max(1, Math.min(this.#concurrency, Math.floor(inFlight * MARGIN)));
  }

  /** A second passed without loss: a little faster again, if it was slowed down. */
  speedUp(nowMs: number): void {
    if (this.#rate === null || this.#lossRate === Number.POSITIVE_INFINITY) return;
    const ceiling = Math.min(this.#asked ?? Number.POSITIVE_INFINITY, this.#lossRate * NEAR_LOSS);
    const faster = Math.min(ceiling, this.#rate * GROWTH);
    if (faster <= this.#rate) return;
    this.#rate = Math.round(faster);
    this.restart(nowMs);
  }

  /** As the evidence has it. */
  slowdown(why: Slowdown["why"], atMs: number): Slowdown {
    return { atMs, why, rate: this.#rate, concurrency: this.#concurrency };
  }
}
