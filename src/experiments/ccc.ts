import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import { familyOf } from "../model/endpoint.ts";
import { tenth } from "../model/milliseconds.ts";
import { addressed, ask, type SessionContext } from "./context.ts";
import { dial, dialLimit } from "./dial.ts";
import type { FurtherMode } from "./follow-up.ts";
import { beginListing } from "./listing.ts";
import { askForOffer } from "./offer.ts";
import { accepted } from "./secure.ts";

/** A session under TLS that is not needed any more. */
type CccContext = SessionContext & { further: FurtherMode };

/** A server that ends TLS says so at once; some never do, and go on in clear. */
const CLOSING_MS = 2_000;

/** PASV carries the address that devices on the way rewrite, which is what CCC is used for. */
function modeAt(address: string): FurtherMode["mode"] {
  return familyOf(address) === "ipv4" ? "pasv" : "epsv";
}

/** Does the session go on when its control connection leaves TLS (CCC, RFC 4217 section 6)? One listing then shows it. */
export const ccc = defineExperiment<"ccc", CccContext, void>({
  name: "ccc",
  blank: (context) => ({
    ...addressed(context),
    exchange: null,
    left: null,
    mode: modeAt(context.address),
    offer: null,
    dialled: [],
    transfer: null,
  }),
  async run(context, record): Promise<void> {
    const { run, open, further } = context;
    record.session = open.id;
    run.progress(`leaving TLS on a session with ${context.address}`);
    record.exchange = await ask(context, command("CCC"));
    await open.session.settle(run.signal);
    if (!accepted(record.exchange) || open.secured === null || !open.session.usable) return;
    const limitMs = Math.min(CLOSING_MS, run.limits.stepMs);
    const limit = run.clock.limit(limitMs, run.signal);
    const started = run.clock.now();
    const { connection, missed } = await open.secured.leave(limit.signal);
    limit.clear();
    const ms = tenth(run.clock.now() - started);
    record.left = { outcome: missed?.outcome ?? "ok", code: missed?.code ?? null, ms, limitMs };
    open.session.downgrade(connection);
    open.log.protection = "clear";
    // Linux's FTP helper reads a line only behind one whose end it saw (nf_conntrack_ftp.c, find_nl_seq): TLS has none, this reply has.
    record.noop = await ask(context, command("NOOP"));
    await open.session.settle(run.signal);
    if (!open.session.usable) return;
    const named = await askForOffer(context, record.mode, (offer) => {
      record.offer = offer;
    });
    if (named === null) return;
    const to = further.role === "advertised" ? named : { address: context.address, port: named.port };
    const how = { role: further.role, limitMs: dialLimit(context), into: record.dialled };
    const dialled = await dial(run, to, how);
    if (dialled.connection === null) return;
    const listing = await beginListing(context, [], (transfer) => {
      record.transfer = transfer;
    });
    await listing.carry(dialled.connection);
    await open.session.settle(run.signal);
  },
});
