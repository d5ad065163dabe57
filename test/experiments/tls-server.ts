import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";
import { afterEach } from "vitest";
import { type ProbeOptions, parseTarget, probe } from "../../src/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { expectSound } from "./stage.ts";

const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));

/** How a server under TLS is set up; what is left out is in order. */
export interface TlsServerSettings {
  /** TLS from the first byte. */
  implicit?: boolean;
  /** Versions, suites and the like of the control connection. */
  control?: SecureContextOptions;
  /** Refuse data connections that do not resume, as vsftpd does. */
  requiresReuse?: boolean;
  /** Refuse PROT P. */
  refusesPrivacy?: boolean;
  /** Give no answer to PROT P. */
  deafToPrivacy?: boolean;
  /** Give no answer to PBSZ. */
  deafToBufferSize?: boolean;
  /** Hang up at PROT P. */
  endsAtPrivacy?: boolean;
  /** Refuse PROT C. */
  refusesClear?: boolean;
  /** The line of FEAT that speaks of AUTH; empty for none. */
  authLine?: string;
  /** Answer AUTH TLS with this; AUTH SSL is taken. */
  refusesMechanism?: string;
  /** Answer AUTH with 234 and then with this in place of TLS; `null` for silence. */
  inPlaceOfTls?: string | null;
  /** Written in one packet with the answer to AUTH, behind which the connection ends. */
  behindAuth?: string;
  /** Say nothing to handshakes on data connections. */
  deafToData?: boolean;
  /** Written in clear into the TLS of the control connection when LIST comes. */
  clearTextAtList?: string;
}

/** A server on loopback that counts its connections and remembers the commands of all of them. */
export interface TlsServer {
  port: number;
  connections: number;
  commands: string[];
}

const open: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Starts an FTP server under TLS, just large enough for one listing after the other over EPSV. */
export async function tlsServer(settings: TlsServerSettings = {}): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  const about: TlsServer = { port: 0, connections: 0, commands: [] };
  const server = createServer((socket) => {
    about.connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket, settings, about.commands, sockets);
  });
  open.push({ server, sockets });
  about.port = await listening(server);
  return about;
}

/** Probes it as an anonymous visitor, over EPSV alone. */
export async function probeTls(server: TlsServer, options: Partial<ProbeOptions> = {}): Promise<Evidence> {
  const parsed = parseTarget(`127.0.0.1:${server.port}`);
  if (!parsed.ok) throw new Error(parsed.problem);
  const evidence = await probe(parsed.target, { modes: ["epsv"], families: ["ipv4"], ...options });
  expectSound(evidence);
  return evidence;
}

function serve(socket: Socket, settings: TlsServerSettings, commands: string[], sockets: Set<Socket>): void {
  const context = createSecureContext({ key: pem("server.key"), cert: pem("server.pem"), ...settings.control });
  // One context for control and data connections: tickets of the one resume the other.
  const secured = (raw: Socket) => {
    const tls = new TLSSocket(raw, { isServer: true, secureContext: context });
    tls.on("error", () => {});
    return tls;
  };
  let channel: Socket = socket;
  let isPrivate = false;
  let data: Promise<Socket> | null = null;
  const say = (line: string) => channel.write(`${line}\r\n`);
  const listen = () => {
    let text = "";
    channel.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n")) {
        const line = text.slice(0, at);
        text = text.slice(at + 2);
        commands.push(line);
        void answer(line);
      }
    });
  };
  const list = async () => {
    if (data === null) return say("425 Use EPSV first.");
    const raw = await data;
    data = null;
    say("150 Here it comes.");
    if (settings.clearTextAtList !== undefined) return void socket.write(settings.clearTextAtList);
    if (!isPrivate) {
      raw.end("a file\r\n");
      return say("226 Done.");
    }
    if (settings.deafToData === true) return;
    const tls = secured(raw);
    const shaken = await new Promise<boolean>((resolve) => {
      tls.once("secure", () => resolve(true));
      tls.once("close", () => resolve(false));
    });
    if (!shaken || (settings.requiresReuse === true && !tls.isSessionReused())) {
      tls.destroy();
      return say("522 SSL connection failed: session reuse required");
    }
    tls.end("a file\r\n");
    return say("226 Done.");
  };
  const answer = async (line: string): Promise<unknown> => {
    const [verb, argument] = line.split(" ");
    switch (verb) {
      case "FEAT":
        return say(`211-Features:\r\n${settings.authLine ?? " AUTH TLS\r\n"} EPSV\r\n PBSZ\r\n PROT\r\n211 End`);
      case "AUTH":
        if (settings.refusesMechanism !== undefined && argument === "TLS") return say(settings.refusesMechanism);
        if (settings.behindAuth !== undefined) {
          return socket.end(Buffer.from(`234 Go on.\r\n${settings.behindAuth}`, "latin1"));
        }
        say("234 Go on.");
        channel.removeAllListeners("data");
        if (settings.inPlaceOfTls === null) return;
        if (settings.inPlaceOfTls !== undefined) return void socket.write(settings.inPlaceOfTls);
        channel = secured(socket);
        return listen();
      case "USER":
        return say("331 Password?");
      case "PASS":
        return say("230 In.");
      case "PBSZ":
        if (settings.deafToBufferSize === true) return;
        return say("200 Fine.");
      case "PROT": {
        if (argument === "P" && settings.endsAtPrivacy === true) return socket.destroy();
        if (argument === "P" && settings.deafToPrivacy === true) return;
        const refused = argument === "P" ? settings.refusesPrivacy : settings.refusesClear;
        if (refused === true) return say("534 No.");
        isPrivate = argument === "P";
        return say("200 Fine.");
      }
      case "EPSV": {
        const server = createServer((one) => {
          one.on("error", () => {});
          sockets.add(one);
          server.close();
          called(one);
        });
        let called: (one: Socket) => void = () => {};
        data = new Promise((resolve) => {
          called = resolve;
        });
        return say(`229 Here (|||${await listening(server)}|)`);
      }
      case "LIST":
        return list();
      case "QUIT":
        say("221 Bye.");
        return channel.end();
      default:
        return say("500 Unknown command.");
    }
  };
  if (settings.implicit === true) channel = secured(socket);
  listen();
  say("220 ready");
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
