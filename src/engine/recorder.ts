import type {
  ClientRecord,
  Evidence,
  ExperimentRecord,
  PolicyRecord,
  RoundRecord,
  SessionRecord,
  TargetRecord,
  Tool,
  TranscriptLine,
} from "../model/evidence.ts";
import { EVIDENCE_VERSION } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Secret } from "../model/secret.ts";
import type { Clock } from "../system/ports.ts";
import { HIDDEN, Redaction } from "./redaction.ts";

/** A transcript longer than this is cut: the run is bounded, a hostile server's talk is not. */
const TRANSCRIPT_LINES = 400;
/** The reply reader cuts no text before it is this long. */
const CUT_LENGTH = 250;

/**
 * Collects evidence while a run goes on. Records are added when their experiment begins and filled in place, so that
 * an interrupted run keeps what is known. All text from outside passes `redact`: the one funnel that hides secrets by value.
 */
export class Recorder {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #redaction: Redaction;
  readonly #startedNow: number;
  readonly #startedAt: Date;
  readonly #experiments: ExperimentRecord[] = [];
  readonly #sessions: SessionRecord[] = [];
  readonly #rounds: RoundRecord[] = [];
  readonly #counts = new Map<string, number>();
  #lastEventMs = 0;

  /** `prefix` goes before every id, so that records of several recorders can stand in one evidence. */
  constructor(clock: Clock, secrets: readonly Secret[], prefix = "") {
    this.#clock = clock;
    this.#prefix = prefix;
    this.#redaction = new Redaction(secrets.map((secret) => secret.reveal()));
    this.#startedNow = clock.now();
    this.#startedAt = clock.date();
  }

  /** Milliseconds since the run began, to a tenth. */
  now(): number {
    this.#lastEventMs = tenth(this.#clock.now() - this.#startedNow);
    return this.#lastEventMs;
  }

  /**
   * Hides every secret that stands in the text; where the text was `cut` off, also the beginning of one at its end.
   * What is hidden already stays as it is, even where the password is `secret`.
   */
  redact(text: string, cut = false): string {
    return this.#redaction.hide(text, cut);
  }

  /** The next id of a kind: `passive-1`, `passive-2`, ... */
  nextId(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${this.#prefix}${kind}-${count}`;
  }

  /** Adds a record; it may be filled later. */
  add(record: ExperimentRecord): void {
    this.#experiments.push(record);
  }

  /** The records so far, in the order in which they were begun; those under way are still being filled. */
  records(): readonly ExperimentRecord[] {
    return this.#experiments;
  }

  /** Adds a session's record; it is filled as the session goes on. */
  addSession(record: SessionRecord): void {
    this.#sessions.push(record);
  }

  /** Adds the record of a further round; it may be filled later. */
  addRound(record: RoundRecord): void {
    this.#rounds.push(record);
  }

  /** The further rounds so far. */
  rounds(): readonly RoundRecord[] {
    return this.#rounds;
  }

  /** Adds a line to a session's transcript, redacted. */
  line(session: SessionRecord, direction: TranscriptLine["direction"], text: string): void {
    if (session.transcript.length > TRANSCRIPT_LINES) return;
    const full = session.transcript.length === TRANSCRIPT_LINES;
    session.transcript.push({
      atMs: this.now(),
      direction: full ? "note" : direction,
      text: full ? "the rest of this conversation was not kept" : this.#said(direction, text),
    });
  }

  /** What was hidden by position needs no hiding by value, which would tell a password such as `PASS`. */
  #said(direction: TranscriptLine["direction"], text: string): string {
    return direction === "sent" && text.endsWith(` ${HIDDEN}`) ? text : this.redact(text, text.length >= CUT_LENGTH);
  }

  /** The evidence so far; a copy, so that work still ending cannot change it. */
  evidence(about: {
    tool: Tool;
    target: TargetRecord;
    policy: PolicyRecord;
    client: ClientRecord;
    stoppedBy: NonNullable<Evidence["stoppedBy"]> | null;
  }): Evidence {
    return structuredClone({
      evidenceVersion: EVIDENCE_VERSION,
      tool: about.tool,
      startedAt: this.#startedAt.toISOString(),
      // A run that was stopped lasted until then, also where it was waiting.
      durationMs: about.stoppedBy === null ? this.#lastEventMs : this.now(),
      complete: about.stoppedBy === null,
      ...(about.stoppedBy === null ? {} : { stoppedBy: about.stoppedBy }),
      target: about.target,
      policy: about.policy,
      client: about.client,
      experiments: this.#experiments,
      sessions: this.#sessions,
      ...(this.#rounds.length === 0 ? {} : { rounds: this.#rounds }),
    });
  }
}
