import { observe } from "../engine/experiment.ts";
import type { ControlRecord, PortsPlan, RecordOf } from "../model/evidence.ts";
import { isPassive, type Protection } from "../model/mode.ts";
import type { RunContext } from "./context.ts";
import type { FollowUp, FurtherMode } from "./follow-up.ts";
import { inapplicability, poolOf } from "./itinerary.ts";
import { beginVisit, openFirst, openFurther, type Visit } from "./opening.ts";
import { otherPorts, unlikelyPorts } from "./other-ports.ts";
import { briefLimitMs, goodbye, pursue, seekLife } from "./pursue.ts";
import { remappedPorts, remapSuspected } from "./remapped-ports.ts";
import { resolve } from "./resolve.ts";
import { sweep } from "./sweep.ts";
import { SECOND_SYN_MS } from "./sweep-dials.ts";
import { boundedVisit } from "./time-bounds.ts";

/** Offers of each mode: enough to see how the numbers are drawn, and over in a moment where the ports answer. */
const OFFERS = 12;

/** So many connects must have been slow, and such a part of them: a way that loses a packet in twenty does so hardly ever. */
const SLOW_AT_LEAST = 2;
const SLOW_PART = 0.25;

/** An address where somebody is at home. */
interface Surveyed {
  address: string;
  protection: Protection;
  /** Its first control connection, which came to be. */
  control: ControlRecord;
  /** What it has cost so far. */
  visit: Visit;
}

/**
 * Finds out about passive ports and nothing else: which ones the server offers, and how every port of the declared range
 * answers. One address per family stands for the others: they lead to one firewall, and a sweep of each would cost as much again.
 */
export async function surveyPorts(run: RunContext, plan: PortsPlan): Promise<void> {
  const families = run.options.families.map(async (family): Promise<Surveyed[]> => {
    const addresses = (await observe(run, resolve, { run, family })) ?? [];
    for (const address of new Set(addresses)) {
      if (run.signal.aborted) return [];
      const surveyed = await askForOffers(run, address);
      if (surveyed !== null) return [surveyed];
    }
    return [];
  });
  const found = (await Promise.all(families)).flat();
  await seekLife(run);
  const { range } = plan;
  if (range === null) {
    await Promise.all(found.map((surveyed) => doubtOffers(run, surveyed)));
    return;
  }
  // One after the other: both at once would come to the same firewall at twice the rate.
  for (const surveyed of found) {
    if (run.signal.aborted) return;
    const { address, protection, control } = surveyed;
    const { rate, concurrency } = plan;
    await observe(run, sweep, {
      run,
      address,
      protection,
      range,
      pace: { rate, concurrency },
      // The shortest: the first one may have had to wait for the way to be found, or for its SYN to be sent again.
      roundTripMs: Math.min(control.connect.ms, ...connectsTo(run, address)),
      slowestMs: slowestMs(connectsTo(run, address), control),
      controlPort: run.port,
    });
    await seekForwards(run, surveyed, plan);
  }
}

/** How long the offered ports took that opened. */
function connectsTo(run: RunContext, address: string): number[] {
  return run.recorder
    .records()
    .flatMap((record) => (record.experiment === "offers" && record.address === address ? record.samples : []))
    .flatMap(({ dialled }) => dialled.flatMap(({ outcome, ms }) => (outcome === "connected" ? [ms] : [])));
}

/**
 * The longest connect, where SYNs must be sent again as a rule: one slow connect among quick ones is a packet lost, and no reason for
 * patience. Where no offer opened, the control connection is all there is.
 */
function slowestMs(connects: readonly number[], control: ControlRecord): number | null {
  const known = connects.length > 0 ? connects : [control.connect.ms];
  const slow = known.filter((ms) => ms >= SECOND_SYN_MS);
  if (slow.length < Math.min(SLOW_AT_LEAST, known.length) || slow.length < known.length * SLOW_PART) return null;
  return Math.max(...slow);
}

/**
 * Where the ports offered opened and no sweep is to tell what that is worth: do ports open on which nothing can be? A sweep asks for
 * itself.
 */
async function doubtOffers(run: RunContext, { address, protection, control }: Surveyed): Promise<void> {
  const offers = run.recorder
    .records()
    .flatMap((record) => (record.experiment === "offers" && record.address === address ? record.samples : []));
  const opened = offers.flatMap(({ dialled }) => dialled.filter(({ outcome }) => outcome === "connected"));
  if (opened.length === 0 || run.signal.aborted) return;
  const ports = unlikelyPorts(run, [run.port, ...opened.map(({ endpoint }) => endpoint.port)]);
  const limitMs = briefLimitMs(run, control.connect.ms);
  await observe(run, otherPorts, { run, address, protection, purpose: "tarpit-control", ports, limitMs });
}

/** Where the ports offered are closed and those of the declared range can be reached: do these lead to those? */
async function seekForwards(run: RunContext, { address, protection, visit }: Surveyed, plan: PortsPlan): Promise<void> {
  const records = run.recorder.records();
  const swept = records.find(
    (record): record is RecordOf<"sweep"> => record.experiment === "sweep" && record.address === address,
  );
  const suspected = swept === undefined ? null : remapSuspected(records, swept);
  if (swept === undefined || suspected === null || run.signal.aborted) return;
  const open = await openFurther({ ...visit, run }, protection);
  if (open === null) return;
  const { rate, concurrency } = plan;
  const context = { run, address, protection, ordinal: 0, open, swept, ...suspected, pace: { rate, concurrency } };
  await observe(run, remappedPorts, context);
  await goodbye(run, [open]);
}

/** Logs in and asks for passive offers; null where nobody takes the control connection. */
async function askForOffers(run: RunContext, address: string): Promise<Surveyed | null> {
  const visit = beginVisit(run, address);
  const started = run.clock.now();
  const { open, protections } = await openFirst(visit);
  const [protection = "clear"] = protections;
  if (open !== null) {
    const over = new AbortController();
    const openingMs = run.clock.now() - started;
    const { bounds, untilMs } = boundedVisit(run, { openingMs, opened: true }, over.signal);
    visit.run = bounds;
    const pool = poolOf(visit, protection, { protections: 1, sparing: true, first: open });
    try {
      await pursue({ run: bounds, address, protection, visit, pool, untilMs }, questions(run, address));
    } finally {
      over.abort();
      // The last listener ends with its session, and does not stand in the way of a sweep.
      await goodbye(run, pool.drain());
    }
  }
  const control = run.recorder
    .records()
    .find((record) => record.experiment === "control" && record.address === address && record.ordinal === 1);
  if (control?.experiment !== "control" || control.connect.outcome !== "connected") return null;
  return { address, protection, control, visit };
}

/**
 * One by one as long as they answer: a firewall that opens ports as it reads the replies keeps only the last one open. Behind
 * the first silence side by side, so that many silences cost one limit.
 */
function questions(run: RunContext, address: string): FollowUp[] {
  // Whatever address a reply names: what is in question are the ports of this one.
  const modes = run.options.modes
    .filter(isPassive)
    .filter((mode) => inapplicability(run, address, mode) === null)
    .map((mode): FurtherMode => ({ mode, role: "peer" }));
  if (modes.length === 0) return [];
  const perMode = run.options.samples ?? OFFERS;
  return [
    { kind: "offers", order: "one-by-one", modes, perMode, patience: "full", until: "silent" },
    {
      kind: "offers",
      order: "side-by-side",
      modes,
      perMode,
      patience: "full",
      unlessHad: modes.map(({ mode }) => mode),
    },
  ];
}
