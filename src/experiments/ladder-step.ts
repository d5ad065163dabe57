import { type Command, command } from "../ftp/commands.ts";
import type { LadderStep, RecordOf } from "../model/evidence.ts";
import { ask, type SessionContext } from "./context.ts";
import { dial, dialLimit } from "./dial.ts";
import type { FurtherMode } from "./follow-up.ts";
import { beginListing, type TransferKind } from "./listing.ts";
import { askForOffer } from "./offer.ts";

/** What one step of a ladder transfers. */
export interface StepPlan extends Pick<LadderStep, "what" | "path" | "sizeBytes"> {
  /** The transfer. */
  kind: TransferKind;
  /** Limit of its data in milliseconds. */
  limitMs: number;
}

/** `moved`: all of it, as far as can be seen from here. `refused`: the server would not (550), which says nothing of the way. */
export type StepResult = "moved" | "refused" | "failed";

/** One transfer over a passive data connection; its step is in the record from the beginning. */
export async function climb(
  context: SessionContext,
  record: RecordOf<"ladder">,
  further: FurtherMode,
  plan: StepPlan,
): Promise<{ step: LadderStep; result: StepResult }> {
  const { run, open } = context;
  const step: LadderStep = {
    what: plan.what,
    path: plan.path === null ? null : run.recorder.redact(plan.path),
    sizeBytes: plan.sizeBytes,
    offer: null,
    dialled: [],
    transfer: null,
    storedBytes: null,
    deleted: null,
  };
  record.steps.push(step);
  const failed = { step, result: "failed" as const };
  const named = await askForOffer(context, further.mode, (offer) => {
    step.offer = offer;
  });
  if (named === null) return failed;
  const to = further.role === "advertised" ? named : { address: context.address, port: named.port };
  const how = { role: further.role, limitMs: dialLimit(context), into: step.dialled };
  const { connection } = await dial(run, to, how);
  if (connection === null) return failed;
  const limits = { ...run.limits, stepMs: plan.limitMs };
  const listing = await beginListing(
    { ...context, run: { ...run, limits } },
    [],
    (transfer) => {
      step.transfer = transfer;
    },
    plan.kind,
  );
  await listing.carry(connection);
  await open.session.settle(run.signal);
  return { step, result: resultOf(step) };
}

function resultOf({ transfer }: LadderStep): StepResult {
  if (transfer === null) return "failed";
  const code = transfer.exchange.outcome === "ok" ? (transfer.exchange.replies.at(-1)?.code ?? 0) : 0;
  // Cut off by us, because it was enough.
  if (transfer.dataOutcome === "protocol-error") return "moved";
  if (code >= 200 && code < 300 && transfer.dataOutcome === "ok") return "moved";
  const begun = transfer.exchange.replies.some((reply) => reply.code < 200);
  if (transfer.bytes > 0 || (code !== 450 && code < 500)) return "failed";
  // ProFTPD opens and ends a data connection before it says that there is no such file: that much has arrived.
  if (begun) return transfer.dataOutcome === "ok" ? "moved" : "failed";
  return "refused";
}

/** Images (RFC 959 section 3.1.1.3): SIZE and the bytes of a file then mean the same everywhere. */
export async function asImages(context: SessionContext): Promise<void> {
  if (context.open.session.usable) await ask(context, command("TYPE", "I"));
}

/** The size of a file as the server tells it (RFC 3659 section 4); null where it does not. */
export async function sizeOf(context: SessionContext, path: string, signal = context.run.signal) {
  if (!context.open.session.usable) return null;
  const exchange = await context.open.session.exchange(pathCommand("SIZE", path), context.run.limits.stepMs, signal);
  await context.open.session.settle(signal);
  const reply = exchange.outcome === "ok" ? exchange.replies.at(-1) : undefined;
  const [, bytes] = /^213[ -]\s*(\d{1,15})\s*$/.exec(reply?.lines[0] ?? "") ?? [];
  return bytes === undefined ? null : Number(bytes);
}

/** A command with a path. */
export function pathCommand(verb: string, path: string | null): Command {
  return path === null ? command(verb) : command(verb, path);
}
