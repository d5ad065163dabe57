import { observe, resume, skip } from "../engine/experiment.ts";
import { SessionPool } from "../ftp/session-pool.ts";
import { familyOf } from "../model/endpoint.ts";
import { isPassive, type Mode } from "../model/mode.ts";
import { active } from "./active.ts";
import { type AddressContext, type OpenSession, QUIT, type RunContext } from "./context.ts";
import { control } from "./control.ts";
import { directory } from "./directory.ts";
import { identify, identifyFurther } from "./identify.ts";
import { login } from "./login.ts";
import { passive } from "./passive.ts";
import { resolve } from "./resolve.ts";

/** Control connections per address that an ordinary run may cost a sick server. */
const CONNECTIONS_AT_MOST = 6;

/** Goes through a whole run: the addresses, and each of them on its own. */
export async function travel(run: RunContext): Promise<void> {
  const found = await Promise.all(run.options.families.map((family) => observe(run, resolve, { run, family })));
  await Promise.all([...new Set(found.flatMap((addresses) => addresses ?? []))].map((address) => visit(run, address)));
}

/** One address: passive and active side by side, on a session each. */
async function visit(run: RunContext, address: string): Promise<void> {
  const limits = { open: run.options.maxSessions, total: Math.min(CONNECTIONS_AT_MOST, run.options.maxLogins) };
  const context = { run, address, protection: "clear" as const };
  const pool = new SessionPool<OpenSession>(limits, (ordinal) => openSession({ ...context, ordinal }));
  // The first session shows whether anybody is at home; a second is only opened behind it.
  const first = await pool.lease();
  if (first === null) return;
  pool.release(first);
  const lane = async (modes: Mode[]) => {
    for (const mode of modes) await attempt(context, pool, mode);
  };
  await Promise.all([
    lane(run.options.modes.filter(isPassive)),
    lane(run.options.modes.filter((mode) => !isPassive(mode))),
  ]);
  await Promise.all(pool.drain().map((open) => open.session.quit(QUIT, run.limits.quitMs)));
}

/** One mode on a session of its own. */
async function attempt(at: Omit<AddressContext, "ordinal">, pool: SessionPool<OpenSession>, mode: Mode): Promise<void> {
  const { run, address } = at;
  const inapplicable = familyOf(address) === "ipv6" && (mode === "pasv" || mode === "port");
  const open = inapplicable ? null : await pool.lease();
  const context = { ...at, ordinal: 0 };
  if (open === null) {
    const why = inapplicable
      ? `not applicable: ${mode.toUpperCase()} can only name IPv4 addresses`
      : "no session could be had for it";
    if (isPassive(mode)) skip(run, passive, { ...context, mode }, why);
    else skip(run, active, { ...context, mode }, why);
    return;
  }
  if (isPassive(mode)) await observe(run, passive, { ...context, open, mode });
  else await observe(run, active, { ...context, open, mode });
  pool.release(open);
}

/** Connects, greets, identifies on the first session, logs in and enters the directory; null where that fails. */
async function openSession(context: AddressContext): Promise<OpenSession | null> {
  const { run } = context;
  const open = await observe(run, control, context);
  if (open === null) return null;
  const here = { ...context, open };
  const identified = context.ordinal === 1 ? await observe(run, identify, here) : null;
  const result = await run.logins.enter(() => observe(run, login, { ...here, identified }));
  if (result === null) skip(run, login, { ...here, identified }, "the login was refused at another address");
  if (result !== "logged-in") {
    await open.session.quit(QUIT, run.limits.quitMs);
    return null;
  }
  if (run.path !== null) await observe(run, directory, { ...here, path: run.path });
  if (identified !== null) await resume(run, identified, () => identifyFurther(here, identified));
  return open;
}
