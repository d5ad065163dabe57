import type { CertificateRecord, HandshakeRecord, TlsProblem, TlsRange } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Connection, SecureConnection } from "../system/ports.ts";
import type { AddressContext } from "./context.ts";

/** What of a handshake the caller decides. */
interface Handshake {
  /** A session of the control connection to resume; null for a full handshake. */
  session: Uint8Array | null;
  /** Versions to offer; null for TLS 1.2 and 1.3. */
  versions: TlsRange | null;
  /** Take what is thought too weak today; false where left out. */
  weak?: boolean;
  /** Send the host's name along; true where left out. */
  named?: boolean;
  /** Certificates of the chain to keep. */
  certificates: number;
  /** What was read of the connection already, behind the answer to AUTH; nothing where left out. */
  before?: Uint8Array;
  /** Filled in place. */
  record: HandshakeRecord;
}

/** The record of a handshake that has not begun. */
export function noHandshake(context: AddressContext, versions: TlsRange | null = null): HandshakeRecord {
  return {
    outcome: "cancelled",
    code: null,
    ms: 0,
    limitMs: context.run.limits.stepMs,
    alert: null,
    foreign: null,
    offeredSession: false,
    versions,
    agreed: null,
  };
}

/** Makes TLS of a connection, within the limit of a step; null where that failed, the connection then is closed. */
export async function shakeHands(
  context: AddressContext,
  connection: Connection,
  { session, versions, weak = false, named = true, certificates, before, record }: Handshake,
): Promise<SecureConnection | null> {
  const { run } = context;
  record.offeredSession = session !== null;
  const limit = run.clock.limit(record.limitMs, run.signal);
  let started = run.clock.now();
  let receivedBytes = 0;
  let lastByteMs = 0;
  const answer = await run.network
    .secure(connection, {
      signal: limit.signal,
      host: run.host,
      session,
      versions,
      weak,
      named,
      extraRoots: run.options.extraRoots,
      ...(before === undefined ? {} : { before }),
      onBegin: () => {
        started = run.clock.now();
      },
      onBytes: (count) => {
        receivedBytes += count;
        lastByteMs = tenth(run.clock.now() - started);
      },
    })
    .finally(() => limit.clear());
  record.ms = tenth(run.clock.now() - started);
  if (!answer.ok) {
    record.outcome = answer.failure.outcome;
    record.code = answer.failure.code;
    record.alert = answer.alert;
    if (receivedBytes > 0) Object.assign(record, { receivedBytes, lastByteMs });
    if (answer.certificateRequested) record.certificateRequested = true;
    record.foreign = answer.foreign === null ? null : run.recorder.redact(answer.foreign, true).slice(0, FOREIGN_CHARS);
    connection.close();
    return null;
  }
  const { tls } = answer.connection;
  record.outcome = "ok";
  const redact = (text: string) => run.recorder.redact(text);
  record.agreed = {
    ...tls,
    problems: tls.problems.map((problem) => redactedProblem(problem, redact)),
    certificates: tls.certificates.slice(0, certificates).map((each) => redactedCertificate(each, redact)),
  };
  return answer.connection;
}

/** A certificate is the server's own text like any other, and may be made for one who is known to come. */
function redactedCertificate(record: CertificateRecord, redact: (text: string) => string): CertificateRecord {
  const { subject, issuer, names } = record;
  return { ...record, subject: redact(subject), issuer: redact(issuer), names: names.map(redact) };
}

/** Node names the certificate's names in its text. */
function redactedProblem({ code, text }: TlsProblem, redact: (text: string) => string): TlsProblem {
  return { code, text: text === null ? null : redact(text) };
}

/** Enough to recognise a reply by. */
const FOREIGN_CHARS = 256;
