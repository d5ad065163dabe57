/** Asked side by side before a port is relied on: Linux sends six ICMP errors in a row and then one per second, but resets without limit. */
export const PROOF = 8;
/** Ports that are relied on in turn. */
const WANTED = 4;
/** Ports that failed their proof; who answers like this is not asked much longer. */
const MOST_FAILED = 12;
/** Of so many latest ones, so many may be lost: a way that loses one packet in a hundred is no congestion. */
const LATEST = 10;
const TOLERATED = 1;
/** In a row: either the way is choked, or somebody has shut us out. */
const ALARMING = 5;

interface Proof {
  asked: number;
  answered: number;
}

/**
 * Ports that are known to answer, asked now and then while a sweep goes on: when one of them is silent, so may be others
 * that would have answered. A port is relied on once it has answered several times side by side.
 */
export class Sentinels {
  readonly #proofs = new Map<number, Proof>();
  readonly #proven: number[] = [];
  #failed = 0;
  #turn = 0;
  #latest: boolean[] = [];
  #lostInRow = 0;
  #asked = 0;
  #lost = 0;

  /** Whether there is one to rely on. */
  get known(): boolean {
    return this.#proven.length > 0;
  }

  /** Ports that are relied on. */
  get proven(): readonly number[] {
    return this.#proven;
  }

  /** Whether a port is to be proven. */
  wants(port: number): boolean {
    return (
      this.#proven.length + this.#proofs.size < WANTED && this.#failed < MOST_FAILED && !this.#proven.includes(port)
    );
  }

  /** Begins to prove a port; so often it is to be asked. */
  prove(port: number): number {
    if (this.#proofs.has(port)) return 0;
    this.#proofs.set(port, { asked: 0, answered: 0 });
    return PROOF;
  }

  /** Relies on a port that has proven itself otherwise. */
  trust(port: number): void {
    if (!this.#proven.includes(port)) this.#proven.push(port);
  }

  /** Gives those a second chance that failed while the way may have been choked. */
  forgive(): void {
    this.#failed = 0;
  }

  /** The next one to ask; null where none is known. */
  next(): number | null {
    this.#turn += 1;
    return this.#proven[this.#turn % this.#proven.length] ?? null;
  }

  /** Notes an end; `current` where it tells of the present pace. */
  ended(port: number, answered: boolean, current: boolean): void {
    const proof = this.#proofs.get(port);
    if (proof !== undefined) {
      proof.asked += 1;
      if (answered) proof.answered += 1;
      if (proof.asked < PROOF) return;
      this.#proofs.delete(port);
      if (proof.answered === PROOF) this.#proven.push(port);
      else this.#failed += 1;
      return;
    }
    if (!this.#proven.includes(port)) return;
    this.#asked += 1;
    if (!answered) this.#lost += 1;
    if (!current) return;
    this.#lostInRow = answered ? 0 : this.#lostInRow + 1;
    this.#latest.push(answered);
    if (this.#latest.length > LATEST) this.#latest.shift();
  }

  /** This machine could not ask; a proof that was under way says nothing then. */
  unasked(port: number): void {
    this.#proofs.delete(port);
  }

  /** Whether more of them were lost of late than chance would lose. */
  get losing(): boolean {
    return this.#latest.filter((answered) => !answered).length > TOLERATED;
  }

  /** Whether several in a row were lost. */
  get alarming(): boolean {
    return this.#lostInRow >= ALARMING;
  }

  /** What part of the latest answered, cautiously. */
  get answered(): number {
    const answered = this.#latest.filter((each) => each).length;
    return (answered + 0.5) / (this.#latest.length + 1);
  }

  /** Begins to count anew after the pace was changed. */
  restart(): void {
    this.#latest = [];
    this.#lostInRow = 0;
  }

  /** How many were asked and lost since this was last called. */
  tally(): { asked: number; lost: number } {
    const tally = { asked: this.#asked, lost: this.#lost };
    this.#asked = 0;
    this.#lost = 0;
    return tally;
  }
}
