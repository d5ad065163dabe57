import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Connection, ReadAnswer } from "../../system/ports.ts";
import { ConnectionStream } from "./connection-stream.ts";
import type { TlsIdentity } from "./policy.ts";

/** A connection under TLS, as the server has it. */
export interface SecuredConnection extends Connection {
  /** Whether the client resumed a session. */
  readonly resumed: boolean;
  /** The connection below it. */
  readonly below: Connection;
}

/** What the handshakes of one simulator share: sessions begun on one connection are resumed on others. */
export class TlsContexts {
  readonly #known = new Map<string, SecureContext>();

  /** The context for this certificate, made when it is first needed. */
  of({ key, certificate }: TlsIdentity): SecureContext {
    // Without an id of their own, sessions of a server cannot be resumed.
    const make = () => createSecureContext({ key, cert: certificate, sessionIdContext: "ftp-doctor" });
    const context = this.#known.get(certificate) ?? make();
    this.#known.set(certificate, context);
    return context;
  }
}

/** Makes TLS of a connection, as the server; null where the handshake failed, the connection then is closed. */
export function serveTls(
  connection: Connection,
  context: SecureContext,
  signal: AbortSignal,
): Promise<SecuredConnection | null> {
  const stream = new ConnectionStream(connection);
  // A TLSSocket of a server takes any stream; its type wants a socket, and so does that of `secure` events.
  const socket = new TLSSocket(stream as never, { isServer: true, secureContext: context });
  return new Promise((resolve) => {
    const fail = () => {
      signal.removeEventListener("abort", fail);
      resolve(null);
      socket.destroy();
      stream.destroy();
      connection.close();
    };
    signal.addEventListener("abort", fail, { once: true });
    // Stays for good: an "error" nobody listens to would end the process.
    socket.on("error", fail);
    socket.once("close", fail);
    socket.once("secure", () => {
      signal.removeEventListener("abort", fail);
      socket.removeListener("error", fail);
      socket.removeListener("close", fail);
      resolve(new ServerSide(connection, socket, stream));
    });
    if (signal.aborted) fail();
  });
}

class ServerSide implements SecuredConnection {
  readonly local: Connection["local"];
  readonly remote: Connection["remote"];
  readonly below: Connection;
  readonly #socket: TLSSocket;
  readonly #stream: ConnectionStream;
  #over: ReadAnswer | null = null;
  #wake: () => void = () => {};

  constructor(below: Connection, socket: TLSSocket, stream: ConnectionStream) {
    this.below = below;
    this.#socket = socket;
    this.#stream = stream;
    this.local = below.local;
    this.remote = below.remote;
    const failed = (detail: string): ReadAnswer => ({
      kind: "failed",
      failure: { outcome: "reset", code: null, detail },
    });
    socket.on("readable", () => this.#wake());
    socket.on("end", () => this.#finish({ kind: "end" }));
    socket.on("error", (error) => this.#finish(failed(error.message)));
    socket.on("close", () => this.#finish(failed("closed")));
  }

  get resumed(): boolean {
    return this.#socket.isSessionReused();
  }

  async read(signal: AbortSignal): Promise<ReadAnswer> {
    for (;;) {
      if (signal.aborted) return { kind: "failed", failure: { outcome: "cancelled", code: null, detail: "stopped" } };
      const bytes: Uint8Array | null = this.#socket.read();
      if (bytes !== null) return { kind: "data", bytes };
      if (this.#over !== null) return this.#over;
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener("abort", wake);
          resolve();
        };
        signal.addEventListener("abort", wake, { once: true });
        this.#wake = wake;
      });
    }
  }

  write(bytes: Uint8Array): ReturnType<Connection["write"]> {
    return new Promise((resolve) => {
      const gone = { outcome: "reset", code: null, detail: "the client is gone" } as const;
      if (this.#socket.destroyed || this.#socket.writableEnded) resolve(gone);
      else this.#socket.write(bytes, (error) => resolve(error === null || error === undefined ? null : gone));
    });
  }

  end(): void {
    if (!this.#socket.destroyed && !this.#socket.writableEnded) this.#socket.end();
  }

  close(options: { reset?: boolean } = {}): void {
    this.#socket.destroy();
    this.#stream.destroy();
    this.below.close(options);
  }

  #finish(answer: ReadAnswer): void {
    this.#over ??= answer;
    this.#wake();
  }
}
