import { resume } from "../engine/experiment.ts";
import { Recorder } from "../engine/recorder.ts";
import type { LoginRecord, RoundRecord } from "../model/evidence.ts";
import { digest } from "../rounds/digest.ts";
import type { RunContext } from "./context.ts";
import { travel } from "./itinerary.ts";

/** Between the end of a round and the beginning of the next, for servers that count connections per second. */
const LEAST_REST_MS = 1_000;

/**
 * Does it come out the same again? Asks the questions of the run once more for each round behind the first, on fresh
 * control connections so that a balancer may choose anew. None behind a login that was refused, or not sent.
 */
export async function makeRounds(run: RunContext): Promise<void> {
  const { repeat, intervalMs } = run.options;
  // The first round, with all its follow-ups, may have taken longer than that: the server gets a rest all the same.
  let restMs = intervalMs;
  for (let ordinal = 2; ordinal <= repeat && mayGoOn(run); ordinal += 1) {
    run.progress(`waiting for round ${ordinal} of ${repeat}`);
    await run.clock.sleep(restMs, run.signal);
    if (run.signal.aborted) return;
    const begun = run.clock.now();
    await makeRound(run, ordinal);
    restMs = Math.max(LEAST_REST_MS, intervalMs - (run.clock.now() - begun));
  }
}

async function makeRound(run: RunContext, ordinal: number): Promise<void> {
  const record: RoundRecord = {
    id: run.recorder.nextId("round"),
    startedMs: run.recorder.now(),
    durationMs: 0,
    status: "done",
    note: null,
    ordinal,
    resolved: [],
    visits: [],
  };
  run.recorder.addRound(record);
  const { password, repeat } = run.options;
  // A recorder of its own, which is thrown away: a hundred rounds must not hold a hundred transcripts.
  const recorder = new Recorder(run.clock, password === null ? [] : [password], `${record.id}-`);
  const progress = (text: string) => run.progress(`round ${ordinal} of ${repeat}: ${text}`);
  const options = { ...run.options, tlsMatrix: false, ccc: false, holdSeconds: null, maxSessions: 1 };
  await resume(run, record, () => travel({ ...run, recorder, progress, options, repeats: true }));
  Object.assign(record, digest(recorder.records()));
}

/**
 * A refused password must not be tried again: servers and their guards count. Where one protection is let in, the gate
 * of the run keeps the other one out.
 */
function mayGoOn({ recorder }: RunContext): boolean {
  const rounds: (LoginRecord["result"] | null)[][] = [
    recorder.records().flatMap((record) => (record.experiment === "login" ? [record.result] : [])),
    ...recorder.rounds().map(({ visits }) => visits.flatMap(({ connections }) => connections.map((c) => c.login))),
  ];
  return rounds.every(
    (logins) => logins.includes("logged-in") || !(logins.includes("rejected") || logins.includes("withheld")),
  );
}
