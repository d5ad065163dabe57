import { defineExperiment } from "../engine/experiment.ts";
import type { PortRange } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import { type AddressContext, addressed } from "./context.ts";
import { SECOND_SYN_MS, type SweepLimits } from "./sweep-dials.ts";
import type { SweepPace } from "./sweep-pace.ts";
import { SweepRun } from "./sweep-run.ts";

/** A range of an address whose ports are all to be tried. */
export interface SweepContext extends Omit<AddressContext, "ordinal"> {
  /** The ports. */
  range: PortRange;
  /** How fast. */
  pace: SweepPace;
  /** Connect time of the control connection in milliseconds, the yardstick of the limit; null where there was none. */
  roundTripMs: number | null;
  /**
   * Longest connect to a port that was offered at this address, or to the control port where none opened, in milliseconds, where it is
   * usual there that SYNs must be sent again; null where it is not.
   */
  slowestMs: number | null;
  /** A port that is known to be open, asked a few times where no other port is known to answer; null where there is none. */
  controlPort: number | null;
}

/** The least that is waited for an answer: what BRIEF_MS is elsewhere, and short of the kernel's own second SYN after 1 s. */
const LEAST_MS = 700;
/** Where the user asked for haste: Linux itself takes an answer for lost after 200 ms and the round trip (TCP_RTO_MIN); this machine may be busy. */
const LEAST_HASTY_MS = 300;
/** Where no round trip is known, for a way around the world and back. */
const UNKNOWN_MS = 1_000;
const ROUND_TRIPS = 4;
/** With a rate, so many are in flight at most when all are silent, and some more while answers are late. */
const ROOM_FOR_LATE = 1.5;
const LEAST_CONCURRENCY = 16;
/** In haste a range of this size goes out at once; of a larger one so many, for memory must not grow with the range. */
const AT_ONCE = 16_384;
const MOST_IN_FLIGHT = 8_192;

/** So many ports elsewhere show whether the host accepts everything: chance may fool one or two. */
const ELSEWHERE = 3;
/** From the first that is no system service's (RFC 6335 section 6). */
const FIRST_UNLIKELY = 1_024;
const UNLIKELY_COUNT = 65_536 - FIRST_UNLIKELY;
/** About an eighth of the ports, and no divisor of their number. */
const STRIDE = 8_191;
const MOST_STEPS = 64;
/** A port so near to the range may be of it: whoever opened it may have rounded. */
const NEAR = 1_000;

/** How do all ports of a range answer? */
export const sweep = defineExperiment<"sweep", SweepContext, void>({
  name: "sweep",
  blank: (context) => ({
    ...addressed(context),
    range: context.range,
    intervals: [{ ...context.range, state: "untried" }],
    dials: 0,
    answeredLate: 0,
    limitMs: limitOf(context),
    roundTripMs: context.roundTripMs === null ? null : tenth(context.roundTripMs),
    rate: context.pace.rate,
    concurrency: concurrencyOf(context),
    limitedErrors: null,
    slowdowns: [],
    stopped: null,
    elsewhere: portsElsewhere(context).map((port) => ({ port, state: "untried" })),
  }),
  async run(context, record): Promise<void> {
    const run = new SweepRun(context, record, limitsFor(context));
    try {
      await run.toTheEnd();
    } finally {
      run.close();
    }
  },
});

function limitOf({ pace, roundTripMs, slowestMs, run }: SweepContext): number {
  // What opened only to a later SYN shows what silence before it is worth. Its time holds no round trip but pauses, and the user's limit
  // was met by it: what is added is for the noise.
  if (slowestMs !== null) return Math.round(slowestMs + LEAST_MS);
  const least = pace.rate === null ? LEAST_HASTY_MS : LEAST_MS;
  const ms = roundTripMs === null ? UNKNOWN_MS : least + ROUND_TRIPS * roundTripMs;
  return Math.min(run.options.timeoutMs, Math.round(ms));
}

/**
 * Where all ports fit in flight at once, in haste, the system's own second SYN costs a second in all and next to no work; a
 * second dial of each port costs this machine as much as the first. Else more time would pass than work is saved.
 */
function limitsFor(context: SweepContext): SweepLimits {
  const { pace, range, slowestMs, run } = context;
  const answerMs = limitOf(context);
  // Behind several SYNs nobody knows when the next one is sent: each system has its own pauses.
  if (slowestMs !== null) return { answerMs, bothMs: null, lateMs: answerMs };
  const bothMs = SECOND_SYN_MS + answerMs;
  const size = range.to - range.from + 1;
  const atOnce = pace.rate === null && concurrencyOf(context) >= size && bothMs <= run.options.timeoutMs;
  return { answerMs, bothMs: atOnce ? bothMs : null, lateMs: SECOND_SYN_MS };
}

/** What was asked for, or what the rate needs, but never more than this process may open. */
function concurrencyOf(context: SweepContext): number {
  const { pace, range, run } = context;
  const left = run.network.socketsLeft();
  const size = range.to - range.from + 1;
  const hasty = size > AT_ONCE ? MOST_IN_FLIGHT : size;
  const needed =
    pace.rate === null ? hasty : Math.ceil((pace.rate * limitOf(context) * ROOM_FOR_LATE) / 1_000) + LEAST_CONCURRENCY;
  return Math.max(1, Math.min(left, pace.concurrency ?? needed));
}

/** Ports far from the range on which nothing can be expected, begun at random; fewer where the range leaves no room. */
function portsElsewhere({ range, controlPort, run }: SweepContext): number[] {
  const ports: number[] = [];
  const first = Math.floor(run.random() * UNLIKELY_COUNT);
  for (let step = 0; step < MOST_STEPS && ports.length < ELSEWHERE; step += 1) {
    const port = FIRST_UNLIKELY + ((first + step * STRIDE) % UNLIKELY_COUNT);
    const near = port > range.from - NEAR && port < range.to + NEAR;
    if (!near && port !== controlPort && !ports.includes(port)) ports.push(port);
  }
  return ports;
}
