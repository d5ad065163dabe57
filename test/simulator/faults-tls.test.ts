import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { simulator } from "./fixture.ts";
import { read229 } from "./raw-client.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A client of Node's own sockets and TLS: nothing of ours stands between it and the wire. */
class Client {
  socket: Socket;
  heard = "";
  ended = false;

  constructor(socket: Socket) {
    this.socket = this.#listenTo(socket);
  }

  static to(port: number): Client {
    return new Client(connect(port, "127.0.0.1"));
  }

  #listenTo<S extends Socket>(socket: S): S {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      this.heard += bytes.toString("latin1");
    });
    socket.on("close", () => {
      this.ended = true;
    });
    return socket;
  }

  async until(pattern: RegExp): Promise<string> {
    await expect.poll(() => this.heard, { timeout: 3_000, interval: 5 }).toMatch(pattern);
    const heard = this.heard;
    this.heard = "";
    return heard;
  }

  async command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.until(/^\d\d\d [^\n]*\n/m);
  }

  /** Begins TLS as a client; null where no handshake comes about in half a second. */
  async secure(session?: Buffer): Promise<TLSSocket | null> {
    this.socket.removeAllListeners("data");
    const tls = connectTls({
      socket: this.socket,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(session === undefined ? {} : { session }),
    });
    this.socket = this.#listenTo(tls);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), 500);
      const settle = (answer: TLSSocket | null) => {
        clearTimeout(timer);
        resolve(answer);
      };
      tls.once("secureConnect", () => settle(tls));
      tls.once("error", () => settle(null));
      tls.once("close", () => settle(null));
    });
  }
}

async function greeted(fault: string): Promise<Client> {
  const client = Client.to((await simulator({ fault })).endpoint.port);
  await client.until(/^220 /m);
  return client;
}

/** A client that is logged in under TLS, and a session that can be resumed. */
async function securely(fault: string): Promise<{ client: Client; tls: TLSSocket; session: () => Buffer | undefined }> {
  const client = await greeted(fault);
  expect(await client.command("AUTH TLS")).toMatch(/^234 /);
  let session: Buffer | undefined;
  const tls = await client.secure();
  if (tls === null) throw new Error("no handshake");
  tls.on("session", (one: Buffer) => {
    session = one;
  });
  await client.command("USER anonymous");
  expect(await client.command("PASS x")).toMatch(/^230 /);
  await client.command("PBSZ 0");
  return { client, tls, session: () => session };
}

async function dataOf(client: Client): Promise<Client> {
  const data = Client.to(read229(await client.command("EPSV")));
  client.socket.write("LIST\r\n");
  return data;
}

describe("the handshake of the control connection", () => {
  it("tls is healthy, and announced", async () => {
    const client = await greeted("tls");
    expect(await client.command("FEAT")).toMatch(/ AUTH TLS\r\n PBSZ\r\n PROT\r\n/);
    const { client: inside, tls } = await securely("tls");
    expect(tls.getPeerCertificate().subject.CN).toBe("ftp-doctor simulator");
    expect(await inside.command("PROT P")).toMatch(/^200 /);
    const data = await dataOf(inside);
    expect(await data.secure()).not.toBeNull();
    await data.until(/welcome|readme/i);
    await inside.until(/^226 /m);
  });

  it("tls-implicit speaks TLS from the first byte", async () => {
    const client = Client.to((await simulator({ fault: "tls-implicit" })).endpoint.port);
    expect(await client.secure()).not.toBeNull();
    await client.until(/^220 /m);
    expect(await client.command("FEAT")).not.toContain("AUTH");
  });

  it.each([
    ["tls-cert-expired", (tls: TLSSocket) => expect(tls.getPeerCertificate().valid_to).toContain("2021")],
    ["tls-cert-name", (tls: TLSSocket) => expect(tls.getPeerCertificate().subject.CN).toBe("ftp.example.net")],
  ])("%s", async (fault, shows) => shows((await securely(fault)).tls));

  it.each(["tls-stall", "tls-closed", "tls-clear-handshake"])(
    "%s accepts AUTH, and no handshake comes about",
    async (fault) => {
      const client = await greeted(fault);
      client.socket.write("AUTH TLS\r\n");
      const answer = await client.until(fault === "tls-clear-handshake" ? /OOPS/ : /^234 /m);
      expect(answer).toMatch(/^234 /);
      if (fault === "tls-stall") {
        expect(await client.secure()).toBeNull();
        expect(client.ended).toBe(false);
      } else {
        await expect.poll(() => client.ended || client.socket.readableEnded).toBe(true);
      }
    },
  );

  it("tls-clear-text writes past TLS at LIST", async () => {
    const { client, tls } = await securely("tls-clear-text");
    const failed = new Promise<Error>((resolve) => tls.once("error", resolve));
    client.socket.write("LIST\r\n");
    expect((await failed).message).toMatch(/wrong version|unknown|packet/i);
  });
});

describe("data connections under TLS", () => {
  it("tls-prot-refused", async () => {
    expect(await (await securely("tls-prot-refused")).client.command("PROT P")).toMatch(/^536 /);
  });

  it("tls-data-stall answers nothing", async () => {
    const { client } = await securely("tls-data-stall");
    await client.command("PROT P");
    expect(await (await dataOf(client)).secure()).toBeNull();
  });

  it("tls-data-clear lists in clear", async () => {
    const { client } = await securely("tls-data-clear");
    await client.command("PROT P");
    await (await dataOf(client)).until(/^[-d]r/m);
  });

  it("tls-reuse-required refuses a full handshake and takes a resumed one", async () => {
    const { client, session } = await securely("tls-reuse-required");
    await client.command("PROT P");
    await (await dataOf(client)).secure();
    expect(await client.until(/^\d\d\d /m)).toMatch(/^522 .*session reuse required/);
    const resumed = await (await dataOf(client)).secure(session());
    expect(resumed?.isSessionReused()).toBe(true);
    await client.until(/^226 /m);
  });

  // That close_notify is missing is seen by the probe: test/experiments/tls.test.ts.
  it("tls-silent-end moves the data and ends", async () => {
    const { client } = await securely("tls-silent-end");
    await client.command("PROT P");
    const data = await dataOf(client);
    expect(await data.secure()).not.toBeNull();
    await data.until(/^[-d]r/m);
    await client.until(/^226 /m);
    await expect.poll(() => data.ended || data.socket.readableEnded).toBe(true);
  });
});
