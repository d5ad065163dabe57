import { command } from "../ftp/commands.ts";
import type { LadderStep, RecordOf } from "../model/evidence.ts";
import type { AddressContext, OpenSession, RunContext, SessionContext } from "./context.ts";
import type { FurtherMode } from "./follow-up.ts";
import { RUNGS_BYTES } from "./known-files.ts";
import { asImages, climb, pathCommand, type StepResult, sizeOf } from "./ladder-step.ts";

/** Where files may be written, and sessions to do it on. */
export interface UploadContext extends AddressContext {
  /** The mode. */
  further: FurtherMode;
  /** The directory that the user named. */
  directory: string;
  /** A session; the one before it must have been given back. */
  lease(): Promise<OpenSession | null>;
  /** Gives a session back. */
  release(open: OpenSession): void;
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** A file of ours is taken away again even where the run is stopped: so long that may take. */
const TIDYING_MS = 3_000;
/** What a transfer under way may still take when the run is stopped. */
const GRACE_MS = 1_500;
/** Left over for taking the file away. */
const SPARE_MS = 1_000;

/**
 * Writes files of growing size under names of our own, asks how much of each was stored, and takes each away before the
 * next, to the first failure. Nothing else is ever written.
 */
export async function climbUp(asked: UploadContext, record: RecordOf<"ladder">): Promise<void> {
  const grace = gracefully(asked.run);
  try {
    await climbSteps({ ...asked, run: { ...asked.run, signal: grace.signal } }, record, asked.run.signal);
  } finally {
    grace.clear();
  }
}

/** A stop in the middle of a transfer would lose the session on which its file is taken away: it gets a moment to end. */
function gracefully({ clock, signal }: RunContext): { signal: AbortSignal; clear(): void } {
  const over = new AbortController();
  const late = new AbortController();
  const stop = () =>
    void clock.sleep(GRACE_MS, over.signal).then(() => over.signal.aborted || late.abort(signal.reason));
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    signal: late.signal,
    clear() {
      signal.removeEventListener("abort", stop);
      over.abort();
    },
  };
}

async function climbSteps(context: UploadContext, record: RecordOf<"ladder">, stopped: AbortSignal): Promise<void> {
  let open = await context.lease();
  if (open === null) {
    record.note = "no session could be had for it";
    return;
  }
  record.session = open.id;
  await asImages({ ...context, open });
  for (const sizeBytes of RUNGS_BYTES) {
    if (stopped.aborted || !open.session.usable) break;
    const leftMs = context.untilMs - context.run.clock.now() - SPARE_MS;
    if (leftMs <= SPARE_MS) {
      record.note = "the time for one address was used up";
      break;
    }
    const limitMs = Math.min(context.run.limits.stepMs, leftMs);
    const path = `${context.directory.replace(/\/$/, "")}/${ownName(context)}`;
    const { step, result } = await climb({ ...context, open }, record, context.further, {
      what: "file",
      path,
      sizeBytes,
      limitMs,
      kind: { command: command("STOR", path), upload: new Uint8Array(sizeBytes).fill(0x2e), keepsSample: false },
    });
    if (!open.session.usable && mayExist(step, result)) {
      context.release(open);
      const fresh = await context.lease();
      if (fresh === null) {
        step.deleted = false;
        step.leftBehind = true;
        record.note = `${step.path} may have been left behind: no session could be had to delete it`;
        return;
      }
      open = fresh;
    }
    if (mayExist(step, result)) await tidy({ ...context, open }, record, { step, path });
    if (result !== "moved" || step.deleted === false) break;
  }
  context.release(open);
}

/** Asks how much was stored, and deletes it, whatever else is to be stopped. */
async function tidy(
  context: SessionContext,
  record: RecordOf<"ladder">,
  { step, path }: { step: LadderStep; path: string },
): Promise<void> {
  const { run, open } = context;
  const limit = run.clock.limit(TIDYING_MS);
  step.storedBytes = run.signal.aborted ? null : await sizeOf(context, path, limit.signal);
  const exchange = await open.session.exchange(pathCommand("DELE", path), TIDYING_MS, limit.signal);
  limit.clear();
  const code = exchange.outcome === "ok" ? (exchange.replies.at(-1)?.code ?? 0) : 0;
  step.deleted = code >= 200 && code < 300;
  // After a transfer that failed there may be no file to delete.
  const isThere = step.storedBytes !== null || (step.transfer?.bytes ?? 0) > 0;
  if (step.deleted || !isThere) return;
  step.leftBehind = true;
  record.note = `${step.path} may have been left behind: it could not be deleted`;
}

/** A transfer that was refused wrote nothing; every other one may have, however it ended. */
function mayExist(step: LadderStep, result: StepResult): boolean {
  return result !== "refused" && step.transfer !== null && step.transfer.exchange.sentMs > 0;
}

/** A name that nobody else has: 48 bits of chance. */
function ownName({ run }: AddressContext): string {
  const part = () =>
    Math.floor(run.random() * 2 ** 24)
      .toString(16)
      .padStart(6, "0");
  return `.ftp-doctor-${part()}${part()}`;
}
