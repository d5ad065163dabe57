import { observe } from "../../src/engine/experiment.ts";
import { limitsOf } from "../../src/engine/limits.ts";
import { defaultOptions } from "../../src/engine/options.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import { LoginGate, type RunContext } from "../../src/experiments/context.ts";
import { type SweepContext, sweep } from "../../src/experiments/sweep.ts";
import type { RecordOf, SweptState } from "../../src/model/evidence.ts";
import type { Machine } from "../../src/system/ports.ts";
import { SERVER, stage } from "./stage.ts";

/** A sequence that looks like chance, and is the same in each test. */
export function sequence(): () => number {
  let state = 12_345;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** What a swept range came to. */
export interface Swept {
  record: RecordOf<"sweep">;
  /** Ports by state; states that none has are left out. */
  counts: Partial<Record<SweptState, number>>;
  progress: string[];
}

/** Sweeps the server from a machine. */
export async function swept(
  machine: Machine,
  asked: Partial<Omit<SweepContext, "run">>,
  stop: AbortController = new AbortController(),
): Promise<Swept> {
  const recorder = new Recorder(machine.clock, []);
  const progress: string[] = [];
  const run: RunContext = {
    recorder,
    signal: stop.signal,
    network: machine.network,
    clock: machine.clock,
    options: defaultOptions,
    limits: limitsOf(defaultOptions),
    host: SERVER,
    port: 21,
    path: null,
    logins: new LoginGate(),
    withoutDeadline: () => stop.signal,
    progress: (text) => progress.push(text),
    random: sequence(),
  };
  await observe(run, sweep, {
    run,
    address: SERVER,
    protection: "clear",
    range: { from: 49_152, to: 49_651 },
    pace: { rate: 180, concurrency: null },
    roundTripMs: 2,
    slowestMs: null,
    controlPort: 21,
    ...asked,
  });
  const [record] = recorder.records();
  if (record?.experiment !== "sweep") throw new Error("no record of a sweep");
  if (record.status === "crashed") throw new Error(`crashed: ${record.note}`);
  const counts: Swept["counts"] = {};
  for (const { from, to, state } of record.intervals) counts[state] = (counts[state] ?? 0) + to - from + 1;
  return { record, counts, progress };
}

/** The client and the server of a stage, where port 21 is open. */
export async function serving() {
  const built = stage();
  const answer = await built.server.network.listen({ address: SERVER, port: 21 });
  if (!answer.ok) throw new Error(answer.failure.detail);
  const listener = answer.listener;
  return { ...built, leave: () => listener.close() };
}
