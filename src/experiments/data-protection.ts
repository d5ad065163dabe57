import type { TransferRecord } from "../model/evidence.ts";
import type { Connection, SecureConnection } from "../system/ports.ts";
import type { OpenSession, SessionContext } from "./context.ts";
import { noHandshake, shakeHands } from "./handshake.ts";

/** How a data connection is protected, where that is not left to the session. */
export type DataProtection =
  | { kind: "clear" }
  /** `session`: to be resumed, null for a full handshake; `afterPreliminary`: the handshake waits for the reply 150. */
  | { kind: "tls"; session: Uint8Array | null; afterPreliminary: boolean };

/** As PROT was agreed on, resuming the control connection's session as servers may demand. */
export function ordinaryProtection(open: OpenSession): DataProtection {
  if (!open.protectsData) return { kind: "clear" };
  const sessions = open.secured?.sessions() ?? [];
  // Tickets of TLS 1.3 are meant to be used once (RFC 8446 section C.4): one after the other while there are several.
  const session = sessions[open.transfers++ % Math.max(1, sessions.length)] ?? null;
  return { kind: "tls", session, afterPreliminary: false };
}

/** Makes TLS of the data connection; null where that failed. */
export async function protect(
  context: SessionContext,
  connection: Connection,
  transfer: TransferRecord,
  session: Uint8Array | null,
): Promise<SecureConnection | null> {
  const { open, run } = context;
  const handshake = noHandshake(context, open.versions);
  transfer.tls = { handshake, beforePreliminary: null, closeNotify: null, sameCertificate: null };
  const secured = await shakeHands(context, connection, {
    session,
    versions: open.versions,
    certificates: 1,
    record: handshake,
  });
  if (secured === null) {
    // Hung up by ourselves, behind a negative reply.
    if (handshake.outcome === "cancelled" && !run.signal.aborted) handshake.outcome = "closed";
    transfer.dataOutcome ??= handshake.outcome === "cancelled" ? "cancelled" : "tls-failed";
    return null;
  }
  transfer.tls.beforePreliminary = transfer.exchange.replies.length === 0;
  const [own] = secured.tls.certificates;
  const [control] = open.secured?.tls.certificates ?? [];
  if (!secured.tls.resumed && own !== undefined && control !== undefined) {
    transfer.tls.sameCertificate = own.fingerprint256 === control.fingerprint256;
  }
  return secured;
}
