import { defineExperiment } from "../engine/experiment.ts";
import { type Endpoint, formatEndpoint, sameEndpoint } from "../model/endpoint.ts";
import type { DialRecord, RecordOf } from "../model/evidence.ts";
import type { Connection } from "../system/ports.ts";
import { addressed, note, type SessionContext } from "./context.ts";
import { dial, dialLimit } from "./dial.ts";
import { beginListing } from "./listing.ts";
import { askForOffer } from "./offer.ts";

/** The advertised endpoint gets this start before the peer's address is tried as well: who calls first is served. */
const HEAD_START_MS = 300;

/** A SYN that was lost is sent again after 1 s (RFC 6298 section 2): who is silent for longer will hardly answer at all. */
const SILENT_MS = 1_300;
/** What a port answers that may no longer be listened on: the next offer on a session replaces the one before. */
const OF_A_LISTENER: readonly DialRecord["outcome"][] = ["connected", "refused", "reset", "closed"];

/** A session, and one of the modes in which we call. */
export interface PassiveContext extends SessionContext {
  /** EPSV or PASV. */
  mode: "epsv" | "pasv";
  /**
   * Lets others use the session while a dial keeps silent: resolves when they are through, null where nobody waits for it.
   * Left out: nobody may.
   */
  lend?: (() => Promise<void> | null) | undefined;
}

/**
 * Can bytes move over a data connection that we open? Where the server names another address than the one the control
 * connection reached, both are dialled. The dial comes before the transfer command, so that a failed one leaves the
 * session clean.
 */
export const passive = defineExperiment<"passive", PassiveContext, void>({
  name: "passive",
  blank: (context) => ({
    ...addressed(context),
    mode: context.mode,
    offer: null,
    dialled: [],
    transfer: null,
    timeline: [],
  }),
  async run(context, record): Promise<void> {
    record.session = context.open.id;
    context.run.progress(`trying ${context.mode.toUpperCase()} at ${context.address}`);
    if ((await attempt(context, record)) === "answered-late") await attempt({ ...context, lend: undefined }, record);
  },
});

/** Asks for an offer, dials it and fetches the listing. `answered-late`: nothing is known yet, and the session is free to ask again. */
async function attempt(context: PassiveContext, record: RecordOf<"passive">): Promise<"answered-late" | undefined> {
  note(context, record.timeline, "command", context.mode.toUpperCase());
  const advertised = await askForOffer(context, context.mode, (offer) => {
    record.offer = offer;
    const reply = offer.exchange.outcome === "ok" ? offer.exchange.replies.at(-1) : undefined;
    if (reply !== undefined) note(context, record.timeline, "reply", String(reply.code));
  });
  if (advertised === null) return;
  const dialling = reach(context, record, advertised);
  const lent = await lendWhileSilent(context, record, dialling);
  const connection = await dialling;
  const answers = lent?.silent.filter(({ outcome }) => OF_A_LISTENER.includes(outcome)) ?? [];
  if (lent !== null && answers.length > 0) {
    // Somebody answers, but whether it is to this offer or behind one that replaced it cannot be told.
    connection?.close();
    await lent.others;
    if (context.open.session.usable) {
      record.offer = null;
      record.dialled.length = 0;
      record.timeline.length = 0;
      return "answered-late";
    }
    for (const dialled of answers) dialled.outcome = "cancelled";
    return;
  }
  if (connection === null) return;
  const listing = await beginListing(context, record.timeline, (transfer) => {
    record.transfer = transfer;
  });
  await listing.carry(connection);
}

/** Lends the session to others once every dial has been silent for a while; null where there is no need, or no taker. */
async function lendWhileSilent(
  { run, open, lend }: PassiveContext,
  { dialled }: RecordOf<"passive">,
  dialling: Promise<unknown>,
): Promise<{ others: Promise<void>; silent: DialRecord[] } | null> {
  if (lend === undefined) return null;
  const ended = new AbortController();
  const patience = run.clock.sleep(SILENT_MS + 2 * open.connectMs, AbortSignal.any([run.signal, ended.signal]));
  await Promise.race([dialling, patience]);
  ended.abort();
  const silent = dialled.filter(({ outcome }) => outcome === "cancelled");
  const connected = dialled.some(({ outcome }) => outcome === "connected");
  if (silent.length === 0 || connected || run.signal.aborted || !open.session.usable) return null;
  const others = lend();
  return others === null ? null : { others, silent };
}

/** Dials what was advertised, and the peer with the same port where that is another endpoint. */
async function reach(
  context: SessionContext,
  record: RecordOf<"passive">,
  advertised: Endpoint,
): Promise<Connection | null> {
  const peer: Endpoint = { address: context.address, port: advertised.port };
  const asAdvertised = dialAs(context, record, advertised, "advertised");
  if (sameEndpoint(advertised, peer)) return asAdvertised;
  const ended = new AbortController();
  const headStart = AbortSignal.any([context.run.signal, ended.signal]);
  await Promise.race([asAdvertised, context.run.clock.sleep(HEAD_START_MS, headStart)]);
  ended.abort();
  const [first, second] = await Promise.all([asAdvertised, dialAs(context, record, peer, "peer")]);
  if (first !== null) second?.close();
  return first ?? second;
}

async function dialAs(
  context: SessionContext,
  record: RecordOf<"passive">,
  endpoint: Endpoint,
  role: DialRecord["role"],
): Promise<Connection | null> {
  note(context, record.timeline, "dial", formatEndpoint(endpoint));
  const how = { role, limitMs: dialLimit(context), into: record.dialled };
  const dialled = await dial(context.run, endpoint, how);
  note(context, record.timeline, "dial-ended", `${formatEndpoint(endpoint)} ${dialled.record.outcome}`);
  return dialled.connection;
}
