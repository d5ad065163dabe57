import { dialLimitMs } from "../engine/limits.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { DialRecord } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Connection } from "../system/ports.ts";
import type { RunContext, SessionContext } from "./context.ts";

/** How a port is dialled. */
export interface DialHow {
  /** Whose address it is. */
  role: DialRecord["role"];
  /** Limit of the dial in milliseconds. */
  limitMs: number;
  /** Where its record goes, before anything is sent. */
  into: DialRecord[];
}

/** The limit of a dial that follows the session's measured round trip. */
export function dialLimit(context: SessionContext): number {
  return dialLimitMs(context.open.connectMs, context.run.options);
}

/** Opens a TCP connection for data and records what became of it; the connection is null where there is none. */
export async function dial(
  run: RunContext,
  endpoint: Endpoint,
  { role, limitMs, into }: DialHow,
): Promise<{ record: DialRecord; connection: Connection | null }> {
  const startedMs = run.recorder.now();
  const record: DialRecord = { endpoint, role, startedMs, outcome: "cancelled", code: null, ms: 0, limitMs };
  into.push(record);
  const answer = await connectWithin(run, endpoint, limitMs);
  record.ms = answer.ms;
  record.outcome = answer.outcome;
  record.code = answer.code;
  return { record, connection: answer.connection };
}

/** One TCP connect under a limit of its own, from the source address that the run was told. */
export async function connectWithin(run: RunContext, endpoint: Endpoint, limitMs: number) {
  const limit = run.clock.limit(limitMs, run.signal);
  const started = run.clock.now();
  const answer = await run.network.connect(endpoint, {
    signal: limit.signal,
    ...(run.options.sourceAddress === null ? {} : { localAddress: run.options.sourceAddress }),
  });
  limit.clear();
  return {
    outcome: answer.ok ? ("connected" as const) : answer.failure.outcome,
    code: answer.ok ? null : answer.failure.code,
    ms: tenth(run.clock.now() - started),
    connection: answer.ok ? answer.connection : null,
  };
}
