import type { Clock, DialAnswer, ManyDials, Network } from "../system/ports.ts";

/** How a dial of a sweep ended: with an answer, or in silence when its limit had passed. */
export type DialEnd = Exclude<DialAnswer, "timed-out"> | "silent";

/** What a dial is for: a port of the range, a closed one that is asked again, one that is known to answer, one far away, or one that is asked apart from all others. */
export type Errand = "port" | "closed" | "sentinel" | "elsewhere" | "alone";

/** One dial that is over. */
export interface DialOver {
  port: number;
  errand: Errand;
  end: DialEnd;
  /** When it was begun, by the clock. */
  begunMs: number;
  /** How long it took, in milliseconds. */
  ms: number;
}

const NONE = -1;

/**
 * Dials in flight. All have the same limit, so they expire in the order in which they were begun: a list linked through
 * flat arrays needs no timer and no object for each of them.
 */
export class Flight {
  /** Limit of one dial in milliseconds. */
  limitMs: number;
  readonly #clock: Clock;
  readonly #dials: ManyDials;
  readonly #onOver: (over: DialOver) => void;
  readonly #ports: Uint16Array;
  readonly #begunMs: Float64Array;
  readonly #errands: Errand[];
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  #oldest = NONE;
  #newest = NONE;

  constructor(how: {
    network: Network;
    clock: Clock;
    address: string;
    localAddress: string | null;
    slots: number;
    limitMs: number;
    onOver: (over: DialOver) => void;
  }) {
    this.#clock = how.clock;
    this.limitMs = how.limitMs;
    this.#onOver = how.onOver;
    this.#ports = new Uint16Array(how.slots);
    this.#begunMs = new Float64Array(how.slots);
    this.#errands = new Array<Errand>(how.slots).fill("port");
    this.#before = new Int32Array(how.slots);
    this.#after = new Int32Array(how.slots);
    this.#free = Int32Array.from({ length: how.slots }, (_, index) => how.slots - 1 - index);
    this.#freeCount = how.slots;
    this.#dials = how.network.dialMany(how.address, {
      ...(how.localAddress === null ? {} : { localAddress: how.localAddress }),
      onAnswer: (slot, answer) => this.#over(slot, answer === "timed-out" ? "silent" : answer),
    });
  }

  /** Dials in flight. */
  get count(): number {
    return this.#free.length - this.#freeCount;
  }

  /** Slots left. */
  get room(): number {
    return this.#freeCount;
  }

  /** Begins a dial; there must be room. */
  begin(port: number, errand: Errand): void {
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount] ?? 0;
    this.#ports[slot] = port;
    this.#errands[slot] = errand;
    this.#begunMs[slot] = this.#clock.now();
    this.#before[slot] = this.#newest;
    this.#after[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#after[this.#newest] = slot;
    this.#newest = slot;
    this.#dials.dial(slot, port);
  }

  /** Ends those whose limit has passed. */
  expire(): void {
    const overdue = this.#clock.now() - this.limitMs;
    while (this.#oldest !== NONE && (this.#begunMs[this.#oldest] ?? 0) <= overdue) {
      const slot = this.#oldest;
      this.#dials.giveUp(slot);
      this.#over(slot, "silent");
    }
  }

  /** Gives up all of them, whose end is then not told. */
  close(): void {
    this.#dials.close();
  }

  #over(slot: number, end: DialEnd): void {
    const before = this.#before[slot] ?? NONE;
    const after = this.#after[slot] ?? NONE;
    if (before === NONE) this.#oldest = after;
    else this.#after[before] = after;
    if (after === NONE) this.#newest = before;
    else this.#before[after] = before;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
    const begunMs = this.#begunMs[slot] ?? 0;
    this.#onOver({
      port: this.#ports[slot] ?? 0,
      errand: this.#errands[slot] ?? "port",
      end,
      begunMs,
      ms: this.#clock.now() - begunMs,
    });
  }
}
