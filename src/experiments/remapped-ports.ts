import { defineExperiment } from "../engine/experiment.ts";
import type { DialRecord, ExperimentRecord, RecordOf, RemappedTrial, SweptState } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import type { Connection } from "../system/ports.ts";
import { addressed, type SessionContext } from "./context.ts";
import { type HeldPorts, holdPorts } from "./held-ports.ts";
import { beginListing } from "./listing.ts";
import { askForOffer } from "./offer.ts";
import type { SweepPace } from "./sweep-pace.ts";

/** A declared range that was swept, beside an offer that leads nowhere. */
export interface RemappedPortsContext extends SessionContext {
  /** The mode to ask in. */
  mode: "epsv" | "pasv";
  /** The sweep of the declared range. */
  swept: RecordOf<"sweep">;
  /** Ports that were offered before, and closed. */
  offered: readonly number[];
  /** How fast. */
  pace: SweepPace;
}

/** Larger ranges are not worth it: the search would take longer than servers wait for a data connection. */
const PORTS_AT_MOST = 1_000;
/** Offers at most: two show the offset, the others are for servers that offer one port again. */
const OFFERS_AT_MOST = 4;
/** Several of them are held by others; more tell nothing. */
const HELD_AT_MOST = 20;
/** How a port that is offered does not open. */
const CLOSED: readonly Outcome[] = ["refused", "timed-out", "unreachable"];
/** Offsets that people choose. */
const USUAL_OFFSETS = [100, 1_000, 10_000, 20_000, 30_000] as const;

/** Are the ports that the server offers forwarded with other numbers? */
export const remappedPorts = defineExperiment<"remapped-ports", RemappedPortsContext, void>({
  name: "remapped-ports",
  blank: (context) => ({ ...addressed(context), mode: context.mode, range: context.swept.range, trials: [] }),
  async run(context, record): Promise<void> {
    const { run, open } = context;
    record.session = open.id;
    run.progress(`looking in ${record.range.from}-${record.range.to} for the ports that ${context.address} offers`);
    let offsets: number[] | null = null;
    let left = 2 * candidates(context.swept).length;
    while (record.trials.length < OFFERS_AT_MOST && !isProven(record) && open.session.usable && !run.signal.aborted) {
      const trial = await offerOnce(context, record);
      const port = trial?.offer.advertised?.port;
      if (trial === null || port === undefined) break;
      const { held, ...tried }: HeldPorts = await search(context, port, offsets, left);
      try {
        left -= tried.dialled;
        Object.assign(trial, tried);
        trial.held = [...held.keys()].slice(0, HELD_AT_MOST).map((at) => ({ port: at, idle: idleState(context, at) }));
        const [one, another] = likeliest(trial);
        const connection = one === undefined || another !== undefined ? undefined : held.get(one.port);
        if (connection !== undefined) await carry(context, trial, connection);
        const seen = (trial.transfer === null ? trial.held : [one]).flatMap((at) =>
          at === undefined ? [] : at.port - port,
        );
        offsets = offsets === null ? seen : offsets.filter((offset) => seen.includes(offset));
      } finally {
        for (const connection of held.values()) connection.close();
      }
      await open.session.settle(run.signal);
      // All of the range was dialled, and nobody was waiting there.
      if (trial.held.length === 0) break;
    }
  },
});

/**
 * Whether the question is worth asking, by the records of an address: its range was declared, is small and can be reached, and
 * every port that was offered lies outside of it and is closed. The ports and the mode; null where it is not.
 */
export function remapSuspected(
  records: readonly ExperimentRecord[],
  swept: RecordOf<"sweep">,
): Pick<RemappedPortsContext, "mode" | "offered"> | null {
  const { range, elsewhere } = swept;
  if (swept.status !== "done" || swept.stopped !== null || range.to - range.from >= PORTS_AT_MOST) return null;
  if (candidates(swept).length === 0 || elsewhere.every(({ state }) => state === "open")) return null;
  const samples = records.flatMap((record) =>
    record.experiment === "offers" && record.address === swept.address
      ? record.samples.flatMap(({ dialled }) => dialled.map((dial) => ({ mode: record.mode, dial })))
      : [],
  );
  const [first] = samples;
  const isSuspect = ({ outcome, endpoint }: DialRecord): boolean =>
    CLOSED.includes(outcome) && (endpoint.port < range.from || endpoint.port > range.to);
  if (first === undefined || !samples.every(({ dial }) => isSuspect(dial))) return null;
  return { mode: first.mode, offered: [...new Set(samples.map(({ dial }) => dial.endpoint.port))] };
}

async function offerOnce(context: RemappedPortsContext, record: RecordOf<"remapped-ports">) {
  let trial: RemappedTrial | null = null;
  const { swept } = context;
  const endpoint = await askForOffer(context, record.mode, (offer) => {
    trial = { offer, dialled: 0, passedOver: 0, held: [], transfer: null };
    record.trials.push(trial);
  });
  if (endpoint === null) return null;
  const inside = endpoint.port >= swept.range.from && endpoint.port <= swept.range.to;
  if (inside) record.note = "a port within the range was offered";
  return inside ? null : (trial as RemappedTrial | null);
}

/** Where the offsets seen so far lead, first; the whole range where they lead nowhere, or none is known. */
async function search(
  context: RemappedPortsContext,
  port: number,
  offsets: readonly number[] | null,
  left: number,
): Promise<HeldPorts> {
  const { run, address, swept, pace } = context;
  const ports = candidates(swept);
  const asked = {
    address,
    pace,
    limitMs: swept.limitMs,
    // Where nothing listened before, what listens now was opened for this offer.
    settles: (at: number) => idleState(context, at) === "closed",
  };
  const expected = (offsets ?? []).map((offset) => port + offset).filter((at) => ports.includes(at));
  const there = await holdPorts(run, expected, asked);
  const rest = likelyFirst(ports, [...context.offered, port]).filter((at) => !expected.includes(at));
  if (there.held.size > 0 || rest.length > left - there.dialled) return there;
  const elsewhere = await holdPorts(run, rest, asked);
  return {
    dialled: there.dialled + elsewhere.dialled,
    passedOver: there.passedOver + elsewhere.passedOver,
    held: elsewhere.held,
  };
}

/** Ports of the range that can be reached; what is silent when idle leads to nobody. */
function candidates({ intervals }: RecordOf<"sweep">): number[] {
  return intervals.flatMap(({ from, to, state }) =>
    state === "closed" || state === "open" ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [],
  );
}

/** The ports to which usual offsets lead, then the others: most searches end after a few dials. */
function likelyFirst(ports: readonly number[], offered: readonly number[]): number[] {
  const [lowest, highest, latest = 0] = [Math.min(...offered), Math.max(...offered), offered.at(-1)];
  const [first = 0, last = 0] = [ports[0], ports.at(-1)];
  const tens = [10, 100, 1_000].flatMap((unit) => [lowest - (lowest % unit), lowest - (lowest % unit) + 1]);
  const offsets = [
    ...USUAL_OFFSETS.flatMap((offset) => [offset, -offset]),
    ...tens.map((from) => first - from),
    first - lowest,
    last - highest,
  ];
  const known = new Set(ports);
  const guesses = offsets.map((offset) => latest + offset).filter((port) => known.has(port));
  return [...new Set([...guesses, ...ports])];
}

/** Of several that were held, those at which nothing had listened: what was there before waits for others. */
function likeliest({ held }: RemappedTrial): RemappedTrial["held"] {
  const fresh = held.filter(({ idle }) => idle === "closed");
  return fresh.length > 0 ? fresh : held;
}

function idleState({ swept }: RemappedPortsContext, port: number): SweptState {
  return swept.intervals.find(({ from, to }) => port >= from && port <= to)?.state ?? "untried";
}

/** Only what moves over it shows whose connection it is. */
async function carry(context: RemappedPortsContext, trial: RemappedTrial, connection: Connection): Promise<void> {
  const listing = await beginListing(context, [], (transfer) => {
    trial.transfer = transfer;
  });
  await listing.carry(connection);
}

/** Whether listings were tried over the ports of two different offers. */
function isProven({ trials }: RecordOf<"remapped-ports">): boolean {
  const carried = trials.flatMap(({ offer, transfer }) => (transfer === null ? [] : [offer.advertised?.port]));
  return new Set(carried).size > 1;
}
