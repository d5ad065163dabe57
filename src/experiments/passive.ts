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

/**
 * Can bytes move over a data connection that we open? Where the server names another address than the one the control
 * connection reached, both are dialled. The dial comes before the transfer command, so that a failed one leaves the
 * session clean.
 */
export const passive = defineExperiment<"passive", SessionContext & { mode: "epsv" | "pasv" }, void>({
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
    const { mode, run } = context;
    record.session = context.open.id;
    run.progress(`trying ${mode.toUpperCase()} at ${context.address}`);
    note(context, record.timeline, "command", mode.toUpperCase());
    const advertised = await askForOffer(context, mode, (offer) => {
      record.offer = offer;
      const reply = offer.exchange.outcome === "ok" ? offer.exchange.replies.at(-1) : undefined;
      if (reply !== undefined) note(context, record.timeline, "reply", String(reply.code));
    });
    if (advertised === null) return;
    const connection = await reach(context, record, advertised);
    if (connection === null) return;
    const listing = await beginListing(context, record.timeline, (transfer) => {
      record.transfer = transfer;
    });
    await listing.carry(connection);
  },
});

/** Dials what was advertised, and the peer with the same port where that is another endpoint. */
async function reach(
  context: SessionContext,
  record: RecordOf<"passive">,
  advertised: Endpoint,
): Promise<Connection | null> {
  const peer: Endpoint = { address: context.address, port: advertised.port };
  const asAdvertised = call(context, record, advertised, "advertised");
  if (sameEndpoint(advertised, peer)) return asAdvertised;
  const ended = new AbortController();
  const headStart = AbortSignal.any([context.run.signal, ended.signal]);
  await Promise.race([asAdvertised, context.run.clock.sleep(HEAD_START_MS, headStart)]);
  ended.abort();
  const [first, second] = await Promise.all([asAdvertised, call(context, record, peer, "peer")]);
  if (first !== null) second?.close();
  return first ?? second;
}

async function call(
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
