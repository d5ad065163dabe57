/**
 * Lets several askers use one session in turn. Each round goes the other way than the one before (A B B A A B B A): a
 * balancer that sends every second connection elsewhere would otherwise look like a difference between the askers.
 * Who has left is passed over.
 */
export class Turns<Name> {
  #round: Name[];
  #rest: Name[];
  readonly #waiting = new Map<Name, () => void>();

  /** The askers, in the order of their first turns; each name once. */
  constructor(order: readonly Name[]) {
    this.#round = [...order];
    this.#rest = [...order];
  }

  /** Resolves when it is this one's turn. */
  async mine(name: Name): Promise<void> {
    if (this.#rest[0] === name) return;
    await new Promise<void>((resolve) => this.#waiting.set(name, resolve));
  }

  /** Ends the turn. */
  pass(): void {
    this.#rest.shift();
    this.#goOn();
  }

  /** Will not ask again. */
  leave(name: Name): void {
    this.#round = this.#round.filter((other) => other !== name);
    this.#rest = this.#rest.filter((other) => other !== name);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#rest.length === 0) {
      this.#round = this.#round.toReversed();
      this.#rest = [...this.#round];
    }
    const [next] = this.#rest;
    if (next === undefined) return;
    const wake = this.#waiting.get(next);
    this.#waiting.delete(next);
    wake?.();
  }
}
