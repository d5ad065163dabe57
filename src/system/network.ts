import { isIP, connect as openSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { canonicalAddress, classifyAddress } from "../model/address.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { abortFailure, onAbort } from "./abort.ts";
import { classifySocketError } from "./classify.ts";
import { SocketConnection } from "./connection.ts";
import { socketsLeft } from "./descriptors.ts";
import { listenOn } from "./listener.ts";
import { dialMany } from "./many-dials.ts";
import type { ConnectAnswer, ConnectOptions, Network } from "./ports.ts";
import { createResolve, type LookupSources } from "./resolve.ts";
import { secure } from "./secure.ts";
import { socketEndpoint } from "./socket-endpoint.ts";

/** The machine's network; the sources of name lookup can be replaced by tests. */
export function createNetwork(sources: Partial<LookupSources> = {}): Network {
  return {
    resolve: createResolve(sources),
    connect: connectTo,
    secure,
    dialMany,
    socketsLeft,
    listen: listenOn,
    addresses: ownAddresses,
  };
}

/** The machine's network. */
export const realNetwork: Network = createNetwork();

function connectTo(to: Endpoint, { signal, localAddress }: ConnectOptions): Promise<ConnectAnswer> {
  // A name would be looked up by Node behind our back: not cancellable, and maybe to another address than the report says.
  if (isIP(to.address) === 0) throw new TypeError(`connect wants an IP literal, not ${JSON.stringify(to.address)}`);
  if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
  return new Promise((resolve) => {
    const socket = openSocket({
      host: to.address,
      port: to.port,
      ...(localAddress === undefined ? {} : { localAddress }),
      allowHalfOpen: true,
      autoSelectFamily: false,
      noDelay: true,
    });
    const settle = (answer: ConnectAnswer) => {
      release();
      // A second answer (the error of a destroyed socket) changes nothing: the promise keeps the first.
      resolve(answer);
    };
    const release = onAbort(signal, () => {
      settle({ ok: false, failure: abortFailure(signal) });
      socket.destroy();
    });
    // Stays for good: an "error" nobody listens to would end the process.
    socket.on("error", (error) => settle({ ok: false, failure: classifySocketError(error, "connect") }));
    socket.once("connect", () => {
      const local = socketEndpoint(socket.localAddress, socket.localPort) ?? { address: localAddress ?? "", port: 0 };
      const remote = socketEndpoint(socket.remoteAddress, socket.remotePort) ?? to;
      settle({ ok: true, connection: new SocketConnection(socket, local, remote) });
    });
  });
}

/** Addresses others could reach us at; link-local ones only where there is nothing else. */
function ownAddresses(): string[] {
  const found: string[] = [];
  for (const entries of Object.values(interfaces())) {
    for (const entry of entries ?? []) {
      const address = entry.internal ? null : canonicalAddress(entry.address);
      if (address !== null && !found.includes(address)) found.push(address);
    }
  }
  const routable = found.filter((address) => classifyAddress(address).class !== "link-local");
  return routable.length > 0 ? routable : found;
}

function interfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    // Sandboxes (Android, some seccomp profiles) forbid the question: then nothing is known of this machine.
    return {};
  }
}
