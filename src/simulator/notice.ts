/** Wakes everybody who waits for it; can be given again and again. */
export class Notice {
  #waiting: (() => void)[] = [];

  /** Settles when the notice is given next. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Wakes those who wait now. */
  give(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
