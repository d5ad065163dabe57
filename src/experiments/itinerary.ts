import { observe, StopReason, skip } from "../engine/experiment.ts";
import { SessionPool } from "../ftp/session-pool.ts";
import { familyOf } from "../model/endpoint.ts";
import { isPassive, type Mode, type Protection } from "../model/mode.ts";
import { active } from "./active.ts";
import type { AddressContext, OpenSession, RunContext } from "./context.ts";
import { beginVisit, CONNECTIONS_AT_MOST, openFirst, openFurther, type Visit } from "./opening.ts";
import { passive } from "./passive.ts";
import { goodbye, holdOpen, openQuestions, pursue, seekLife } from "./pursue.ts";
import { resolve } from "./resolve.ts";
import { boundedVisit, MODES_MS } from "./time-bounds.ts";

/** A passive port that opens does so at once; a dial that lasts longer may well last to its limit. */
const HANGING_MS = 400;

/** Goes through a whole run: the addresses of each family as soon as they are known, and each address on its own. */
export async function travel(run: RunContext): Promise<void> {
  const families = run.options.families.map(async (family) => {
    const addresses = (await observe(run, resolve, { run, family })) ?? [];
    await Promise.all([...new Set(addresses)].map((address) => visit(run, address)));
  });
  await Promise.all(families);
  if (run.repeats !== true) await seekLife(run);
}

/** One address, under every protection that is worth measuring there. */
async function visit(run: RunContext, address: string): Promise<void> {
  const here = beginVisit(run, address);
  // The first session shows whether anybody is at home; others are only opened behind it.
  const started = run.clock.now();
  const { open: first, protections, sparing = false } = await openFirst(here);
  if (protections.length === 0) {
    if (run.repeats === true) return;
    const nobody = { run, address, protection: "clear" as const };
    await pursue({ ...nobody, visit: here, pool: null, untilMs: run.clock.now() + MODES_MS }, openQuestions(nobody));
    return;
  }
  const over = new AbortController();
  const openingMs = run.clock.now() - started;
  const { bounds, untilMs } = boundedVisit(run, { openingMs, opened: first !== null }, over.signal);
  here.run = bounds;
  const lanes = protections.map((protection, index) => ({
    run: bounds,
    address,
    protection,
    visit: here,
    pool: poolOf(here, protection, { protections: protections.length, sparing, first: index === 0 ? first : null }),
  }));
  await measure(lanes);
  // Where both protections fail, clear text shows more of the why; of the other is asked what became of it alone.
  const [leading, ...others] = lanes.toReversed();
  for (const lane of leading === undefined || run.repeats === true ? [] : [leading, ...others]) {
    const questions = openQuestions(lane, lane === leading ? null : (leading ?? null));
    if (questions.length === 0) continue;
    // Asked alone: a limit on sessions, which shows as a failed data connection, is then out of the way.
    for (const { run: own, pool } of lanes) await goodbye(own, pool.drain(pool === lane.pool ? 1 : 0));
    await pursue({ ...lane, visit: here, untilMs }, questions);
  }
  over.abort();
  const { holdSeconds } = run.options;
  const [held] = lanes;
  if (holdSeconds !== null && held !== undefined) {
    here.run = { ...run, signal: run.withoutDeadline() };
    await holdOpen({ ...held, visit: here, run: here.run, untilMs: Number.POSITIVE_INFINITY }, 1_000 * holdSeconds);
  }
  await goodbye(
    run,
    lanes.flatMap(({ pool }) => pool.drain()),
  );
}

/** An address under one protection, what is known of it, and its sessions. */
type Lane = Omit<AddressContext, "ordinal"> & { visit: Visit; pool: SessionPool<OpenSession> };

/** Two protections get a session each, one gets one for the passive and one for the active modes. */
export function poolOf(
  visit: Visit,
  protection: Protection,
  { protections, sparing, first }: { protections: number; sparing: boolean; first: OpenSession | null },
) {
  const { maxSessions, maxLogins } = visit.run.options;
  const total = Math.floor(Math.min(CONNECTIONS_AT_MOST, maxLogins) / protections);
  const limits = { open: protections > 1 || sparing ? 1 : maxSessions, total };
  const pool = new SessionPool<OpenSession>(limits, () => openFurther(visit, protection));
  if (first !== null) pool.adopt(first);
  return pool;
}

async function measure(lanes: readonly Lane[]): Promise<void> {
  const [only, another] = lanes;
  if (only === undefined) return;
  const { modes, maxSessions } = only.run.options;
  if (another === undefined) {
    await sideBySide(only);
  } else if (maxSessions > 1) {
    await Promise.all(lanes.map((lane) => inTurn(lane, [...modes])));
  } else {
    for (const lane of lanes) {
      await inTurn(lane, [...modes]);
      await goodbye(lane.run, lane.pool.drain());
    }
  }
}

/** Tries the modes that are waiting, until none is; `meanwhile` are further ones, for a session whose passive port keeps silent. */
async function inTurn(lane: Lane, waiting: Mode[], meanwhile: Mode[] = []): Promise<void> {
  const next = () => waiting.shift() ?? meanwhile.shift();
  for (let mode = waiting.shift(); mode !== undefined; mode = waiting.shift()) await attempt(lane, mode, next);
}

/**
 * Passive and active modes on a session each. Where a passive port keeps silent, the session that is through with the
 * active modes takes the next passive one, so that two silences cost the time of one.
 */
async function sideBySide(lane: Lane): Promise<void> {
  const { run } = lane;
  const passiveModes = run.options.modes.filter(isPassive);
  const activeModes = run.options.modes.filter((mode) => !isPassive(mode));
  const passiveOver = new AbortController();
  const activeThenPassive = async () => {
    if (activeModes.length === 0) return;
    await inTurn(lane, activeModes);
    await run.clock.sleep(HANGING_MS, passiveOver.signal);
    await inTurn(lane, passiveModes);
  };
  await Promise.all([inTurn(lane, passiveModes, activeModes).then(() => passiveOver.abort()), activeThenPassive()]);
}

/** One mode on a session of its own, which goes on with the next ones while a dial keeps silent. */
async function attempt(lane: Lane, mode: Mode, next: () => Mode | undefined): Promise<void> {
  const { run, pool } = lane;
  const open = prevention(lane, mode) !== null || run.signal.aborted ? null : await pool.lease();
  await attemptOn(lane, open, mode, next);
  if (open === null) return;
  await open.session.settle(run.signal);
  pool.release(open);
}

/** One mode on a session; null where none is to be had or needed. */
async function attemptOn(
  lane: Lane,
  session: OpenSession | null,
  mode: Mode,
  next: () => Mode | undefined,
): Promise<void> {
  const { run, address, protection } = lane;
  const context = { run, address, protection, ordinal: 0 };
  const unprotected = protection === "tls" && session?.protectsData === false;
  const open =
    prevention(lane, mode) ??
    (unprotected ? "the server did not agree to protect data connections (PROT P)" : null) ??
    session ??
    absence(run);
  if (typeof open === "string") {
    if (isPassive(mode)) skip(run, passive, { ...context, mode }, open);
    else skip(run, active, { ...context, mode }, open);
    return;
  }
  if (!isPassive(mode)) {
    await observe(run, active, { ...context, open, mode });
    return;
  }
  const lent: Promise<void>[] = [];
  const lend = () => {
    const following = next();
    if (following === undefined) return null;
    const others = goOn(lane, open, following, next);
    lent.push(others);
    return others;
  };
  await observe(run, passive, { ...context, open, mode, lend });
  await Promise.all(lent);
}

/** The next modes on a session that a silent dial does not need, as long as it lasts; the others are left to whoever has one. */
async function goOn(lane: Lane, open: OpenSession, first: Mode, next: () => Mode | undefined): Promise<void> {
  const { signal } = lane.run;
  const following = () => (open.session.usable && !signal.aborted ? next() : undefined);
  for (let mode: Mode | undefined = first; mode !== undefined; mode = following()) {
    await attemptOn(lane, open, mode, next);
    await open.session.settle(signal);
  }
}

/** Why the mode is not tried, whatever session there is; null where it is. */
function prevention({ run, address, protection, visit }: Lane, mode: Mode): string | null {
  const unanswered = protection === "tls" && visit.answersProt === "no";
  return (
    inapplicability(run, address, mode) ??
    (unanswered ? "the server did not answer the request to protect data connections (PROT P)" : null)
  );
}

/** Why there is no session. */
function absence({ signal }: RunContext): string {
  if (!signal.aborted) return "no session could be had for it";
  return signal.reason instanceof StopReason ? signal.reason.note : "the run was stopped before it";
}

/** Why the mode cannot be tried at an address of this family; null where it can. */
export function inapplicability(run: RunContext, address: string, mode: Mode): string | null {
  const family = familyOf(address);
  if (family === "ipv6" && (mode === "pasv" || mode === "port")) {
    return `not applicable: ${mode.toUpperCase()} can only name IPv4 addresses`;
  }
  const called = run.options.activeAddress;
  if (isPassive(mode) || called === null || familyOf(called) === family) return null;
  return `not applicable: --active-address ${called} is no ${family === "ipv6" ? "IPv6" : "IPv4"} address`;
}
