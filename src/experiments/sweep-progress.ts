import { grouped } from "../model/words.ts";
import type { RunContext } from "./context.ts";
import type { Pace } from "./sweep-pace.ts";
import type { SweptPorts } from "./sweep-states.ts";

/** Told so often at most. */
const EVERY_MS = 500;
/** Before that nobody can say how long it takes. */
const GUESS_AFTER_MS = 1_500;

/** Tells how far a sweep has come, and how long it will take. */
export class SweepProgress {
  readonly #run: RunContext;
  readonly #address: string;
  readonly #ports: SweptPorts;
  readonly #pace: Pace;
  readonly #sinceMs: number;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(run: RunContext, address: string, ports: SweptPorts, pace: Pace) {
    this.#run = run;
    this.#address = address;
    this.#ports = ports;
    this.#pace = pace;
    this.#sinceMs = run.clock.now();
  }

  /** `left`: ports to try in this pass. Silent ones are tried once more after the first pass, which the estimate counts in. */
  tell(left: number): void {
    const now = this.#run.clock.now();
    if (now < this.#toldMs + EVERY_MS) return;
    this.#toldMs = now;
    const untried = this.#ports.count("untried");
    const tried = this.#ports.size - untried;
    const silentShare = tried === 0 ? 0 : this.#ports.count("silent") / tried;
    const first = untried > 0;
    const toDial = first ? untried + silentShare * this.#ports.size : left;
    const rate = Math.max(1, Math.min(this.#pace.rate ?? Number.POSITIVE_INFINITY, this.#pace.actualRate(now)));
    const seconds = Math.ceil(toDial / rate);
    const where = first
      ? `${grouped(tried)} of ${grouped(this.#ports.size)} ports`
      : `asking ${grouped(left)} silent ports again`;
    const when = now - this.#sinceMs < GUESS_AFTER_MS ? "" : `, ${timeLeft(seconds)} left`;
    this.#run.progress(`sweeping ${this.#address}: ${where}${when}`);
  }
}

function timeLeft(seconds: number): string {
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
