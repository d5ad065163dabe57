import type { Clock, DialAnswer, ManyDials, Network } from "../system/ports.ts";

/** How a dial of a sweep ended: with an answer, or in silence when its limit had passed. */
export type DialEnd = Exclude<DialAnswer, "timed-out"> | "silent";

/** What a dial is for: a port of the range, a closed one that is asked again, one that is known to answer, one far away, or one that is asked apart from all others. */
export type Errand = "port" | "closed" | "sentinel" | "elsewhere" | "alone";

/** One dial that is over. */
export interface DialOver {
  /** The port that was dialled. */
  port: number;
  /** What for. */
  errand: Errand;
  /** What it ended with. */
  end: DialEnd;
  /** When it was begun, by the clock. */
  begunMs: number;
  /** How long it took, or was waited for, in milliseconds. */
  ms: number;
}

const NONE = -1;

/** How long a dial is waited for: an answer to its first SYN, or to the second one as well that the system sends by itself. */
type Patience = "brief" | "patient";

/** Dials of one limit, which expire in the order in which they were begun. */
interface Queue {
  limitMs: number;
  oldest: number;
  newest: number;
}

/**
 * Dials in flight, in two queues of one limit each: lists linked through flat arrays need no timer and no object for
 * each of the dials.
 */
export class Flight {
  readonly #clock: Clock;
  readonly #dials: ManyDials;
  readonly #onOver: (over: DialOver) => void;
  readonly #ports: Uint16Array;
  readonly #begunMs: Float64Array;
  readonly #errands: Errand[];
  readonly #queueOf: Queue[];
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  readonly #queues: Readonly<Record<Patience, Queue>>;
  #lookedMs: number;

  constructor(how: {
    network: Network;
    clock: Clock;
    address: string;
    localAddress: string | null;
    slots: number;
    /** Limits of both kinds of dials in milliseconds. */
    limitsMs: Readonly<Record<Patience, number>>;
    onOver: (over: DialOver) => void;
  }) {
    this.#clock = how.clock;
    this.#lookedMs = how.clock.now();
    this.#queues = { brief: queue(how.limitsMs.brief), patient: queue(how.limitsMs.patient) };
    this.#onOver = how.onOver;
    this.#ports = new Uint16Array(how.slots);
    this.#begunMs = new Float64Array(how.slots);
    this.#errands = new Array<Errand>(how.slots).fill("port");
    this.#queueOf = new Array<Queue>(how.slots).fill(this.#queues.brief);
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
  begin(port: number, errand: Errand, patience: Patience): void {
    const queue = this.#queues[patience];
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount] ?? 0;
    this.#ports[slot] = port;
    this.#errands[slot] = errand;
    this.#begunMs[slot] = this.#clock.now();
    this.#queueOf[slot] = queue;
    this.#before[slot] = queue.newest;
    this.#after[slot] = NONE;
    if (queue.newest === NONE) queue.oldest = slot;
    else this.#after[queue.newest] = slot;
    queue.newest = slot;
    this.#dials.dial(slot, port);
  }

  /**
   * Ends those whose limit had passed when this was last called: answers that were there by then have been told since. After
   * a moment in which this machine did not let us run, the clock alone would take for silence what nobody had looked at.
   */
  expire(): void {
    const lookedMs = this.#lookedMs;
    this.#lookedMs = this.#clock.now();
    for (const queue of [this.#queues.brief, this.#queues.patient]) {
      while (queue.oldest !== NONE && (this.#begunMs[queue.oldest] ?? 0) + queue.limitMs <= lookedMs) {
        const slot = queue.oldest;
        this.#dials.giveUp(slot);
        this.#over(slot, "silent", lookedMs);
      }
    }
  }

  /** Waits for none any longer than for an answer to its first SYN. */
  hurry(): void {
    this.#queues.patient.limitMs = this.#queues.brief.limitMs;
  }

  /** Gives up all of them, whose end is then not told. */
  close(): void {
    this.#dials.close();
  }

  #over(slot: number, end: DialEnd, atMs = this.#clock.now()): void {
    const before = this.#before[slot] ?? NONE;
    const after = this.#after[slot] ?? NONE;
    const queue = this.#queueOf[slot] ?? this.#queues.brief;
    if (before === NONE) queue.oldest = after;
    else this.#after[before] = after;
    if (after === NONE) queue.newest = before;
    else this.#before[after] = before;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
    const begunMs = this.#begunMs[slot] ?? 0;
    this.#onOver({
      port: this.#ports[slot] ?? 0,
      errand: this.#errands[slot] ?? "port",
      end,
      begunMs,
      ms: atMs - begunMs,
    });
  }
}

function queue(limitMs: number): Queue {
  return { limitMs, oldest: NONE, newest: NONE };
}
