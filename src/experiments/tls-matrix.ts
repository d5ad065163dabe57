import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import type { MatrixTrial, RecordOf, TlsRange } from "../model/evidence.ts";
import { type AddressContext, addressed, ask, type OpenSession, type SessionContext } from "./context.ts";
import type { DataProtection } from "./data-protection.ts";
import { dial, dialLimit } from "./dial.ts";
import type { FurtherMode } from "./follow-up.ts";
import { beginListing, LIST } from "./listing.ts";
import { askForOffer } from "./offer.ts";
import { accepted } from "./secure.ts";

/** A session to be had, and what to try on it. */
export interface MatrixContext extends Omit<AddressContext, "ordinal"> {
  /** The mode. */
  further: FurtherMode;
  /** The one version of TLS that the session is to offer; null for an ordinary one. */
  versions: TlsRange | null;
  /** What to try, in this order. */
  whats: readonly MatrixTrial["what"][];
  /** Opens a session with these versions; null where none could be had. */
  lease(): Promise<OpenSession | null>;
  /** Gives it back. */
  release(open: OpenSession): Promise<void>;
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** A listing that takes longer is answered by its silence. */
const LISTING_MS = 3_000;
const ROUND_TRIPS = 4;

/** Everything, what spoils a session last: a full handshake that is refused may cost it. */
export const WHOLE_MATRIX: readonly MatrixTrial["what"][] = [
  "resume-1",
  "resume-2",
  "resume-3",
  "same-ticket",
  "after-preliminary",
  "prot-c",
  "no-resume",
];

/** What do data connections under TLS depend on: what is resumed, which ticket, when the handshake begins, PROT? */
export const tlsMatrix = defineExperiment<"tls-matrix", MatrixContext, void>({
  name: "tls-matrix",
  blank: (context) => ({
    ...addressed(context),
    versions: context.versions,
    version: null,
    mode: context.further.mode,
    trials: [],
  }),
  async run(context, record): Promise<void> {
    const { run, versions, whats } = context;
    run.progress(`comparing data connections under ${versions?.to ?? "TLS"} at ${context.address}`);
    let open: OpenSession | null = null;
    let ticket = 0;
    try {
      for (const what of whats) {
        if (run.signal.aborted || run.clock.now() + LISTING_MS > context.untilMs) {
          record.note = `ended after ${record.trials.length} of ${whats.length}: the time for one address was used up`;
          break;
        }
        if (open?.session.usable !== true) {
          // The first, second and third are of one session; what comes behind may be asked on another.
          if (open !== null) await context.release(open);
          open = await context.lease();
          // One that was lost on the way in (PROT) would have its end taken for the answer to the next command.
          if (open?.session.usable !== true) {
            record.note = `ended after ${record.trials.length} of ${whats.length}: no session could be had for it`;
            break;
          }
          record.session ??= open.id;
          record.version ??= open.secured?.tls.version ?? null;
        }
        if (what !== "same-ticket" && what !== "no-resume" && what !== "prot-c") ticket += 1;
        await tryOut({ ...context, ordinal: 0, open }, record, what, ticket);
      }
    } finally {
      if (open !== null) await context.release(open);
    }
    if (record.trials.length === 0) record.status = "skipped";
  },
});

async function tryOut(
  context: SessionContext & Pick<MatrixContext, "further">,
  record: RecordOf<"tls-matrix">,
  what: MatrixTrial["what"],
  ticket: number,
): Promise<void> {
  const { run, open, further } = context;
  const tickets = open.secured?.sessions() ?? [];
  const index = tickets.length === 0 ? null : (ticket - 1) % tickets.length;
  const offersTicket = what !== "no-resume" && what !== "prot-c" && index !== null;
  const trial: MatrixTrial = {
    what,
    session: open.id,
    ticket: offersTicket ? index + 1 : null,
    tickets: tickets.length,
    prot: null,
    offer: null,
    dialled: [],
    transfer: null,
  };
  record.trials.push(trial);
  const level = what === "prot-c" ? "C" : "P";
  if ((level === "P") !== open.protectsData) {
    trial.prot = await ask(context, command("PROT", level));
    await open.session.settle(run.signal);
    if (!accepted(trial.prot)) return;
    open.protectsData = level === "P";
  }
  const named = await askForOffer(context, further.mode, (offer) => {
    trial.offer = offer;
  });
  if (named === null) return;
  const to = further.role === "advertised" ? named : { address: context.address, port: named.port };
  const how = { role: further.role, limitMs: dialLimit(context), into: trial.dialled };
  const { connection } = await dial(run, to, how);
  if (connection === null) return;
  const protection: DataProtection =
    level === "C"
      ? { kind: "clear" }
      : {
          kind: "tls",
          session: offersTicket ? (tickets[index] ?? null) : null,
          afterPreliminary: what === "after-preliminary",
        };
  const limits = { ...run.limits, stepMs: Math.min(run.limits.stepMs, LISTING_MS + ROUND_TRIPS * open.connectMs) };
  const listing = await beginListing(
    { ...context, run: { ...run, limits } },
    [],
    (transfer) => {
      trial.transfer = transfer;
    },
    { ...LIST, protection },
  );
  await listing.carry(connection);
  await open.session.settle(run.signal);
}
