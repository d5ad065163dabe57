import type { Connection } from "../system/ports.ts";
import type { RunContext } from "./context.ts";
import { connectWithin } from "./dial.ts";
import type { SweepPace } from "./sweep-pace.ts";

/** How ports are dialled while an offer stands. */
export interface HeldPortsAsked {
  /** IP literal. */
  address: string;
  /** How fast, as for a sweep. */
  pace: SweepPace;
  /** Limit of one dial in milliseconds. */
  limitMs: number;
  /** Whether no other port need be dialled once this one is held. */
  settles(port: number): boolean;
}

/** What became of ports that were dialled while an offer stood. */
export interface HeldPorts {
  /** How many were dialled. */
  dialled: number;
  /** How many accepted and hung up, or spoke, within a moment. */
  passedOver: number;
  /** Connections that were accepted and kept waiting, by port; the caller closes them. */
  held: Map<number, Connection>;
}

/** In flight at most, without a limit of the user's: the ports are known to answer, so that few are. */
const IN_FLIGHT = 32;
/** A forwarder that accepts on its own (docker-proxy, ssh -L) hangs up as soon as the inside has refused: a round trip there. */
const MOMENT_MS = 250;
const ROUND_TRIPS = 2;

/** Dials ports one after the other, and keeps the connections that are accepted and left waiting. */
export async function holdPorts(run: RunContext, ports: readonly number[], asked: HeldPortsAsked): Promise<HeldPorts> {
  const { clock, network } = run;
  const seen: HeldPorts = { dialled: 0, passedOver: 0, held: new Map() };
  const { rate, concurrency } = asked.pace;
  const atMost = Math.max(1, Math.min(concurrency ?? IN_FLIGHT, IN_FLIGHT, network.socketsLeft()));
  const begun = clock.now();
  let settled = false;
  const waiting = [...ports];
  const lane = async () => {
    for (let port = waiting.shift(); port !== undefined; port = waiting.shift()) {
      // The rate is kept by all lanes together: each dial has its own moment.
      const dueMs = rate === null ? 0 : begun + (1_000 * seen.dialled) / rate;
      seen.dialled += 1;
      const earlyMs = dueMs - clock.now();
      if (earlyMs > 0) await clock.sleep(earlyMs, run.signal);
      if (settled || run.signal.aborted) {
        seen.dialled -= 1;
        return;
      }
      const connection = await knock(run, port, asked);
      if (connection === "passed-over") seen.passedOver += 1;
      else if (connection !== null) {
        seen.held.set(port, connection);
        settled ||= asked.settles(port);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atMost, ports.length) }, lane));
  return seen;
}

/** One connection that waits as a data connection does; null where none was accepted. */
async function knock(
  run: RunContext,
  port: number,
  { address, limitMs }: HeldPortsAsked,
): Promise<Connection | "passed-over" | null> {
  const { ms, connection } = await connectWithin(run, { address, port }, limitMs);
  if (connection === null) return null;
  const moment = run.clock.limit(MOMENT_MS + ROUND_TRIPS * ms, run.signal);
  const first = await connection.read(moment.signal);
  moment.clear();
  // Before the transfer command an FTP server has nothing to say there.
  if (first.kind === "failed" && first.failure.outcome === "timed-out") return connection;
  connection.close();
  return "passed-over";
}
