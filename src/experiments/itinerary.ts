import { observe, resume, skip } from "../engine/experiment.ts";
import { defaultOptions } from "../engine/options.ts";
import { SessionPool } from "../ftp/session-pool.ts";
import { familyOf } from "../model/endpoint.ts";
import { isPassive, type Mode, type Protection } from "../model/mode.ts";
import { active } from "./active.ts";
import { type AddressContext, type OpenSession, QUIT, type RunContext } from "./context.ts";
import { control } from "./control.ts";
import { directory } from "./directory.ts";
import { identify, identifyFurther, mayGoInClear } from "./identify.ts";
import { login } from "./login.ts";
import { passive } from "./passive.ts";
import { holdOpen, openQuestions, pursue, seekLife } from "./pursue.ts";
import { resolve } from "./resolve.ts";

/** Control connections per address that an ordinary run may cost a sick server. */
const CONNECTIONS_AT_MOST = 6;

/** A verdict comes within half a minute wherever a server greets and lets us in: what is open then stays inconclusive. */
const VERDICT_MS = 28_000;
/** However long the login took, the modes get at least this long. */
const MODES_MS = 10_000;

/** Goes through a whole run: the addresses of each family as soon as they are known, and each address on its own. */
export async function travel(run: RunContext): Promise<void> {
  const families = run.options.families.map(async (family) => {
    const addresses = (await observe(run, resolve, { run, family })) ?? [];
    await Promise.all([...new Set(addresses)].map((address) => visit(run, address)));
  });
  await Promise.all(families);
  await seekLife(run);
}

/** What is found out about an address while it is being visited. */
interface Visit {
  run: RunContext;
  address: string;
  protection: Protection;
  /** A session was lost at CWD: the next ones stay where the login landed. */
  staysAtLogin: boolean;
}

/** One address: passive and active side by side, on a session each. */
async function visit(run: RunContext, address: string): Promise<void> {
  const limits = { open: run.options.maxSessions, total: Math.min(CONNECTIONS_AT_MOST, run.options.maxLogins) };
  const here: Visit = { run, address, protection: "clear", staysAtLogin: false };
  const pool = new SessionPool<OpenSession>(limits, (ordinal) => openSession(here, ordinal));
  // The first session shows whether anybody is at home; a second is only opened behind it.
  const started = run.clock.now();
  const first = await pool.lease();
  if (first === null) {
    await pursue({ ...here, pool: null, untilMs: Number.POSITIVE_INFINITY }, openQuestions(here));
    return;
  }
  pool.release(first);
  const over = new AbortController();
  const { bounds, untilMs } = bounded(run, run.clock.now() - started, over.signal);
  here.run = bounds;
  const lane = async (modes: Mode[]) => {
    for (const mode of modes) await attempt(here, pool, mode);
  };
  await Promise.all([
    lane(run.options.modes.filter(isPassive)),
    lane(run.options.modes.filter((mode) => !isPassive(mode))),
  ]);
  const questions = openQuestions(here);
  if (questions.length > 0) {
    // Asked alone: a limit on sessions, which shows as a failed data connection, is then out of the way.
    await goodbye(run, pool.drain(1));
    await pursue({ ...here, pool, untilMs }, questions);
  }
  over.abort();
  const { holdSeconds } = run.options;
  if (holdSeconds !== null) {
    here.run = { ...run, signal: run.withoutDeadline() };
    await holdOpen({ ...here, pool, untilMs: Number.POSITIVE_INFINITY }, 1_000 * holdSeconds);
  }
  await goodbye(run, pool.drain());
}

async function goodbye(run: RunContext, sessions: readonly OpenSession[]): Promise<void> {
  await Promise.all(sessions.map((open) => open.session.quit(QUIT, run.limits.quitMs, run.signal)));
}

/**
 * The rest of a visit whose first session took `openingMs` to open: bounded in time, and with less patience, because a
 * server that greeted once greets again as quickly. Steps that the bound ends are `cancelled`: it says nothing of the network.
 */
function bounded(run: RunContext, openingMs: number, over: AbortSignal) {
  const enough = new AbortController();
  const scale = Math.max(1, run.limits.stepMs / defaultOptions.timeoutMs);
  const restMs = Math.max(VERDICT_MS - openingMs, MODES_MS) * scale;
  void run.clock.sleep(restMs, over).then(() => over.aborted || enough.abort("enough time for one address"));
  const patientMs = Math.min(run.limits.patientMs, Math.max(run.limits.stepMs, 2 * openingMs));
  const bounds: RunContext = {
    ...run,
    signal: AbortSignal.any([run.signal, enough.signal]),
    limits: { ...run.limits, patientMs },
  };
  return { bounds, untilMs: run.clock.now() + restMs };
}

/** One mode on a session of its own. */
async function attempt(at: Omit<AddressContext, "ordinal">, pool: SessionPool<OpenSession>, mode: Mode): Promise<void> {
  const { run, address } = at;
  const inapplicable = inapplicability(run, address, mode);
  const open = inapplicable !== null || run.signal.aborted ? null : await pool.lease();
  const context = { run, address, protection: at.protection, ordinal: 0 };
  if (open === null) {
    const why =
      inapplicable ??
      (run.signal.aborted
        ? "the run was stopped, or its time for one address was used up, before it"
        : "no session could be had for it");
    if (isPassive(mode)) skip(run, passive, { ...context, mode }, why);
    else skip(run, active, { ...context, mode }, why);
    return;
  }
  if (isPassive(mode)) await observe(run, passive, { ...context, open, mode });
  else await observe(run, active, { ...context, open, mode });
  await open.session.settle(run.signal);
  pool.release(open);
}

/** Why the mode cannot be tried at an address of this family; null where it can. */
function inapplicability(run: RunContext, address: string, mode: Mode): string | null {
  const family = familyOf(address);
  if (family === "ipv6" && (mode === "pasv" || mode === "port")) {
    return `not applicable: ${mode.toUpperCase()} can only name IPv4 addresses`;
  }
  const called = run.options.activeAddress;
  if (isPassive(mode) || called === null || familyOf(called) === family) return null;
  return `not applicable: --active-address ${called} is no ${family === "ipv6" ? "IPv6" : "IPv4"} address`;
}

/**
 * Connects, greets, identifies on the first session, logs in and enters the directory; null where that fails. A session
 * that was lost at a question the run can do without comes back unusable: another one may do better without it.
 */
async function openSession(visit: Visit, ordinal: number): Promise<OpenSession | null> {
  const { run } = visit;
  if (run.signal.aborted && ordinal > 1) return null;
  const context: AddressContext = { run, address: visit.address, protection: visit.protection, ordinal };
  const open = await observe(run, control, context);
  if (open === null) return null;
  const here = { ...context, open };
  const identified = ordinal === 1 ? await observe(run, identify, here) : null;
  await open.session.settle(run.signal);
  // Real credentials stay here where it is not known whether they would be safe elsewhere.
  const safe = mayGoInClear(run.options) || identified?.authOffered === false;
  if (!open.session.usable && safe && !open.session.turnedAway) return open;
  const entry = await run.logins.enter(() => observe(run, login, { ...here, identified }));
  if (!entry.entered) skip(run, login, { ...here, identified }, `the login was ${entry.because} on another connection`);
  if (!entry.entered || entry.result !== "logged-in") {
    await open.session.quit(QUIT, run.limits.quitMs, run.signal);
    return null;
  }
  if (run.path !== null && !visit.staysAtLogin) {
    await observe(run, directory, { ...here, path: run.path });
    await open.session.settle(run.signal);
    visit.staysAtLogin = !open.session.usable;
  }
  if (identified !== null) await resume(run, identified, () => identifyFurther(here, identified));
  await open.session.settle(run.signal);
  return open;
}
