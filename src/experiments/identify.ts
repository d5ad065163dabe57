import { defineExperiment } from "../engine/experiment.ts";
import type { ProbeOptions } from "../engine/options.ts";
import { command } from "../ftp/commands.ts";
import { offersAuth, parseFeat } from "../ftp/feat.ts";
import type { Exchange, IdentifyRecord } from "../model/evidence.ts";
import { addressed, ask, type SessionContext } from "./context.ts";
import { accepted, isUnknownMechanism } from "./secure.ts";

/** What is asked again under the other protection: a device on the way can change the answers that it can read. */
export type AskedAgain = "SYST" | "FEAT";

/**
 * What does the server say it is? FEAT before the login, the rest with `identifyFurther` after it. `again`: these alone, on a session
 * that is logged in.
 */
export const identify = defineExperiment<
  "identify",
  SessionContext & { again?: readonly AskedAgain[] },
  IdentifyRecord
>({
  name: "identify",
  blank: (context) => ({
    ...addressed(context),
    feat: null,
    syst: null,
    auth: null,
    features: null,
    authOffered: null,
  }),
  async run(context, record): Promise<IdentifyRecord> {
    record.session = context.open.id;
    if (context.again !== undefined) {
      if (context.again.includes("SYST")) record.syst = await ask(context, command("SYST"));
      if (context.again.includes("FEAT")) await readFeatures(context, record);
      return record;
    }
    await readFeatures(context, record);
    // Real credentials are not sent in clear where TLS is to be had; FEAT before login may be forbidden, and a device on the way can
    // take AUTH out of its answer, so the server is asked itself.
    // Where TLS is wanted it is asked for anyway, and under implicit TLS there is nothing to ask.
    const inClear = context.run.options.security === "none" && !mayGoInClear(context.run.options);
    if (inClear && record.authOffered !== true && context.open.session.usable) {
      for (const mechanism of ["TLS", "SSL"]) {
        record.auth = await ask(context, command("AUTH", mechanism));
        record.authOffered = record.auth.outcome === "ok" ? accepted(record.auth) : null;
        if (!isUnknownMechanism(record.auth)) break;
      }
      // The server now expects a handshake: this session cannot go on in clear.
      if (record.authOffered) context.open.session.close();
    }
    return record;
  },
});

/** Whether the login may go in clear whatever the server offers. */
export function mayGoInClear(options: Pick<ProbeOptions, "user" | "allowCleartext">): boolean {
  return options.user === null || options.allowCleartext;
}

/** SYST, which many servers answer only after login, and FEAT where it was refused before and is known at all. */
export async function identifyFurther(context: SessionContext, record: IdentifyRecord): Promise<void> {
  if (record.features === null && !isUnknown(record.feat)) await readFeatures(context, record);
  if (context.open.session.usable) record.syst = await ask(context, command("SYST"));
}

async function readFeatures(context: SessionContext, record: IdentifyRecord): Promise<void> {
  if (!context.open.session.usable) return;
  record.feat = await ask(context, command("FEAT"));
  await context.open.session.settle(context.run.signal);
  const reply = record.feat.outcome === "ok" ? record.feat.replies.at(-1) : undefined;
  if (reply === undefined || reply.code < 200 || reply.code >= 300) return;
  record.features = parseFeat(reply.lines);
  // A list without an entry says as little as none: devices on the way cut the reply down to its last line.
  record.authOffered = record.features.length === 0 ? null : offersAuth(record.features);
}

/** 500 and 502: the command is not known or not implemented (RFC 959 section 4.2), which no login changes. */
function isUnknown(exchange: Exchange | null): boolean {
  const code = exchange?.outcome === "ok" ? exchange.replies.at(-1)?.code : undefined;
  return code === 500 || code === 502;
}
