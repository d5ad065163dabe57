import { isIP } from "node:net";
import { checkServerIdentity, connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { AgreedTls, CertificateStore, TlsVersion } from "../model/evidence.ts";
import { type Failure, failure } from "../model/failure.ts";
import { abortFailure, onAbort } from "./abort.ts";
import { fingerprintOf, readChain } from "./certificate.ts";
import { codeOf } from "./classify.ts";
import { SocketConnection } from "./connection.ts";
import type { Connection, ReadAnswer, SecureAnswer, SecureConnection, SecureOptions } from "./ports.ts";
import { secureContext } from "./secure-context.ts";
import { TlsWire } from "./tls-wire.ts";

/** Sessions for resumption that are kept; a server of TLS 1.3 sends two tickets, OpenSSL's default. */
const SESSIONS_KEPT = 8;

/**
 * Makes a TLS connection of a connection, as the client. Whoever answers is let in, since a failed verification is a
 * fact to be reported; callers look at `tls.problems` before they send a secret.
 */
export function secure(connection: Connection, options: SecureOptions): Promise<SecureAnswer> {
  const { signal, host, session, versions, extraRoots } = options;
  const weak = options.weak === true || (versions !== null && isOld(versions.from));
  if (signal.aborted)
    return Promise.resolve({
      ok: false,
      failure: abortFailure(signal),
      alert: null,
      foreign: null,
      certificateRequested: false,
    });
  const context = secureContext({ versions, weak, extraRoots });
  options.onBegin?.();
  const wire = new TlsWire(connection, options);
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: wire,
      rejectUnauthorized: false,
      // Checked by ourselves, so that a wrong name is told beside a chain that cannot be verified.
      checkServerIdentity: () => undefined,
      ...(isIP(host) === 0 && options.named !== false ? { servername: host } : {}),
      ...(session === null ? {} : { session: Buffer.from(session) }),
      secureContext: context,
    });
    const sessions: Uint8Array[] = [];
    socket.on("session", (each: Buffer) => {
      sessions.push(each);
      if (sessions.length > SESSIONS_KEPT) sessions.shift();
    });
    const settle = (answer: SecureAnswer) => {
      release();
      resolve(answer);
    };
    let over = false;
    const fail = (why: Failure) => {
      if (over) return;
      over = true;
      void wire.hearOut(signal).then(() => {
        const { inClear, certificateRequested } = wire;
        settle({ ok: false, failure: why, alert: alertOf(why.code), foreign: inClear, certificateRequested });
        socket.destroy();
      });
    };
    const release = onAbort(signal, () => fail(abortFailure(signal)));
    // Stays for good: an "error" nobody listens to would end the process.
    socket.on("error", (error) => fail(handshakeFailure(error, wire)));
    socket.once("close", () => fail(handshakeFailure(null, wire)));
    socket.once("secureConnect", () => {
      over = true;
      try {
        const facts = factsOf(socket, host, extraRoots);
        settle({ ok: true, connection: new SecuredConnection(connection, socket, wire, sessions, facts) });
      } catch (error) {
        // What a server's certificate can make Node throw is for the experiment to answer for, not for the process.
        release();
        socket.destroy();
        reject(error);
      }
    });
  });
}

function isOld(version: TlsVersion): boolean {
  return version === "TLSv1" || version === "TLSv1.1";
}

/** Why the handshake failed, told by what came over the wire where Node's own word is vague. */
function handshakeFailure(error: unknown, wire: TlsWire): Failure {
  const code = codeOf(error);
  if (wire.foreign !== null)
    return failure("protocol-error", code, "what came where the TLS handshake should be is no TLS");
  if (code?.startsWith("ERR_SSL") || code?.startsWith("ERR_TLS") || code === "EPROTO") {
    return failure("tls-failed", code, error instanceof Error ? reasonOf(error) : code);
  }
  if (wire.ended !== null && wire.inClear !== null)
    return failure("protocol-error", null, "what came in place of the TLS handshake is no TLS, and then came the end");
  if (wire.ended === "end") return failure("closed", null, "the connection was ended during the TLS handshake");
  if (wire.ended !== null) return wire.ended;
  return failure("tls-failed", code, error instanceof Error ? reasonOf(error) : "the TLS handshake failed");
}

/** OpenSSL's own reason, without the file names and numbers around it. */
function reasonOf(error: Error): string {
  return "reason" in error && typeof error.reason === "string" ? error.reason : error.message.slice(0, 200);
}

/**
 * The alert that the server sent, as RFC 8446 section 6 names it: `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION` is
 * `protocol_version`. OpenSSL's names for the alerts of the extensions (110 to 114) go without the word ALERT.
 */
function alertOf(code: string | null): string | null {
  return /_(?:ALERT|TLSV1)_(?!ALERT_)(\w+)$/.exec(code ?? "")?.[1]?.toLowerCase() ?? null;
}

function factsOf(socket: TLSSocket, host: string, extraRoots: readonly string[] | null): AgreedTls {
  const resumed = socket.isSessionReused();
  const peer = socket.getPeerCertificate(true);
  const known = Object.keys(peer).length > 0;
  const problems: AgreedTls["problems"] = [];
  // A resumed session is not verified anew: its certificate was, when it began.
  if (!resumed && socket.authorizationError !== undefined && socket.authorizationError !== null) {
    problems.push({ code: String(socket.authorizationError), text: null });
  }
  const wrongName = known ? checkServerIdentity(host, peer) : undefined;
  if (wrongName !== undefined) {
    problems.push({ code: codeOf(wrongName) ?? "ERR_TLS_CERT_ALTNAME_INVALID", text: wrongName.message.slice(0, 300) });
  }
  const store: CertificateStore = extraRoots === null ? "bundled" : "bundled+ca-file";
  const vouched = known && !resumed && socket.authorized;
  const cipher = socket.getCipher();
  return {
    version: socket.getProtocol() ?? "unknown",
    cipher: cipher === undefined ? "unknown" : (cipher.standardName ?? cipher.name),
    resumed,
    problems,
    store,
    ...(extraRoots !== null && vouched ? { root: rootOf(peer, extraRoots) } : {}),
    certificates: readChain(socket.getPeerX509Certificate()),
  };
}

/** Which roots vouch for a chain that was verified: Node shows it with the root that it found, sent along or not. */
function rootOf(certificate: DetailedPeerCertificate, extraRoots: readonly string[]): NonNullable<AgreedTls["root"]> {
  let top = certificate;
  const seen = new Set<string>();
  while (top.issuerCertificate !== undefined && !seen.has(top.fingerprint256)) {
    seen.add(top.fingerprint256);
    top = top.issuerCertificate;
  }
  return extraRoots.some((pem) => fingerprintOf(pem) === top.fingerprint256) ? "ca-file" : "bundled";
}

/** A TLS connection over a connection of ours. */
class SecuredConnection implements SecureConnection {
  readonly local: Connection["local"];
  readonly remote: Connection["remote"];
  readonly tls: AgreedTls;
  readonly #wire: Connection;
  readonly #tap: TlsWire;
  readonly #socket: TLSSocket;
  readonly #stream: SocketConnection;
  readonly #sessions: Uint8Array[];
  #alert: string | null = null;

  constructor(wire: Connection, socket: TLSSocket, tap: TlsWire, sessions: Uint8Array[], tls: AgreedTls) {
    this.#wire = wire;
    this.#tap = tap;
    this.#socket = socket;
    this.#sessions = sessions;
    this.local = wire.local;
    this.remote = wire.remote;
    this.tls = tls;
    // Before the stream, which wakes its reader at an error: the reader looks here.
    socket.on("error", (error) => {
      this.#alert ??= alertOf(codeOf(error));
    });
    this.#stream = new SocketConnection(socket, wire.local, wire.remote);
  }

  get foreign(): string | null {
    return this.#tap.foreign;
  }

  get alert(): string | null {
    return this.#alert;
  }

  get closeNotify(): boolean | null {
    return this.#tap.ended === null && !this.#socket.readableEnded ? null : this.#tap.endedWithAlert;
  }

  sessions(): readonly Uint8Array[] {
    // In TLS 1.2 the session is there as soon as the handshake is over; in TLS 1.3 it is of no use without a ticket.
    const early = this.#sessions.length === 0 && this.tls.version !== "TLSv1.3";
    const own = early ? this.#socket.getSession() : undefined;
    return own === undefined ? this.#sessions : [own];
  }

  async read(signal: AbortSignal): Promise<ReadAnswer> {
    const answer = await this.#stream.read(signal);
    if (answer.kind !== "failed") return answer;
    if (this.#tap.foreign !== null) {
      await this.#tap.hearOut(signal);
      return {
        kind: "failed",
        failure: failure("protocol-error", answer.failure.code, "what came inside TLS is none"),
      };
    }
    const below = this.#tap.ended;
    if (below !== null && below !== "end" && answer.failure.outcome === "local-error") {
      return { kind: "failed", failure: below };
    }
    // An alert is the server's word for the end; it is not for this machine to answer for.
    if (this.alert !== null) {
      return { kind: "failed", failure: failure("closed", answer.failure.code, `TLS alert ${this.alert}`) };
    }
    return answer;
  }

  async write(bytes: Uint8Array): Promise<Failure | null> {
    // The wire keeps a reset to itself, so that what was received before it can still be read: TLS then calls the write a success.
    const failed = (await this.#stream.write(bytes)) ?? this.#tap.unsent;
    // What the other side did to TLS is told by the read as well, with whatever it still said.
    return failed?.outcome === "local-error" ? failure("reset", failed.code, failed.detail) : failed;
  }

  end(): void {
    this.#stream.end();
  }

  async leave(signal: AbortSignal): Promise<{ connection: Connection; missed: Failure | null }> {
    this.#tap.outlive();
    this.#stream.end();
    let heard: ReadAnswer;
    do heard = await this.read(signal);
    while (heard.kind === "data");
    const behind = await this.#tap.release();
    this.#stream.close();
    return {
      connection: behind.length === 0 ? this.#wire : beginningWith(behind, this.#wire),
      missed: heard.kind === "failed" ? heard.failure : null,
    };
  }

  close(options: { reset?: boolean } = {}): void {
    const finish = () => {
      this.#stream.close();
      this.#tap.destroy();
      this.#wire.close(options);
    };
    // With close_notify, unless the other side takes nothing any more: nobody waits for that.
    const polite = options.reset !== true && !this.#socket.destroyed && this.#socket.writableLength === 0;
    if (polite && !this.#socket.writableEnded) this.#socket.end(finish);
    else finish();
  }
}

/** A connection of which something was read already. */
function beginningWith(bytes: Uint8Array, connection: Connection): Connection {
  let first: Uint8Array | null = bytes;
  return {
    local: connection.local,
    remote: connection.remote,
    read(signal) {
      if (first === null) return connection.read(signal);
      const answer: ReadAnswer = { kind: "data", bytes: first };
      first = null;
      return Promise.resolve(answer);
    },
    write: (more) => connection.write(more),
    end: () => connection.end(),
    close: (options) => connection.close(options),
  };
}
