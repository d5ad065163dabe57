import { observe } from "../engine/experiment.ts";
import type { PortRange } from "../model/evidence.ts";
import { activePorts } from "./active-ports.ts";
import { type OpenSession, QUIT, type RunContext } from "./context.ts";
import { beginVisit, connectionsLeft, openFirst, openFurther } from "./opening.ts";
import { resolve } from "./resolve.ts";

/**
 * Finds out which of our own ports the server can call, and nothing else. One address per family stands for the others:
 * it is this side's firewall that is in question.
 */
export async function surveyCalls(run: RunContext, range: PortRange): Promise<void> {
  for (const family of run.options.families) {
    const addresses = (await observe(run, resolve, { run, family })) ?? [];
    for (const address of new Set(addresses)) {
      if (run.signal.aborted || (await letCall(run, address, range))) break;
    }
  }
}

/** False where no session is to be had at the address. */
async function letCall(run: RunContext, address: string, range: PortRange): Promise<boolean> {
  const visit = beginVisit(run, address);
  const { open, protections } = await openFirst(visit);
  const [protection = "clear"] = protections;
  if (open === null) return false;
  let first: OpenSession | null = open;
  let logins = 1;
  const release = (session: OpenSession) => session.session.quit(QUIT, run.limits.quitMs, run.signal);
  try {
    await observe(run, activePorts, {
      run,
      address,
      protection,
      ordinal: 0,
      range,
      samples: run.options.samples,
      left: () =>
        (first === null ? 0 : 1) + Math.max(0, Math.min(run.options.maxLogins - logins, connectionsLeft(visit))),
      lease: async () => {
        const own = first;
        first = null;
        if (own !== null || logins >= run.options.maxLogins) return own;
        logins += 1;
        return openFurther(visit, protection);
      },
      release,
    });
  } finally {
    // Not taken where the run was stopped before it came to that.
    if (first !== null) await release(first);
  }
  return true;
}
