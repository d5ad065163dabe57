import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import { authMechanisms } from "../ftp/feat.ts";
import { agrees } from "../model/acceptance.ts";
import type { Exchange, RecordOf, TlsRange } from "../model/evidence.ts";
import type { Connection, SecureConnection } from "../system/ports.ts";
import { type AddressContext, addressed, ask, type SessionContext } from "./context.ts";
import { noHandshake, shakeHands } from "./handshake.ts";

/** A chain is rarely longer, and its upper end tells nothing of the server. */
const CERTIFICATES_KEPT = 5;

/** How the connection is put under TLS: by AUTH on a session that was greeted, or at once on a fresh connection. */
type SecureContext = AddressContext & {
  /** Feature lines of FEAT, which may name the mechanisms of AUTH; none where left out or null. */
  features?: readonly string[] | null;
  /** Versions of TLS to offer; the ordinary ones where left out. */
  versions?: TlsRange | null;
  /** Nobody asked for TLS at this port: it kept silent. */
  knock?: boolean;
} & (Pick<SessionContext, "open"> | { connection: Connection; secured(connection: SecureConnection | null): void });

/** Can the control connection be put under TLS? On an open session the session then speaks over it; gives the record. */
export const secure = defineExperiment<"secure", SecureContext, RecordOf<"secure">>({
  name: "secure",
  blank: (context) => ({
    ...addressed(context),
    ordinal: context.ordinal,
    how: "open" in context ? "explicit" : "implicit",
    ...(context.knock === true ? { knock: true } : {}),
    auth: [],
    handshake: null,
    pbsz: null,
    prot: null,
  }),
  async run(context, record) {
    if (!("open" in context)) {
      context.secured(await begin(context, context.connection, record));
      return record;
    }
    const { open, run } = context;
    record.session = open.id;
    run.progress(`asking ${context.address} for TLS`);
    if (await authenticated(context, record, context.features ?? [])) {
      const answer = record.auth.at(-1)?.replies.at(-1);
      const before = answer === undefined ? undefined : open.session.behind(answer);
      open.secured = await begin(context, open.session.connection, record, before);
      if (open.secured === null) {
        open.session.close();
      } else {
        open.session.upgrade(open.secured);
        open.log.protection = "tls";
      }
    }
    await open.session.settle(run.signal);
    return record;
  },
});

async function begin(
  context: SecureContext,
  connection: Connection,
  record: RecordOf<"secure">,
  before: Uint8Array = new Uint8Array(),
): Promise<SecureConnection | null> {
  const { versions = null } = context;
  record.handshake = noHandshake(context, versions);
  return shakeHands(context, connection, {
    session: null,
    versions,
    certificates: CERTIFICATES_KEPT,
    before,
    record: record.handshake,
  });
}

/**
 * AUTH TLS, and AUTH SSL (what came before RFC 4217) where the server knows AUTH but not this mechanism: it says so (504), or its
 * features name SSL alone, however it words the refusal.
 */
async function authenticated(
  context: SessionContext,
  record: RecordOf<"secure">,
  features: readonly string[],
): Promise<boolean> {
  const mechanisms = authMechanisms(features);
  const sslAlone = mechanisms.includes("SSL") && !mechanisms.includes("TLS");
  for (const mechanism of ["TLS", "SSL"]) {
    const exchange = await ask(context, command("AUTH", mechanism));
    record.auth.push(exchange);
    if (accepted(exchange)) return true;
    const refused = codeOf(exchange) !== null && context.open.session.usable;
    if (!refused || (!isUnknownMechanism(exchange) && !sslAlone)) return false;
  }
  return false;
}

/** Whether AUTH is known, and not its argument (RFC 2228 section 3: 504). */
export function isUnknownMechanism(exchange: Exchange): boolean {
  return codeOf(exchange) === 504;
}

/** Whether the server agreed to AUTH, PBSZ or PROT. */
export function accepted(exchange: Exchange): boolean {
  const code = codeOf(exchange);
  return code !== null && agrees(code);
}

function codeOf(exchange: Exchange): number | null {
  return exchange.outcome === "ok" ? (exchange.replies.at(-1)?.code ?? null) : null;
}

/** PBSZ 0 and PROT P (RFC 4217 sections 8 and 9): whether data connections are to be under TLS. */
export async function protectData(context: SessionContext, record: RecordOf<"secure">): Promise<boolean> {
  record.pbsz = await ask(context, command("PBSZ", "0"));
  if (!context.open.session.usable) return false;
  record.prot = await ask(context, command("PROT", "P"));
  return accepted(record.prot);
}
