import { TIMED_OUT } from "../model/failure.ts";
import type { Clock } from "../system/ports.ts";

/** How long the replies of a transfer are waited for: under a limit of their own, which rests while there is a data connection. */
export class ReplyPatience {
  readonly #clock: Clock;
  readonly #run: AbortSignal;
  readonly #lost = new AbortController();
  readonly #stop = () => this.#lost.abort(this.#run.reason);
  #timer: ReturnType<Clock["limit"]> | null = null;
  #over = false;

  /** `run` is the signal that stops the run, and with it the waiting. */
  constructor(clock: Clock, run: AbortSignal) {
    this.#clock = clock;
    this.#run = run;
    run.addEventListener("abort", this.#stop, { once: true });
    if (run.aborted) this.#stop();
  }

  /** Aborted when nobody waits any longer. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Counts anew, from now. */
  waitFor(ms: number): void {
    this.rest();
    // The data may end behind the last reply: a timer set then would only keep the process alive.
    if (this.#over) return;
    this.#timer = this.#clock.limit(ms);
    this.#timer.signal.addEventListener("abort", () => this.lose(), { once: true });
  }

  /** No limit from here on, until another one is set. */
  rest(): void {
    this.#timer?.clear();
    this.#timer = null;
  }

  /** Waits no longer: nothing will come. */
  lose(): void {
    this.#lost.abort(TIMED_OUT);
  }

  /** The last reply came, or none will. */
  end(): void {
    this.#over = true;
    this.rest();
    this.#run.removeEventListener("abort", this.#stop);
  }
}
