import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { createServer } from "node:tls";
import { afterEach, expect, it } from "vitest";
import type { TlsVersion } from "../../src/model/evidence.ts";
import { realNetwork } from "../../src/system/network.ts";
import type { SecureAnswer } from "../../src/system/ports.ts";

const read = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Begins TLS of one version with a server that may demand a certificate of the client. */
async function handshake(version: TlsVersion, demands: boolean): Promise<SecureAnswer> {
  const server = createServer({
    key: read("server.key"),
    cert: read("server.pem"),
    ca: read("root.pem"),
    requestCert: demands,
    rejectUnauthorized: demands,
    minVersion: version,
    maxVersion: version,
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return begin(server.address());
}

async function begin(at: ReturnType<ReturnType<typeof createTcpServer>["address"]>): Promise<SecureAnswer> {
  if (at === null || typeof at === "string") throw new Error("no port");
  const { signal } = new AbortController();
  const answer = await realNetwork.connect({ address: "127.0.0.1", port: at.port }, { signal });
  if (!answer.ok) throw new Error("no connection");
  closers.push(() => answer.connection.close());
  return realNetwork.secure(answer.connection, {
    signal,
    host: "ftp.example.com",
    session: null,
    versions: null,
    extraRoots: null,
  });
}

it("a server that asks for a certificate in TLS 1.2 is seen to, and its alert", async () => {
  const answer = await handshake("TLSv1.2", true);
  expect(answer).toMatchObject({ ok: false, certificateRequested: true });
});

it("nothing is asked for where nothing is demanded", async () => {
  const answer = await handshake("TLSv1.2", false);
  expect(answer.ok).toBe(true);
  if (answer.ok) answer.connection.close();
});

it("TLS 1.3 is over for the client first: the alert comes behind it", async () => {
  const answer = await handshake("TLSv1.3", true);
  if (!answer.ok) throw new Error(answer.failure.detail);
  await answer.connection.write(Buffer.from("USER anonymous\r\n"));
  const heard = await answer.connection.read(AbortSignal.timeout(5_000));
  expect(heard.kind).toBe("failed");
  expect(answer.connection.alert).toBe("certificate_required");
  answer.connection.close();
});

it("last words that come in pieces are heard to their end", async () => {
  const pieces = ["500 OOPS: ", "no room", "\r\n"];
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      const next = () => {
        const piece = pieces.shift();
        if (piece === undefined) socket.end();
        else socket.write(piece, () => setTimeout(next, 30));
      };
      next();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const answer = await begin(server.address());
  expect(answer).toMatchObject({ ok: false, foreign: "500 OOPS: no room\r\n" });
});
