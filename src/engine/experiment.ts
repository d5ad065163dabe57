import type { ExperimentRecord, RecordBase, RecordOf } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Recorder } from "./recorder.ts";

type Name = ExperimentRecord["experiment"];
/** What an experiment fills in: its record without the part that the engine keeps. */
export type Answer<E extends Name> = Omit<RecordOf<E>, keyof RecordBase | "experiment">;

/** One question put to the network. */
export interface Experiment<E extends Name, Context, Result> {
  /** Names its records in the evidence, and what a rule `needs`. */
  name: E;
  /** The answer before anything is known; a session need not be had for it. */
  blank(context: Omit<Context, "open">): Answer<E>;
  /**
   * Puts the question and fills `record` in place as it learns, so that a stop in the middle keeps what is known.
   * What it returns is for the experiments that come after it.
   */
  run(context: Context, record: RecordOf<E>): Promise<Result>;
}

/** What the engine needs of a run. */
export interface Observation {
  /** Where its records go. */
  recorder: Recorder;
  /** Aborted by the user or the deadline. */
  signal: AbortSignal;
}

/** Why steps are stopped, where their records are to say it. */
export class StopReason {
  /** The note for the record of what was stopped. */
  readonly note: string;

  constructor(note: string) {
    this.note = note;
  }
}

/** Declares an experiment. */
export function defineExperiment<E extends Name, Context, Result>(
  experiment: Experiment<E, Context, Result>,
): Experiment<E, Context, Result> {
  return experiment;
}

/**
 * Makes an experiment: records its beginning, runs it, records its end. A bug inside it becomes a record that says
 * `crashed`, and the rest of the run goes on; null is returned then, and when the run was stopped before it began.
 */
export async function observe<E extends Name, Context, Result>(
  observation: Observation,
  experiment: Experiment<E, Context, Result>,
  context: Context,
): Promise<Result | null> {
  const record = begin(observation.recorder, experiment, context);
  return resume(observation, record, () => experiment.run(context, record));
}

/** Goes on with an experiment whose record is already there, under the same care as `observe`. */
export async function resume<Result>(
  observation: Observation,
  record: RecordBase,
  run: () => Promise<Result>,
): Promise<Result | null> {
  if (observation.signal.aborted) {
    cancel(observation, record);
    return null;
  }
  try {
    const result = await run();
    if (observation.signal.aborted && record.status === "done") cancel(observation, record);
    return result;
  } catch (error) {
    record.status = "crashed";
    record.note = observation.recorder.redact(error instanceof Error ? error.message : String(error));
    return null;
  } finally {
    record.durationMs = tenth(observation.recorder.now() - record.startedMs);
  }
}

function cancel({ signal }: Observation, record: RecordBase): void {
  record.status = "cancelled";
  if (signal.reason instanceof StopReason) record.note ??= signal.reason.note;
}

/** Records that an experiment was not made, and why. */
export function skip<E extends Name, Context, Result>(
  observation: Observation,
  experiment: Experiment<E, Context, Result>,
  context: Omit<Context, "open">,
  why: string,
): void {
  const record = begin(observation.recorder, experiment, context);
  record.status = observation.signal.aborted ? "cancelled" : "skipped";
  record.note = why;
}

function begin<E extends Name, Context, Result>(
  recorder: Recorder,
  experiment: Experiment<E, Context, Result>,
  context: Omit<Context, "open">,
): RecordOf<E> {
  const record = {
    id: recorder.nextId(experiment.name),
    experiment: experiment.name,
    startedMs: recorder.now(),
    durationMs: 0,
    status: "done",
    note: null,
    ...experiment.blank(context),
  } as unknown as RecordOf<E>;
  recorder.add(record);
  return record;
}
