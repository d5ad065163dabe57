/** Limits of a good guest (hosting firewalls ban after five connections in five minutes). */
export interface GuestLimits {
  /** Sessions open at once. */
  open: number;
  /** Sessions opened in all. */
  total: number;
}

/** What the pool needs to know of a session. */
export interface Pooled {
  session: { readonly usable: boolean; close(): void };
}

/**
 * The control connections to one address. Sessions are handed out one at a time, used again while they are usable,
 * and never opened beyond the guest's limits. Once an opening failed no other is tried beside an open session.
 */
export class SessionPool<S extends Pooled> {
  readonly #open: (ordinal: number) => Promise<S | null>;
  readonly #limits: GuestLimits;
  readonly #idle: S[] = [];
  readonly #waiting: ((session: S | null) => void)[] = [];
  #leased = 0;
  #opened = 0;
  #exhausted = false;

  constructor(limits: GuestLimits, open: (ordinal: number) => Promise<S | null>) {
    this.#limits = limits;
    this.#open = open;
  }

  /** A usable session, opened or waited for; null where none can be had. */
  async lease(): Promise<S | null> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.session.usable) continue;
      this.#leased += 1;
      return idle;
    }
    const mayOpen = !this.#exhausted && this.#opened < this.#limits.total && this.#leased < this.#limits.open;
    if (!mayOpen) return this.#leased === 0 ? null : new Promise((resolve) => this.#waiting.push(resolve));
    this.#opened += 1;
    this.#leased += 1;
    const session = await this.#open(this.#opened);
    if (session !== null) return session;
    // Refused, full or broken: knocking again would only make it worse.
    this.#exhausted = true;
    this.#leased -= 1;
    // Nobody is left who could give a session back to those that wait.
    if (this.#leased === 0) for (const waiting of this.#waiting.splice(0)) waiting(null);
    return this.lease();
  }

  /** Gives a session back; one that lost step is closed and its place is free for another. */
  release(session: S): void {
    this.#leased -= 1;
    if (session.session.usable) this.#idle.push(session);
    else session.session.close();
    const next = this.#waiting.shift();
    if (next !== undefined) this.lease().then(next, () => next(null));
  }

  /** All sessions that are idle, to say goodbye on. */
  drain(): S[] {
    return this.#idle.splice(0);
  }
}
