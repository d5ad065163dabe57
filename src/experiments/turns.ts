/** Lets several askers use one session in turn, round and round; who has left is passed over. */
export class Turns<Name> {
  readonly #order: Name[];
  readonly #waiting = new Map<Name, () => void>();

  /** The askers, in the order of their turns; each name once. */
  constructor(order: readonly Name[]) {
    this.#order = [...order];
  }

  /** Resolves when it is this one's turn. */
  async mine(name: Name): Promise<void> {
    if (this.#order[0] === name) return;
    await new Promise<void>((resolve) => this.#waiting.set(name, resolve));
  }

  /** Ends the turn. */
  pass(): void {
    this.#order.push(...this.#order.splice(0, 1));
    this.#wake();
  }

  /** Will not ask again. */
  leave(name: Name): void {
    const at = this.#order.indexOf(name);
    if (at >= 0) this.#order.splice(at, 1);
    this.#wake();
  }

  #wake(): void {
    const [next] = this.#order;
    if (next === undefined) return;
    const wake = this.#waiting.get(next);
    this.#waiting.delete(next);
    wake?.();
  }
}
