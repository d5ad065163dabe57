import { once } from "node:events";
import { Duplex } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";

/**
 * The server's side of TLS over a connection that stays in reach below it: for servers that write clear text amid TLS, or end without
 * close_notify.
 * @param {import("node:net").Socket} socket
 * @param {{ key: string, certificate: string }} texts in PEM
 * @param {{ unread?: Buffer, resumes?: boolean }} [how] `unread`: what came before and belongs to TLS
 */
export function serveTls(socket, { key, certificate }, { unread, resumes = true } = {}) {
  const bridge = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      socket.write(chunk, () => done());
    },
    final(done) {
      socket.end();
      done();
    },
  });
  socket.on("data", (chunk) => bridge.push(chunk));
  socket.on("end", () => bridge.push(null));
  if (unread !== undefined && unread.length > 0) bridge.push(unread);
  const options = resumes ? {} : { secureOptions: NO_TICKETS, maxVersion: /** @type {const} */ ("TLSv1.2") };
  const secured = new TLSSocket(bridge, {
    isServer: true,
    secureContext: createSecureContext({ key, cert: certificate, ...options }),
  });
  secured.on("error", () => {});
  return secured;
}

/** SSL_OP_NO_TICKET; a server in Node keeps no sessions of its own, so that none is resumed. */
const NO_TICKETS = 1 << 14;

/**
 * @param {TLSSocket} secured
 * @returns {Promise<boolean>} whether the handshake succeeded
 */
export async function shaken(secured) {
  return Promise.race([
    once(secured, "secure").then(
      () => true,
      () => false,
    ),
    once(secured, "close").then(() => false),
  ]);
}
