import type { RecordOf } from "../model/evidence.ts";
import type { AddressContext } from "./context.ts";
import { type Answers, SweepDials, type SweepLimits, WAITING_MS } from "./sweep-dials.ts";
import { CLOSED_ROUNDS, whatSilenceMeans } from "./sweep-errors.ts";
import { SweepProgress } from "./sweep-progress.ts";
import { PROOF } from "./sweep-sentinels.ts";
import type { PortAnswer } from "./sweep-trouble.ts";

/** What a sweep needs of its context. */
interface Asked extends Pick<AddressContext, "run" | "address"> {
  controlPort: number | null;
}

/** Between two looks at the clock: with a rate, and without one, where every moment counts. */
const [TICK_MS, HASTY_TICK_MS] = [10, 1];
/** Ports of the range that are tried first, and how long their answers are waited for: they show the round trip and who answers. */
const FIRST = 8;
const FIRST_MS = 60;
/** A sentinel is asked after so many ports. */
const SENTINEL_EVERY = 40;
/** Passes over what is silent; the rate is lowered from one to the next while answers are being lost. */
const MOST_PASSES = 8;
/** Ports that may still hide behind lost answers, by estimate, when the sweep is taken to be at its end. */
const HIDDEN = 0.05;
/** What part of the sentinels may be lost in a pass that counts. */
const LOST = 0.05;
/** So many sentinels must have been asked, and none lost, to take the way for clear. */
const ENOUGH_ASKED = 20;
/** How often a port that is known to answer is asked in quiet, and how far apart. */
const QUIET_TRIES = 8;
const QUIET_MS = 1_000;
/** The control port counts its callers (CSF's PORTFLOOD: five in five minutes); it is asked less than that. */
const MOST_CONTROL_DIALS = 3;
/** How long nothing may be lost before the rate grows again. */
const CLEAN_MS = 1_000;
/** What part is taken to have answered where answers come late and no port is known by which to measure it. */
const ANSWERED_UNMEASURED = 0.5;

/** One sweep on its way: which ports are tried when, and when it is at its end. */
export class SweepRun {
  readonly #asked: Asked;
  readonly #record: RecordOf<"sweep">;
  readonly #dials: SweepDials;
  readonly #progress: SweepProgress;
  #controlDials = 0;
  #sinceSentinel = 0;
  /** Whether answers were ever lost for want of room on the way. */
  #choked = false;
  /** Whether a port that looked closed was asked in quiet, and answered now and then only, as ICMP errors come. */
  #onlyErrors = false;
  /** Whether silent ports were once asked slowly, to learn whether their silence is one. */
  #askedSlowly = false;

  constructor(asked: Asked, record: RecordOf<"sweep">, limits: SweepLimits) {
    this.#asked = asked;
    this.#record = record;
    this.#dials = new SweepDials(asked.run, record, limits);
    this.#progress = new SweepProgress(asked.run, record.address, this.#dials.ports, this.#dials.pace);
  }

  /** Gives up what is in flight and writes down what is known. */
  close(): void {
    this.#dials.close();
  }

  /** Sweeps until every port has its answer, or nothing more can be learnt. */
  async toTheEnd(): Promise<void> {
    await this.#sweep();
    // A host that accepts everything shows in ports on which nothing can be expected; only then is there a reason to knock there.
    if (!this.#dials.ended && this.#dials.ports.count("open") > 0) await this.#dials.askElsewhere();
  }

  async #sweep(): Promise<void> {
    const { run } = this.#asked;
    const all = this.#dials.ports.shuffled("all", run.random);
    await this.#begin(all.subarray(0, FIRST));
    let next = all.subarray(FIRST);
    for (let pass = 1; pass <= MOST_PASSES && !this.#dials.ended; pass += 1) {
      const before = { answered: this.#dials.answered, late: { ...this.#dials.late } };
      await this.#pass(next, "port");
      if (this.#dials.ended || this.#dials.ports.count("silent") === 0) return this.#doubtResets();
      const { asked, lost } = this.#dials.sentinels.tally();
      const choked = lost > 1 && lost > asked * LOST;
      this.#choked ||= choked;
      // What the first pass had to ask twice, it asked itself.
      const answered = pass === 1 ? this.#dials.answered : before.answered;
      const hiding = this.#hidden({ ...before, answered }) > HIDDEN;
      if (!(await this.#stillAnswers())) return;
      const settled = pass > 1 && !choked && !hiding;
      // Nothing that accepts, and no port known to answer, was ever lost: what comes late are errors, of which a firewall sends only so many.
      const stragglers = this.#stragglers(before.late) > 0 && lost === 0 && !this.#askedSlowly;
      const calm = !choked && this.#dials.late.open === before.late.open && !this.#choked;
      const suspect = calm && (hiding || stragglers);
      const limited = suspect && (await this.#areErrorsLimited());
      if (settled || limited) {
        this.#dials.trustedUntilMs = Number.POSITIVE_INFINITY;
        if (!limited) this.#doubtResets();
        return;
      }
      // Where a port known to answer was never lost, the present rate is good; what was silent at a higher one is asked again.
      if (hiding && !choked && !this.#dials.sentinels.known) this.#dials.slowDown("late-answers", ANSWERED_UNMEASURED);
      const clear = this.#dials.patient && this.#nothingLost(asked, lost);
      next = clear ? this.#dials.ports.doubtful(run.random) : this.#dials.ports.shuffled("silent", run.random);
      this.#dials.hurry();
    }
    if (!this.#dials.ended) this.#record.stopped = "unsettled";
  }

  /** Where a limit answers with resets in the server's place, they are no word on any port; it loses none that is known to answer. */
  #doubtResets(): void {
    if (this.#dials.ended || this.#record.slowdowns.length > 0 || !this.#dials.resetsDoubted) return;
    this.#dials.ports.doubtClosed();
    this.#record.stopped = "reset-limit";
  }

  /**
   * Whether nothing at all was lost in a pass whose silent ports were all asked twice: no port known to answer, and no
   * answer that only came to the second SYN. Where nobody answered, there is nothing to lose.
   */
  #nothingLost(sentinelsAsked: number, sentinelsLost: number): boolean {
    const { late, answered } = this.#dials;
    if (sentinelsLost + late.open + late.closed + late.rejected > 0) return false;
    return sentinelsAsked >= ENOUGH_ASKED || answered.open + answered.closed + answered.rejected === 0;
  }

  /** What looked silent and then answered, as an error or as what may be one, while nothing else was lost: one is reason to ask slowly. */
  #stragglers(before: Answers): number {
    const { late } = this.#dials;
    return late.closed - before.closed + late.rejected - before.rejected;
  }

  /** How many ports may still hide, by estimate: of each answer, as many are lost once more as were lost the first time. */
  #hidden(before: { answered: Answers; late: Answers }): number {
    const hidden = (answer: keyof Answers) =>
      (this.#dials.late[answer] - before.late[answer]) ** 2 / Math.max(1, before.answered[answer]);
    return hidden("open") + hidden("closed") + hidden("rejected");
  }

  /** A few ports of the range, to learn who answers; the others follow soon, whatever these do. */
  async #begin(first: Uint16Array): Promise<void> {
    const { run } = this.#asked;
    const untilMs = run.clock.now() + FIRST_MS + 2 * (this.#record.roundTripMs ?? 0);
    for (const port of first) {
      if (this.#dials.hasRoom) this.#dials.dial(port, "port");
      else this.#dials.again.push(port);
    }
    while (this.#dials.inFlight > 0 && run.clock.now() < untilMs && !run.signal.aborted) {
      await run.clock.sleep(WAITING_MS, run.signal);
    }
  }

  /** Tries the ports of a list; those whose dial failed on this machine, again. */
  async #pass(list: Uint16Array, errand: "port" | "closed"): Promise<void> {
    const { run } = this.#asked;
    let at = 0;
    while (!this.#dials.ended) {
      this.#dials.expire();
      const left = list.length - at + this.#dials.again.length;
      if (left === 0 && this.#dials.inFlight === 0) return;
      if (this.#dials.sentinels.alarming && !(await this.#stillAnswers())) return;
      let allowed = this.#dials.pace.allowance(run.clock.now(), this.#dials.inFlight);
      while (allowed > 0 && this.#dials.hasRoom) {
        allowed -= 1;
        const sentinel = this.#sinceSentinel >= SENTINEL_EVERY ? this.#dials.sentinels.next() : null;
        if (sentinel !== null) {
          this.#sinceSentinel = 0;
          this.#dials.dial(sentinel, "sentinel");
          continue;
        }
        const port = list[at] ?? this.#dials.again.pop();
        if (port === undefined) break;
        if (at < list.length) at += 1;
        this.#sinceSentinel += 1;
        this.#dials.dial(port, errand);
      }
      this.#progress.tell(left);
      if (run.clock.now() - this.#dials.pace.changedMs > CLEAN_MS && !this.#dials.sentinels.losing) {
        this.#dials.pace.speedUp(run.clock.now());
      }
      await run.clock.sleep(this.#dials.pace.rate === null ? HASTY_TICK_MS : TICK_MS, run.signal);
    }
  }

  /**
   * Does a port that is known to answer still do so when nothing else is asked? If not, somebody has shut us out, and
   * the silence of all that was asked since means nothing. Where no such port is known, the question cannot be put.
   */
  async #stillAnswers(): Promise<boolean> {
    const proof = await this.#proveInQuiet();
    return proof === null ? this.#sentinelAnswers() : proof;
  }

  /**
   * Where ports answered and none has proven that it always does, the rush may have been too much from its first moment on, as
   * where a table of connections is full: then nothing showed the loss, and one of those that answered is asked again. Null where
   * there is no such port, or another way to tell; false where it answers no more, although nothing else is asked.
   */
  async #proveInQuiet(): Promise<boolean | null> {
    const { run } = this.#asked;
    const { ports, sentinels } = this.#dials;
    if (sentinels.known || this.#onlyErrors || ports.count("closed") === 0) return null;
    const closed = ports.shuffled("closed", run.random);
    for (let turn = 0; turn < QUIET_TRIES && !this.#dials.ended; turn += 1) {
      const port = closed[turn % closed.length] ?? 0;
      const asked = Array.from({ length: PROOF }, () => this.#dials.ask(port));
      const answers = (await Promise.all(asked)).filter((answer) => answer === "closed").length;
      this.#onlyErrors = answers > 0 && answers < PROOF;
      if (answers === PROOF) sentinels.trust(port);
      if (answers > 0) return true;
      await this.#dials.rest(QUIET_MS);
    }
    if (!run.signal.aborted) this.#record.stopped ??= "shut-out";
    return false;
  }

  async #sentinelAnswers(): Promise<boolean> {
    const { run, controlPort } = this.#asked;
    const askedMs = run.clock.now();
    const alarmed = this.#dials.sentinels.alarming;
    if (alarmed) this.#dials.slowDown("probe-lost", this.#dials.sentinels.answered);
    for (let turn = 0; turn < QUIET_TRIES && !run.signal.aborted; turn += 1) {
      const fallback = this.#controlDials < MOST_CONTROL_DIALS ? controlPort : null;
      const port = this.#dials.sentinels.next() ?? fallback;
      // Nobody is known to answer, or may be asked any more.
      if (port === null && turn === 0) return true;
      if (port === null) break;
      if (!this.#dials.sentinels.known) this.#controlDials += 1;
      const answer = await this.#dials.ask(port);
      if (answer !== null && answer !== "silent") {
        if (!alarmed) this.#dials.trustedUntilMs = askedMs;
        this.#dials.sentinels.restart();
        this.#dials.pace.restart(run.clock.now());
        return true;
      }
      await this.#dials.rest(QUIET_MS);
    }
    if (!run.signal.aborted) this.#record.stopped = "shut-out";
    return false;
  }

  /** Are the silent ports rejected as well, by a firewall that sends only so many errors? Then they count as rejected. */
  async #areErrorsLimited(): Promise<boolean> {
    const { run } = this.#asked;
    this.#askedSlowly = true;
    run.progress(`asking some silent ports of ${this.#asked.address} slowly`);
    const silence = await whatSilenceMeans({
      silent: this.#dials.ports.shuffled("silent", run.random),
      ask: (port) => this.#dials.ask(port),
      rest: (ms) => this.#dials.rest(ms),
      askInRow: async (port, times, apartMs) => {
        const answers: Promise<PortAnswer | null>[] = [];
        for (let turn = 0; turn < times && !this.#dials.ended; turn += 1) {
          answers.push(this.#dials.ask(port));
          await this.#dials.rest(apartMs);
        }
        return (await Promise.all(answers)).filter((answer) => answer === "closed").length;
      },
    });
    if (this.#dials.ended) return false;
    switch (silence.kind) {
      case "silent":
        return false;
      case "lost":
        this.#choked = true;
        this.#dials.sentinels.forgive();
        if (silence.answers !== null) this.#dials.sentinels.trust(silence.answers);
        return false;
      case "mixed":
        this.#record.limitedErrors = { assumed: 0 };
        return true;
      case "rejected": {
        // A reset comes each time; what looked like one and now is silent was an error too.
        for (let round = 0; silence.asReset && round < CLOSED_ROUNDS; round += 1) {
          await this.#pass(this.#dials.ports.shuffled("closed", run.random), "closed");
        }
        this.#record.limitedErrors = { assumed: this.#dials.ports.count("silent") };
        this.#dials.ports.rejectSilent();
        return true;
      }
    }
  }
}
