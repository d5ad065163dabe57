import type { RecordOf, Slowdown } from "../model/evidence.ts";
import type { AddressContext } from "./context.ts";
import { type DialOver, type Errand, Flight } from "./sweep-flight.ts";
import { Pace } from "./sweep-pace.ts";
import { isResetLimit } from "./sweep-reset-limit.ts";
import { Sentinels } from "./sweep-sentinels.ts";
import { SweptPorts } from "./sweep-states.ts";
import { answerOf, type OwnEnd, OwnTroubles, type PortAnswer } from "./sweep-trouble.ts";

/** Ports by what they answered. */
export interface Answers {
  /** Ports that accepted. */
  open: number;
  /** Ports that answered with a reset. */
  closed: number;
  /** Ports for which an ICMP error came. */
  rejected: number;
}

/** How long dials are waited for. */
export interface SweepLimits {
  /** For an answer to a SYN, in milliseconds. */
  answerMs: number;
  /**
   * For answers to the SYN and to the one that the system sends after `SECOND_SYN_MS`, which is the cheapest second try there
   * is; null where ports are dialled anew for it.
   */
  bothMs: number | null;
  /** From when on an answer is a late one, of which more may be lost; below it is as usual on this way. */
  lateMs: number;
}

/** A SYN without an answer is sent again after 1 s (RFC 6298 section 2), by the system, on the same socket. */
export const SECOND_SYN_MS = 1_000;

/** Between two looks at the clock while a single answer is waited for. */
export const WAITING_MS = 5;

/** The dials of a sweep: what became of each goes where it belongs, according to what it was made for. */
export class SweepDials {
  /** What is known of the range. */
  readonly ports: SweptPorts;
  /** How fast it may go. */
  readonly pace: Pace;
  /** Ports that are known to answer. */
  readonly sentinels = new Sentinels();
  /** Ports whose dial failed on this machine. */
  readonly again: number[] = [];
  /** What ports answered that had been silent before. */
  readonly late: Answers = { open: 0, closed: 0, rejected: 0 };
  /** Ports that were silent before they sent a reset. */
  readonly #lateClosed: number[] = [];
  /** Silence of what was asked later than this may be due to whatever made the sentinels silent. */
  trustedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #run: AddressContext["run"];
  readonly #record: RecordOf<"sweep">;
  readonly #flight: Flight;
  readonly #troubles = new OwnTroubles();
  /** So long a dial takes that was silent twice; null where none is waited for so long. */
  readonly #bothMs: number | null;
  readonly #lateMs: number;
  #patient: boolean;
  /** Who waits for the answer of a port that was asked alone, or several times at once: whose it is makes no difference then. */
  readonly #waiting: { it: PortAnswer | null | undefined }[] = [];
  /** Ports elsewhere that were silent once. */
  readonly #askedAgain = new Set<number>();

  constructor(run: AddressContext["run"], record: RecordOf<"sweep">, { answerMs, bothMs, lateMs }: SweepLimits) {
    this.#run = run;
    this.#record = record;
    this.#bothMs = bothMs;
    this.#lateMs = lateMs;
    this.#patient = bothMs !== null;
    this.ports = new SweptPorts(record.range);
    this.pace = new Pace(record.rate, record.concurrency, run.clock.now());
    this.#flight = new Flight({
      network: run.network,
      clock: run.clock,
      address: record.address,
      localAddress: run.options.sourceAddress,
      slots: record.concurrency,
      limitsMs: { brief: answerMs, patient: bothMs ?? answerMs },
      onOver: (over) => this.#over(over),
    });
  }

  /** Gives up what is in flight and writes down what is known. */
  close(): void {
    this.#flight.close();
    this.#record.intervals = this.ports.intervals(this.trustedUntilMs, this.#record.stopped === "unsettled");
    this.#record.answeredLate = this.late.open + this.late.closed + this.late.rejected;
  }

  /** Whether the sweep was stopped, by whomever. */
  get ended(): boolean {
    return this.#run.signal.aborted || this.#record.stopped !== null;
  }

  /** Dials in flight. */
  get inFlight(): number {
    return this.#flight.count;
  }

  /** Whether one more can be made. */
  get hasRoom(): boolean {
    return this.#flight.room > 0;
  }

  /** Ends those whose limit has passed. */
  expire(): void {
    this.#flight.expire();
  }

  /** Whether each dial is waited for until its second SYN might have been answered, and no trouble has put an end to that. */
  get patient(): boolean {
    return this.#patient;
  }

  /** From now on an answer to the first SYN is all that is waited for; what is silent is dialled again. */
  hurry(): void {
    this.#patient = false;
    this.#flight.hurry();
  }

  /** How many ports gave each answer so far. */
  get answered(): Answers {
    return {
      open: this.ports.count("open"),
      closed: this.ports.count("closed"),
      rejected: this.ports.count("rejected"),
    };
  }

  /** What a port answers that is asked apart from all others; null where this machine could not ask. */
  async ask(port: number): Promise<PortAnswer | null> {
    while (this.#flight.room === 0 && !this.ended) await this.rest(WAITING_MS);
    const answer: { it: PortAnswer | null | undefined } = { it: undefined };
    this.#waiting.push(answer);
    this.dial(port, "alone");
    while (answer.it === undefined && !this.ended) await this.rest(WAITING_MS);
    return answer.it ?? null;
  }

  /** Asks the ports elsewhere, silent ones twice. */
  async askElsewhere(): Promise<void> {
    for (const { port } of this.#record.elsewhere) if (this.hasRoom) this.dial(port, "elsewhere");
    while (this.inFlight > 0 && !this.ended) await this.rest(WAITING_MS);
  }

  /** Waits, and ends what is overdue. */
  async rest(ms: number): Promise<void> {
    await this.#run.clock.sleep(ms, this.#run.signal);
    this.#flight.expire();
  }

  /** Whether the resets are likely those of a limit on connections, and no word on any port. */
  get resetsDoubted(): boolean {
    const late = new Set(this.#lateClosed.map((port) => this.ports.turnOf(port)));
    const resets = [...this.ports.shuffled("closed", () => 0)].map((port) => this.ports.turnOf(port));
    const prompt = resets.filter((turn) => !late.has(turn));
    return isResetLimit([...late], prompt, this.ports.asked);
  }

  /** Makes a dial; there must be room. */
  dial(port: number, errand: Errand): void {
    if (errand === "port") this.ports.ask(port);
    this.#record.dials += 1;
    this.pace.spend();
    // A sentinel tells of the first SYN alone, and soon.
    this.#flight.begin(port, errand, this.#patient && errand === "port" ? "patient" : "brief");
  }

  #over(over: DialOver): void {
    const told = answerOf(over.end);
    const answer = told.asked ? told.answer : null;
    if (told.asked) this.#troubles.over();
    else this.#ownTrouble(over, told.why);
    switch (over.errand) {
      case "port":
        this.#portOver(over, answer);
        break;
      case "sentinel":
        if (answer === null) this.sentinels.unasked(over.port);
        else this.#sentinelOver(over, answer !== "silent");
        break;
      case "elsewhere":
        this.#elsewhereOver(over.port, answer);
        break;
      case "alone": {
        const waiting = this.#waiting.shift();
        if (waiting !== undefined) waiting.it = answer;
        break;
      }
      case "closed":
        if (answer === "silent") this.ports.rejectClosed(over.port);
        break;
    }
  }

  #portOver({ port, begunMs, ms }: DialOver, answer: PortAnswer | null): void {
    if (answer === null) return;
    if (answer === "silent") {
      const twice = this.#bothMs !== null && ms >= this.#bothMs;
      this.ports.silent(port, twice ? begunMs + SECOND_SYN_MS : begunMs, twice ? 2 : 1);
      return;
    }
    if (this.ports.of(port) === "silent" || ms >= this.#lateMs) {
      this.late[answer] += 1;
      if (answer === "closed") this.#lateClosed.push(port);
    }
    this.ports.answered(port, answer);
    this.consider(port, answer);
  }

  /** Makes a sentinel of a closed port, if one is wanted: it disturbs nobody however often it is asked; behind an open one somebody may wait for a transfer. */
  consider(port: number, answer: PortAnswer): void {
    if (answer !== "closed" || !this.sentinels.wants(port)) return;
    const dials = this.sentinels.prove(port);
    for (let index = 0; index < dials; index += 1) {
      if (this.#flight.room > 0) this.dial(port, "sentinel");
      else this.sentinels.unasked(port);
    }
  }

  #sentinelOver({ port, begunMs }: DialOver, answered: boolean): void {
    this.sentinels.ended(port, answered, begunMs >= this.pace.changedMs);
    if (this.sentinels.losing) this.slowDown("probe-lost", this.sentinels.answered);
    else if (answered) this.trustedUntilMs = Math.max(this.trustedUntilMs, begunMs);
  }

  #elsewhereOver(port: number, answer: PortAnswer | null): void {
    const entry = this.#record.elsewhere.find((each) => each.port === port);
    if (entry === undefined || answer === null) return;
    if (answer !== "silent") {
      entry.state = answer;
    } else if (!this.#askedAgain.has(port)) {
      this.#askedAgain.add(port);
      if (this.#flight.room > 0 && !this.ended) this.dial(port, "elsewhere");
    } else entry.state = "filtered";
  }

  /** Never the server's fault: the port is asked again, later, with fewer in flight. */
  #ownTrouble({ port, errand }: DialOver, why: OwnEnd): void {
    if (errand === "port" && why !== "local-error") this.again.push(port);
    const trouble = this.#troubles.failed(why, this.#run.clock.now());
    if (trouble.kind === "hopeless") this.#record.stopped = "own-limits";
    if (trouble.kind !== "pause") return;
    this.pace.pauseUntil(trouble.untilMs);
    this.pace.narrow(this.#flight.count);
    this.hurry();
    this.#note(trouble.why);
  }

  /** Goes slower, because of what was begun since the last change only this part was answered. */
  slowDown(why: Slowdown["why"], answered: number): void {
    if (this.pace.slowDown(this.#run.clock.now(), answered)) this.#note(why);
    this.sentinels.restart();
    // What is sent again by itself would keep choked what is choked.
    this.hurry();
  }

  #note(why: Slowdown["why"]): void {
    this.#record.slowdowns.push(this.pace.slowdown(why, this.#run.recorder.now()));
  }
}
