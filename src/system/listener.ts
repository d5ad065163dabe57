import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type Endpoint, familyOf } from "../model/endpoint.ts";
import { failure } from "../model/failure.ts";
import { abortFailure, onAbort } from "./abort.ts";
import { classifySocketError } from "./classify.ts";
import { SocketConnection } from "./connection.ts";
import type { AcceptAnswer, ListenAnswer, Listener } from "./ports.ts";
import { socketEndpoint } from "./socket-endpoint.ts";

/** Callers kept waiting for `accept`; more are hung up on. One is expected, a port scanner may bring some. */
const MAX_WAITING = 16;

const CLOSED_HERE: AcceptAnswer = { ok: false, failure: failure("cancelled", null, "the listener was closed") };
const CALLER_GONE: AcceptAnswer = {
  ok: false,
  failure: failure("reset", null, "a caller reset the connection before it could be seen who it was"),
};

/** Listens on a local IP literal; port 0 takes any free one. What the system forbids is a `local-error`. */
export function listenOn(at: Endpoint): Promise<ListenAnswer> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const fail = (error: Error) => resolve({ ok: false, failure: classifySocketError(error, "listen") });
    server.once("error", fail);
    // One family each: whether :: also takes IPv4 callers differs between systems.
    server.listen(
      { host: at.address, port: at.port, ipv6Only: familyOf(at.address) === "ipv6", exclusive: true },
      () => {
        server.off("error", fail);
        const address = server.address();
        resolve({ ok: true, listener: new ServerListener(server, boundEndpoint(address, at)) });
      },
    );
  });
}

function boundEndpoint(address: AddressInfo | string | null, asked: Endpoint): Endpoint {
  if (address === null || typeof address === "string") return asked;
  return socketEndpoint(address.address, address.port) ?? asked;
}

class ServerListener implements Listener {
  readonly local: Endpoint;
  readonly #server: Server;
  readonly #callers: AcceptAnswer[] = [];
  readonly #acceptors: ((answer: AcceptAnswer) => void)[] = [];
  #closed = false;

  constructor(server: Server, local: Endpoint) {
    this.#server = server;
    this.local = local;
    server.on("connection", (socket) => this.#called(socket));
    // After listening began, errors are about callers that could not be taken (EMFILE): `accept` tells them.
    server.on("error", (error) => this.#deliver({ ok: false, failure: classifySocketError(error, "listen") }));
  }

  accept(signal: AbortSignal): Promise<AcceptAnswer> {
    if (this.#closed) return Promise.resolve(CLOSED_HERE);
    if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
    const waiting = this.#callers.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    return new Promise((resolve) => {
      const take = (answer: AcceptAnswer) => {
        release();
        resolve(answer);
      };
      const release = onAbort(signal, () => {
        this.#acceptors.splice(this.#acceptors.indexOf(take), 1);
        resolve({ ok: false, failure: abortFailure(signal) });
      });
      this.#acceptors.push(take);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#server.close();
    for (const caller of this.#callers.splice(0)) if (caller.ok) caller.connection.close();
    for (const take of this.#acceptors.splice(0)) take(CLOSED_HERE);
  }

  #called(socket: Socket): void {
    const remote = socketEndpoint(socket.remoteAddress, socket.remotePort);
    const local = socketEndpoint(socket.localAddress, socket.localPort) ?? this.local;
    const connection = new SocketConnection(socket, local, remote ?? { address: "", port: 0 });
    if (remote === null) {
      connection.close();
      this.#deliver(CALLER_GONE);
    } else {
      this.#deliver({ ok: true, connection });
    }
  }

  #deliver(answer: AcceptAnswer): void {
    const take = this.#closed ? undefined : this.#acceptors.shift();
    if (take !== undefined) take(answer);
    else if (!this.#closed && this.#callers.length < MAX_WAITING) this.#callers.push(answer);
    else if (answer.ok) answer.connection.close();
  }
}
