import type {
  ClientRecord,
  Evidence,
  ExperimentRecord,
  PolicyRecord,
  SessionRecord,
  TargetRecord,
  Tool,
  TranscriptLine,
} from "../model/evidence.ts";
import { EVIDENCE_VERSION } from "../model/evidence.ts";
import type { Secret } from "../model/secret.ts";
import type { Clock } from "../system/ports.ts";

/** A transcript longer than this is cut: the run is bounded, a hostile server's talk is not. */
const TRANSCRIPT_LINES = 400;
/** A secret shorter than this would redact half of the evidence; PASS is redacted by position anyway. */
const REDACTABLE_LENGTH = 3;

/**
 * Collects evidence while a run goes on. Records are added when their experiment begins and filled in place, so that
 * an interrupted run keeps what is known. All text from outside passes `redact`: the one funnel that hides secrets by value.
 */
export class Recorder {
  readonly #clock: Clock;
  readonly #secrets: readonly string[];
  readonly #startedNow: number;
  readonly #startedAt: Date;
  readonly #experiments: ExperimentRecord[] = [];
  readonly #sessions: SessionRecord[] = [];
  readonly #counts = new Map<string, number>();
  #lastEventMs = 0;

  constructor(clock: Clock, secrets: readonly Secret[]) {
    this.#clock = clock;
    this.#secrets = secrets.map((secret) => secret.reveal()).filter((value) => value.length >= REDACTABLE_LENGTH);
    this.#startedNow = clock.now();
    this.#startedAt = clock.date();
  }

  /** Milliseconds since the run began, to a tenth. */
  now(): number {
    this.#lastEventMs = tenth(this.#clock.now() - this.#startedNow);
    return this.#lastEventMs;
  }

  /** Hides every secret that stands in the text. */
  redact(text: string): string {
    return this.#secrets.reduce((hidden, secret) => hidden.replaceAll(secret, "[secret]"), text);
  }

  /** The next id of a kind: `passive-1`, `passive-2`, ... */
  nextId(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}-${count}`;
  }

  /** Adds a record; it may be filled later. */
  add(record: ExperimentRecord): void {
    this.#experiments.push(record);
  }

  /** Adds a session's record; it is filled as the session goes on. */
  addSession(record: SessionRecord): void {
    this.#sessions.push(record);
  }

  /** Adds a line to a session's transcript, redacted. */
  line(session: SessionRecord, direction: TranscriptLine["direction"], text: string): void {
    if (session.transcript.length > TRANSCRIPT_LINES) return;
    const full = session.transcript.length === TRANSCRIPT_LINES;
    session.transcript.push({
      atMs: this.now(),
      direction: full ? "note" : direction,
      text: full ? "the rest of this conversation was not kept" : this.redact(text),
    });
  }

  /** Records of one experiment so far. */
  records(): readonly ExperimentRecord[] {
    return this.#experiments;
  }

  /** The evidence so far; a copy, so that work still ending cannot change it. */
  evidence(about: {
    tool: Tool;
    target: TargetRecord;
    policy: PolicyRecord;
    client: ClientRecord;
    complete: boolean;
  }): Evidence {
    return structuredClone({
      evidenceVersion: EVIDENCE_VERSION,
      tool: about.tool,
      startedAt: this.#startedAt.toISOString(),
      durationMs: this.#lastEventMs,
      complete: about.complete,
      target: about.target,
      policy: about.policy,
      client: about.client,
      experiments: this.#experiments,
      sessions: this.#sessions,
    });
  }
}

/** Rounds milliseconds to a tenth: finer is noise. */
export function tenth(ms: number): number {
  return Math.round(ms * 10) / 10;
}
