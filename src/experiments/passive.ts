import { defineExperiment } from "../engine/experiment.ts";
import { dialLimitMs } from "../engine/limits.ts";
import { readOffer } from "../ftp/codec-offer.ts";
import { command } from "../ftp/commands.ts";
import { type Endpoint, formatEndpoint, sameEndpoint } from "../model/endpoint.ts";
import type { DialRecord, RecordOf } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Connection } from "../system/ports.ts";
import { addressed, ask, note, type SessionContext } from "./context.ts";
import { beginListing } from "./listing.ts";

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
    const exchange = await ask(context, command(mode.toUpperCase()));
    record.offer = { exchange, advertised: null, oddities: [], problem: null };
    const reply = exchange.outcome === "ok" ? exchange.replies.at(-1) : undefined;
    if (reply === undefined) return;
    note(context, record.timeline, "reply", String(reply.code));
    if (reply.code < 200 || reply.code >= 300) return;
    const words = { code: reply.code, lines: context.open.session.wordsOf(reply) };
    const reading = readOffer(mode, words, context.address);
    record.offer.oddities = reading.oddities;
    if (!reading.ok) {
      record.offer.problem = run.recorder.redact(reading.problem);
      return;
    }
    record.offer.advertised = reading.endpoint;
    const connection = await reach(context, record, reading.endpoint);
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
  const asAdvertised = dial(context, record, advertised, "advertised");
  if (sameEndpoint(advertised, peer)) return asAdvertised;
  const ended = new AbortController();
  const headStart = AbortSignal.any([context.run.signal, ended.signal]);
  await Promise.race([asAdvertised, context.run.clock.sleep(HEAD_START_MS, headStart)]);
  ended.abort();
  const [first, second] = await Promise.all([asAdvertised, dial(context, record, peer, "peer")]);
  if (first !== null) second?.close();
  return first ?? second;
}

async function dial(
  context: SessionContext,
  record: RecordOf<"passive">,
  endpoint: Endpoint,
  role: DialRecord["role"],
): Promise<Connection | null> {
  const { run } = context;
  const limitMs = dialLimitMs(context.open.connectMs, run.options);
  const dialled: DialRecord = {
    endpoint,
    role,
    startedMs: run.recorder.now(),
    outcome: "cancelled",
    code: null,
    ms: 0,
    limitMs,
  };
  record.dialled.push(dialled);
  note(context, record.timeline, "dial", formatEndpoint(endpoint));
  const limit = run.clock.limit(limitMs, run.signal);
  const started = run.clock.now();
  const answer = await run.network.connect(endpoint, {
    signal: limit.signal,
    ...(run.options.sourceAddress === null ? {} : { localAddress: run.options.sourceAddress }),
  });
  limit.clear();
  dialled.ms = tenth(run.clock.now() - started);
  dialled.outcome = answer.ok ? "connected" : answer.failure.outcome;
  dialled.code = answer.ok ? null : answer.failure.code;
  note(context, record.timeline, "dial-ended", `${formatEndpoint(endpoint)} ${dialled.outcome}`);
  return answer.ok ? answer.connection : null;
}
