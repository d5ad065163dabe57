import type { RecordOf, Slowdown } from "../model/evidence.ts";
import type { AddressContext } from "./context.ts";
import { type DialEnd, type DialOver, type Errand, Flight } from "./sweep-flight.ts";
import { Pace } from "./sweep-pace.ts";
import { SweepProgress } from "./sweep-progress.ts";
import { Sentinels } from "./sweep-sentinels.ts";
import { SweptPorts } from "./sweep-states.ts";

/** What a sweep needs of its context. */
interface Asked extends Pick<AddressContext, "run" | "address"> {
  controlPort: number | null;
}

type PortAnswer = "open" | "closed" | "rejected" | "silent";

/** Between two looks at the clock: with a rate, and without one, where every moment counts. */
const [TICK_MS, HASTY_TICK_MS] = [10, 1];
/** Ports of the range that are tried first, and how long their answers are waited for: they show the round trip and who answers. */
const FIRST = 8;
const FIRST_MS = 60;
const FIRST_TICK_MS = 5;
/** A sentinel is asked after so many ports. */
const SENTINEL_EVERY = 40;
/** Passes over what is silent; the rate is lowered from one to the next while answers are being lost. */
const MOST_PASSES = 8;
/** Ports that may still hide behind lost answers, by estimate, when the sweep is taken to be at its end. */
const HIDDEN = 0.05;
/** What part of the sentinels may be lost in a pass that counts. */
const LOST = 0.05;
/** After trouble of this machine's own; and when it is given up, if nothing has worked since. */
const RECOVERY_MS = 250;
const HOPELESS_MS = 20_000;
/** So often this machine may say of a dial that it cannot be made at all. */
const MOST_LOCAL_ERRORS = 20;
/** How often a port that is known to answer is asked in quiet, and how far apart. */
const QUIET_TRIES = 8;
const QUIET_MS = 1_000;
/** The control port counts its callers (CSF's PORTFLOOD: five in five minutes); it is asked less than that. */
const MOST_CONTROL_DIALS = 3;

/** One sweep on its way: the dials in flight, what is known of the ports, and how fast it may go. */
export class SweepRun {
  readonly #asked: Asked;
  readonly #record: RecordOf<"sweep">;
  readonly #ports: SweptPorts;
  readonly #flight: Flight;
  readonly #pace: Pace;
  readonly #sentinels = new Sentinels();
  readonly #progress: SweepProgress;
  /** Ports whose dial failed on this machine. */
  readonly #again: number[] = [];
  /** Dials of the quiet check: asked, answered. */
  #quiet: { asked: number; answered: number } | null = null;
  #controlDials = 0;
  #sinceSentinel = 0;
  #late = 0;
  #troubleSinceMs: number | null = null;
  #recoveredMs = Number.NEGATIVE_INFINITY;
  #localErrors = 0;
  /** Ports elsewhere that were silent once. */
  readonly #askedAgain = new Set<number>();
  /** Silence of what was asked later than this may be due to whatever made the sentinels silent. */
  #trustedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(asked: Asked, record: RecordOf<"sweep">) {
    const { run, address } = asked;
    this.#asked = asked;
    this.#record = record;
    this.#ports = new SweptPorts(record.range);
    this.#pace = new Pace(record.rate, record.concurrency, run.clock.now());
    this.#progress = new SweepProgress(run, address, this.#ports, this.#pace);
    this.#flight = new Flight({
      network: run.network,
      clock: run.clock,
      address,
      localAddress: run.options.sourceAddress,
      slots: record.concurrency,
      limitMs: record.limitMs,
      onOver: (over) => this.#over(over),
    });
  }

  /** Gives up what is in flight and writes down what is known. */
  close(): void {
    this.#flight.close();
    this.#record.intervals = this.#ports.intervals(this.#trustedUntilMs);
    this.#record.answeredLate = this.#late;
  }

  /** Sweeps until every port has its answer, or nothing more can be learnt. */
  async toTheEnd(): Promise<void> {
    const { run } = this.#asked;
    const all = this.#ports.shuffled("all", run.random);
    await this.#begin(all.subarray(0, FIRST));
    for (let pass = 1; pass <= MOST_PASSES && !this.#ended; pass += 1) {
      const answeredBefore = this.#answered;
      const lateBefore = this.#late;
      await this.#pass(pass === 1 ? all.subarray(FIRST) : this.#ports.shuffled("silent", run.random));
      if (this.#ended || this.#ports.count("silent") === 0) return;
      const late = this.#late - lateBefore;
      const { asked, lost } = this.#sentinels.tally();
      const choked = lost > 1 && lost > asked * LOST;
      // Of the answers, as many are lost once more as were lost the first time.
      const hiding = (late * late) / Math.max(1, answeredBefore) > HIDDEN;
      if (!(await this.#stillAnswers())) return;
      if (pass > 1 && !choked && !hiding) {
        this.#trustedUntilMs = Number.POSITIVE_INFINITY;
        return;
      }
      if (hiding && !choked) this.#slowDown("late-answers", 0.5);
    }
  }

  get #ended(): boolean {
    return this.#asked.run.signal.aborted || this.#record.stopped !== null;
  }

  get #answered(): number {
    return this.#ports.count("open") + this.#ports.count("closed") + this.#ports.count("rejected");
  }

  /** A few ports of the range and some beside it, to learn who answers; the others follow soon, whatever these do. */
  async #begin(first: Uint16Array): Promise<void> {
    const { run } = this.#asked;
    const untilMs = run.clock.now() + FIRST_MS + 2 * (this.#record.roundTripMs ?? 0);
    for (const { port } of this.#record.elsewhere) if (this.#flight.room > 0) this.#dial(port, "elsewhere");
    for (const port of first) {
      if (this.#flight.room > 0) this.#dial(port, "port");
      else this.#again.push(port);
    }
    while (this.#flight.count > 0 && run.clock.now() < untilMs && !run.signal.aborted) {
      await run.clock.sleep(FIRST_TICK_MS, run.signal);
    }
  }

  /** Tries the ports of a list; those whose dial failed on this machine, again. */
  async #pass(list: Uint16Array): Promise<void> {
    const { run } = this.#asked;
    let at = 0;
    while (!this.#ended) {
      this.#flight.expire();
      const left = list.length - at + this.#again.length;
      if (left === 0 && this.#flight.count === 0) return;
      if (this.#sentinels.alarming && !(await this.#stillAnswers())) return;
      let allowed = this.#pace.allowance(run.clock.now(), this.#flight.count);
      while (allowed > 0 && this.#flight.room > 0) {
        allowed -= 1;
        const sentinel = this.#sinceSentinel >= SENTINEL_EVERY ? this.#sentinels.next() : null;
        if (sentinel !== null) {
          this.#sinceSentinel = 0;
          this.#dial(sentinel, "sentinel");
          continue;
        }
        const port = list[at] ?? this.#again.pop();
        if (port === undefined) break;
        if (at < list.length) at += 1;
        this.#sinceSentinel += 1;
        this.#dial(port, "port");
      }
      this.#progress.tell(left);
      if (run.clock.now() - this.#pace.changedMs > 1_000 && !this.#sentinels.losing)
        this.#pace.speedUp(run.clock.now());
      await run.clock.sleep(this.#pace.rate === null ? HASTY_TICK_MS : TICK_MS, run.signal);
    }
  }

  /**
   * Does a port that is known to answer still do so when nothing else is asked? If not, somebody has shut us out, and
   * the silence of all that was asked since means nothing. Where no such port is known, the question cannot be put.
   */
  async #stillAnswers(): Promise<boolean> {
    const { run, controlPort } = this.#asked;
    const askedMs = run.clock.now();
    const quiet = { asked: 0, answered: 0 };
    this.#quiet = quiet;
    const alarmed = this.#sentinels.alarming;
    if (alarmed) this.#slowDown("probe-lost", this.#sentinels.answered);
    for (let turn = 0; turn < QUIET_TRIES && !run.signal.aborted; turn += 1) {
      const fallback = this.#controlDials < MOST_CONTROL_DIALS ? controlPort : null;
      const port = this.#sentinels.next() ?? fallback;
      if (port === null) break;
      if (!this.#sentinels.known) this.#controlDials += 1;
      while (this.#flight.room === 0) await this.#rest(FIRST_TICK_MS);
      const asked = quiet.asked;
      this.#dial(port, "quiet");
      while (quiet.asked === asked && !run.signal.aborted) await this.#rest(FIRST_TICK_MS);
      if (quiet.answered > 0) break;
      await this.#rest(QUIET_MS);
    }
    this.#quiet = null;
    if (quiet.asked === 0) return true;
    if (quiet.answered > 0) {
      if (!alarmed) this.#trustedUntilMs = askedMs;
      this.#sentinels.restart();
      this.#pace.restart(run.clock.now());
      return true;
    }
    if (!run.signal.aborted) this.#record.stopped = "shut-out";
    return false;
  }

  async #rest(ms: number): Promise<void> {
    const { run } = this.#asked;
    await run.clock.sleep(ms, run.signal);
    this.#flight.expire();
  }

  #dial(port: number, errand: Errand): void {
    this.#record.dials += 1;
    this.#pace.spend();
    this.#flight.begin(port, errand);
  }

  #over(over: DialOver): void {
    const answer = answerOf(over.end);
    if (answer === null) this.#ownTrouble(over);
    else this.#troubleSinceMs = null;
    switch (over.errand) {
      case "port":
        this.#portOver(over, answer);
        break;
      case "sentinel":
        if (answer === null) this.#sentinels.unasked(over.port);
        else this.#sentinelOver(over, answer !== "silent");
        break;
      case "elsewhere":
        this.#elsewhereOver(over.port, answer);
        break;
      case "quiet":
        if (this.#quiet === null) break;
        this.#quiet.asked += 1;
        if (answer !== null && answer !== "silent") this.#quiet.answered += 1;
        break;
    }
  }

  #portOver({ port, begunMs }: DialOver, answer: PortAnswer | null): void {
    if (answer === null) return;
    if (answer === "silent") {
      this.#ports.silent(port, begunMs);
      return;
    }
    if (this.#ports.of(port) === "silent") this.#late += 1;
    this.#ports.answered(port, answer);
    this.#consider(port, answer);
  }

  /** A closed port disturbs nobody however often it is asked; behind an open one somebody may wait for a transfer. */
  #consider(port: number, answer: PortAnswer): void {
    if (answer !== "closed" || !this.#sentinels.wants(port)) return;
    const dials = this.#sentinels.prove(port);
    for (let index = 0; index < dials; index += 1) {
      if (this.#flight.room > 0) this.#dial(port, "sentinel");
      else this.#sentinels.ended(port, false, false);
    }
  }

  #sentinelOver({ port, begunMs }: DialOver, answered: boolean): void {
    this.#sentinels.ended(port, answered, begunMs >= this.#pace.changedMs);
    if (this.#sentinels.losing) this.#slowDown("probe-lost", this.#sentinels.answered);
    else if (answered) this.#trustedUntilMs = Math.max(this.#trustedUntilMs, begunMs);
  }

  #elsewhereOver(port: number, answer: PortAnswer | null): void {
    const entry = this.#record.elsewhere.find((each) => each.port === port);
    if (entry === undefined || answer === null) return;
    if (answer !== "silent") {
      entry.state = answer;
      this.#consider(port, answer);
    } else if (!this.#askedAgain.has(port)) {
      this.#askedAgain.add(port);
      if (this.#flight.room > 0 && !this.#ended) this.#dial(port, "elsewhere");
    } else entry.state = "filtered";
  }

  /** Never the server's fault: the port is asked again, later, with fewer in flight. */
  #ownTrouble({ end, port, errand }: DialOver): void {
    const { run } = this.#asked;
    const now = run.clock.now();
    if (end === "local-error") {
      this.#localErrors += 1;
      if (this.#answered + this.#ports.count("silent") === 0 && this.#localErrors >= MOST_LOCAL_ERRORS) {
        this.#record.stopped = "own-limits";
      }
      return;
    }
    if (errand === "port") this.#again.push(port);
    this.#troubleSinceMs ??= now;
    if (now - this.#troubleSinceMs > HOPELESS_MS) this.#record.stopped = "own-limits";
    if (now < this.#recoveredMs) return;
    this.#recoveredMs = now + RECOVERY_MS;
    this.#pace.pauseUntil(this.#recoveredMs);
    this.#pace.narrow(this.#flight.count);
    this.#note(end === "no-descriptor" ? "descriptors" : end === "no-memory" ? "memory" : "local-ports");
  }

  #slowDown(why: Slowdown["why"], answered: number): void {
    if (this.#pace.slowDown(this.#asked.run.clock.now(), answered)) this.#note(why);
    this.#sentinels.restart();
  }

  #note(why: Slowdown["why"]): void {
    this.#record.slowdowns.push(this.#pace.slowdown(why, this.#asked.run.recorder.now()));
  }
}

/** What the network said of a port; null where this machine could not even ask. */
function answerOf(end: DialEnd): PortAnswer | null {
  switch (end) {
    case "connected":
      return "open";
    case "refused":
      return "closed";
    case "rejected":
    case "silent":
      return end;
    case "no-local-port":
    case "no-descriptor":
    case "no-memory":
    case "local-error":
      return null;
  }
}
