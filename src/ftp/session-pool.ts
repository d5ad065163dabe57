/** Limits of a good guest (hosting firewalls ban after five connections in five minutes). */
export interface GuestLimits {
  /** Sessions open at once. */
  open: number;
  /** Sessions opened in all. */
  total: number;
}

/** What the pool needs to know of a session. */
export interface Pooled {
  /** The conversation, as far as the pool looks at it. */
  session: {
    /** Whether another command may be sent. */
    readonly usable: boolean;
    /** Whether the server said 421 on it. */
    readonly turnedAway: boolean;
    /** Closes without a word. */
    close(): void;
  };
}

/**
 * The control connections to one address. Sessions are handed out one at a time, used again while they are usable,
 * and never opened beyond the guest's limits. After an opening that failed, or a second 421, no other is tried; after one
 * 421 none is opened beside an open session.
 */
export class SessionPool<S extends Pooled> {
  readonly #open: (ordinal: number) => Promise<S | null>;
  readonly #limits: GuestLimits;
  readonly #idle: S[] = [];
  readonly #waiting: ((session: S | null) => void)[] = [];
  #leased = 0;
  #opened = 0;
  /** Sessions lost to a 421. */
  #turnedAway = 0;
  #exhausted = false;

  /** `open` opens the session of that ordinal, from 1; null where that failed. */
  constructor(limits: GuestLimits, open: (ordinal: number) => Promise<S | null>) {
    this.#limits = limits;
    this.#open = open;
  }

  /** A usable session, opened or waited for; null where none can be had. */
  async lease(): Promise<S | null> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) {
        this.#leased += 1;
        if (idle.session.usable) return idle;
        this.#lose(idle);
        continue;
      }
      if (!this.#mayOpen()) {
        if (this.#leased > 0) return new Promise((resolve) => this.#waiting.push(resolve));
        // Nobody is left who could give a session back to those that wait.
        for (const waiting of this.#waiting.splice(0)) waiting(null);
        return null;
      }
      const session = await this.#openNext();
      if (session?.session.usable) return session;
      if (session !== null) this.#lose(session);
    }
  }

  /** Takes in a session that was opened elsewhere; it counts as the first. */
  adopt(session: S): void {
    this.#opened += 1;
    this.#idle.push(session);
  }

  #mayOpen(): boolean {
    const open = this.#turnedAway > 0 ? 1 : this.#limits.open;
    return !this.#exhausted && this.#turnedAway < 2 && this.#opened < this.#limits.total && this.#leased < open;
  }

  async #openNext(): Promise<S | null> {
    this.#opened += 1;
    this.#leased += 1;
    let session: S | null = null;
    try {
      session = await this.#open(this.#opened);
    } finally {
      if (session === null) {
        // Refused, full or broken: knocking again would only make it worse.
        this.#exhausted = true;
        this.#leased -= 1;
      }
    }
    return session;
  }

  /** Gives a session back; one that lost step is closed and its place is free for another. */
  release(session: S): void {
    if (session.session.usable) {
      this.#leased -= 1;
      this.#idle.push(session);
    } else {
      this.#lose(session);
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.lease().then(next, () => next(null));
  }

  #lose(session: S): void {
    this.#leased -= 1;
    if (session.session.turnedAway) this.#turnedAway += 1;
    session.session.close();
  }

  /** The sessions that are idle, but for `keep` of them, to say goodbye on. */
  drain(keep = 0): S[] {
    return this.#idle.splice(keep);
  }
}
