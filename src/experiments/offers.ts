import { defineExperiment } from "../engine/experiment.ts";
import type { Endpoint } from "../model/endpoint.ts";
import type { OfferSample, OffersRecord, RecordOf } from "../model/evidence.ts";
import { addressed, type SessionContext } from "./context.ts";
import { dial, dialLimit } from "./dial.ts";
import type { FollowUp, FurtherMode } from "./follow-up.ts";
import { beginListing } from "./listing.ts";
import { askForOffer } from "./offer.ts";
import type { Turns } from "./turns.ts";

/** Repeated offers of one mode on a session that several modes share in turn. */
export interface OffersContext extends SessionContext {
  /** How often, and in which order offers and dials follow each other. */
  asked: Extract<FollowUp, { kind: "offers" }>;
  /** The mode. */
  further: FurtherMode;
  /** Whose turn it is on the session. */
  turns: Turns<OffersRecord["mode"]>;
  /**
   * Ports that were dialled side by side, of every mode: a second call to the same listener may find its queue full
   * (vsftpd's holds one).
   */
  dialledPorts: Set<number>;
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** Without a retransmission: a few round trips, and a moment for a busy machine. */
const BRIEF_MS = 700;
const ROUND_TRIPS = 4;
/** So long offers are collected before they are dialled, where the server or the way is slow to answer. */
const COLLECTING_MS = 1_500;
/** Left over for what comes behind. */
const SPARE_MS = 500;
/** After so long whoever counts connections has forgotten those that ended. */
const REST_MS = 1_100;
/** Beyond a listing of this length the question is answered; a stalled one costs its session. */
const LISTING_MS = 3_000;

/** Is the answer the same for each offer of a mode? Which ports are named, and what becomes of each? */
export const offers = defineExperiment<"offers", OffersContext, void>({
  name: "offers",
  blank: (context) => ({
    ...addressed(context),
    mode: context.further.mode,
    order: context.asked.order,
    samples: [],
  }),
  async run(context, record): Promise<void> {
    const { run, asked, further, turns } = context;
    record.session = context.open.id;
    run.progress(`asking ${context.address} for more passive ports`);
    const limitMs = dialLimitOf(context);
    const started = run.clock.now();
    const named: { sample: OfferSample; endpoint: Endpoint }[] = [];
    let why: string | null = null;
    try {
      while (record.samples.length < asked.perMode) {
        await turns.mine(further.mode);
        why = reasonToStop(context, record, { started, limitMs });
        if (why !== null) break;
        if (asked.rested) await run.clock.sleep(REST_MS, run.signal);
        const answer = await oneMore(context, record);
        if (answer === null) {
          why = "the server answered an offer with something else";
          break;
        }
        named.push(answer);
        if (asked.order !== "side-by-side") await tryOut(context, answer, limitMs);
        turns.pass();
      }
    } finally {
      turns.leave(further.mode);
    }
    if (asked.order === "side-by-side") {
      // The last of several offers of one port is the one whose listener may still stand.
      const fresh = named
        .reverse()
        .filter(({ endpoint }) => !context.dialledPorts.has(endpoint.port) && context.dialledPorts.add(endpoint.port));
      await Promise.all(fresh.map((one) => tryOut(context, one, limitMs)));
      if (fresh.length < named.length) record.note = "a port that was offered more than once is dialled once";
    }
    if (why !== null) record.note = `ended after ${record.samples.length} of ${asked.perMode}: ${why}`;
    if (record.samples.length === 0) record.status = "skipped";
  },
});

/** The next offer; null where none was made that can be dialled. */
async function oneMore(context: OffersContext, record: RecordOf<"offers">) {
  let sample: OfferSample | null = null;
  const endpoint = await askForOffer(context, context.further.mode, (offer) => {
    sample = { offer, dialled: [], transfer: null };
    record.samples.push(sample);
  });
  return sample === null || endpoint === null ? null : { sample: sample as OfferSample, endpoint };
}

/** Dials an offered port and, where that is asked for, has a listing over it. */
async function tryOut(
  context: OffersContext,
  { sample, endpoint }: { sample: OfferSample; endpoint: Endpoint },
  limitMs: number,
): Promise<void> {
  const { run, open, asked, further } = context;
  // A reply that names the peer after all is followed as it stands.
  const role = endpoint.address === context.address ? "advertised" : further.role;
  const to = role === "advertised" ? endpoint : { address: context.address, port: endpoint.port };
  const { connection } = await dial(run, to, { role, limitMs, into: sample.dialled });
  if (connection === null) return;
  if (asked.order !== "with-transfer") {
    connection.close();
    return;
  }
  const limits = { ...run.limits, stepMs: Math.min(run.limits.stepMs, LISTING_MS + ROUND_TRIPS * open.connectMs) };
  const listing = await beginListing({ ...context, run: { ...run, limits } }, [], (transfer) => {
    sample.transfer = transfer;
  });
  await listing.carry(connection);
  await open.session.settle(run.signal);
}

function dialLimitOf(context: OffersContext): number {
  const full = dialLimit(context);
  return context.asked.patience === "full"
    ? full
    : Math.min(full, Math.round(BRIEF_MS + ROUND_TRIPS * context.open.connectMs));
}

/** Why no further offer is asked for; null where one is. */
function reasonToStop(
  context: OffersContext,
  record: RecordOf<"offers">,
  { started, limitMs }: { started: number; limitMs: number },
): string | null {
  const { run, open, asked } = context;
  const now = run.clock.now();
  const outcomes = record.samples.flatMap(({ dialled }) => dialled.map(({ outcome }) => outcome));
  if (asked.until === "closed" && outcomes.some((outcome) => outcome !== "connected")) return "a port did not open";
  if (asked.until === "silent" && outcomes.includes("timed-out")) return "a port did not answer";
  if (run.signal.aborted) return "the run was stopped, or its time for one address was used up";
  if (!open.session.usable) return "the session was lost";
  // The slowest answer so far may come again, to each mode.
  const answerMs = Math.max(0, ...record.samples.map(({ offer }) => offer.exchange.ms)) * asked.modes.length;
  const needMs =
    limitMs + answerMs + SPARE_MS + (asked.order === "with-transfer" ? LISTING_MS : 0) + (asked.rested ? REST_MS : 0);
  if (now + needMs > context.untilMs) return "the time for one address was used up";
  const collecting = asked.order === "side-by-side" && run.options.samples === null;
  if (collecting && now - started > COLLECTING_MS) return "the answers came too slowly for more";
  return null;
}
