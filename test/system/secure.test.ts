import { X509Certificate } from "node:crypto";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import type { Failure } from "../../src/model/failure.ts";
import { realClock } from "../../src/system/clock.ts";
import { realNetwork } from "../../src/system/network.ts";
import type { Connection, SecureAnswer, SecureConnection, SecureOptions } from "../../src/system/ports.ts";
import { identity, pem, ROOTS } from "../support/tls-fixtures.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A server under TLS that says hello and goes. */
function tlsServer(name: string, more: TlsOptions = {}, greet = "hello\r\n"): Promise<number> {
  const { key, certificate } = identity(name);
  const server = createTlsServer({ key, cert: certificate, ...more }, (socket) => {
    socket.on("error", () => {});
    socket.write(greet);
    socket.on("data", () => socket.end());
  });
  server.on("tlsClientError", () => {});
  return listening(server);
}

/** A server that does with the plain connection what it likes. */
function plainServer(act: (socket: Socket) => void): Promise<number> {
  return listening(createTcpServer(act));
}

async function connection(port: number): Promise<Connection> {
  const answer = await realNetwork.connect({ address: "127.0.0.1", port }, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(answer.failure.detail);
  closing.push(() => answer.connection.close());
  return answer.connection;
}

async function secure(port: number, options: Partial<SecureOptions> = {}): Promise<SecureAnswer> {
  return realNetwork.secure(await connection(port), {
    signal: AbortSignal.timeout(30_000),
    host: "ftp.example.com",
    session: null,
    versions: null,
    extraRoots: ROOTS,
    ...options,
  });
}

async function secured(port: number, options: Partial<SecureOptions> = {}): Promise<SecureConnection> {
  const answer = await secure(port, options);
  if (!answer.ok) throw new Error(`${answer.failure.outcome}: ${answer.failure.detail}`);
  closing.push(() => answer.connection.close());
  return answer.connection;
}

const read = (from: Connection) => from.read(AbortSignal.timeout(30_000));

async function words(from: Connection): Promise<string> {
  const answer = await read(from);
  return answer.kind === "data" ? Buffer.from(answer.bytes).toString() : answer.kind;
}

describe("a handshake", () => {
  test("begins when the roots have been read", async () => {
    const events: string[] = [];
    const roots = new Proxy(ROOTS, {
      get(target, name, receiver) {
        events.push("roots");
        return Reflect.get(target, name, receiver);
      },
    });
    const onBegin = () => void events.push("begin");
    await secured(await tlsServer("server"), { extraRoots: roots, onBegin, onBytes: () => events.push("bytes") });
    const before = events.slice(0, events.indexOf("begin"));
    expect(new Set(before)).toEqual(new Set(["roots"]));
    expect(events.filter((event) => event === "begin")).toHaveLength(1);
    expect(events).toContain("bytes");
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "with %s agrees on it, verifies the chain and reads it",
    async (version) => {
      const made = await secured(await tlsServer("server", { minVersion: version, maxVersion: version }));
      expect(made.tls).toMatchObject({
        version,
        resumed: false,
        problems: [],
        store: "bundled+ca-file",
        root: "ca-file",
      });
      expect(made.tls.cipher).toMatch(/^TLS_/);
      expect(made.tls.certificates.map(({ subject }) => subject)).toEqual([
        "CN=ftp.example.com",
        "CN=ftp-doctor test intermediate",
      ]);
      expect(made.foreign).toBeNull();
      expect(made.closeNotify).toBeNull();
      expect(await words(made)).toBe("hello\r\n");
    },
  );

  test.each(["TLSv1.2", "TLSv1.3"] as const)("with %s resumes a session on another connection", async (version) => {
    const port = await tlsServer("server", { minVersion: version, maxVersion: version });
    const first = await secured(port);
    // Tickets of TLS 1.3 come with the first data.
    await words(first);
    const sessions = first.sessions();
    expect(sessions.length).toBeGreaterThan(0);
    const again = await secured(port, { session: sessions.at(-1) ?? null });
    expect(again.tls).toMatchObject({ version, resumed: true, problems: [] });
  });

  test.each([
    ["self-signed", {}, ["DEPTH_ZERO_SELF_SIGNED_CERT"]],
    ["expired", {}, ["CERT_HAS_EXPIRED"]],
    ["not-yet", {}, ["CERT_NOT_YET_VALID"]],
    ["wrong-name", {}, ["ERR_TLS_CERT_ALTNAME_INVALID"]],
    ["without-chain", {}, ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"]],
    ["server", { host: "other.example.com" }, ["ERR_TLS_CERT_ALTNAME_INVALID"]],
    ["server", { host: "203.0.113.5" }, []],
    ["server", { host: "203.0.113.6" }, ["ERR_TLS_CERT_ALTNAME_INVALID"]],
    ["server", { host: "::1" }, []],
    ["server", { extraRoots: null }, ["SELF_SIGNED_CERT_IN_CHAIN"]],
    ["server", { extraRoots: null, host: "nobody.example" }, ["chain", "ERR_TLS_CERT_ALTNAME_INVALID"]],
  ])("with the certificate %s and %j reports and lets in", async (name, options, codes) => {
    const { tls } = await secured(await tlsServer(name), options);
    const found = tls.problems.map(({ code }) => code);
    expect(found).toHaveLength(codes.length);
    const last = codes.at(-1);
    // Whether the root was sent along decides between two words for a chain that cannot be verified.
    if (last === "SELF_SIGNED_CERT_IN_CHAIN") expect(found[0]).toMatch(/^(?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/);
    else expect(found.at(-1)).toBe(last);
    expect(tls.store).toBe("extraRoots" in options ? "bundled" : "bundled+ca-file");
    // The name is another matter.
    const chained = found.every((code) => code === "ERR_TLS_CERT_ALTNAME_INVALID");
    expect(tls.root).toBe(chained && !("extraRoots" in options) ? "ca-file" : undefined);
  });

  test("that no version fits tells the server's alert", async () => {
    const answer = await secure(await tlsServer("server", { minVersion: "TLSv1.3" }), {
      versions: { from: "TLSv1.2", to: "TLSv1.2" },
    });
    expect(answer).toMatchObject({
      ok: false,
      failure: { outcome: "tls-failed" },
      alert: "protocol_version",
      foreign: null,
    });
  });

  test.each<[string, (socket: Socket) => void, object]>([
    [
      "clear text",
      (socket) => socket.end("500 OOPS: no TLS\r\n"),
      { failure: { outcome: "protocol-error" }, foreign: "500 OOPS: no TLS\r\n" },
    ],
    [
      "an orderly end",
      (socket) => socket.once("data", () => socket.end()),
      { failure: { outcome: "closed" }, alert: null, foreign: null },
    ],
    [
      "a reset",
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      { failure: { outcome: "reset" }, alert: null, foreign: null },
    ],
    [
      "a fatal alert",
      (socket) => socket.once("data", () => socket.end("\x15\x03\x03\x00\x02\x02\x28", "latin1")),
      { failure: { outcome: "tls-failed" }, alert: "handshake_failure", foreign: null },
    ],
    [
      "an alert about the name",
      (socket) => socket.once("data", () => socket.end("\x15\x03\x03\x00\x02\x02\x70", "latin1")),
      { failure: { outcome: "tls-failed" }, alert: "unrecognized_name", foreign: null },
    ],
    [
      "a message that TLS does not know",
      (socket) => socket.once("data", () => socket.end("\x16\x03\x03\x00\x05\x63\x00\x00\x01\x00", "latin1")),
      { failure: { outcome: "tls-failed" }, alert: null, foreign: null },
    ],
    [
      "an endless flood of clear text",
      (socket) => socket.end("x".repeat(1_000_000)),
      { failure: { outcome: "protocol-error" }, foreign: "x".repeat(256) },
    ],
  ])("answered by %s fails with what came", async (_name, act, expected) => {
    expect(await secure(await plainServer(act))).toMatchObject({ ok: false, ...expected });
  });

  test("answered by silence ends with its limit", async () => {
    const limit = realClock.limit(80);
    const answer = await secure(await plainServer(() => {}), { signal: limit.signal });
    limit.clear();
    expect(answer).toMatchObject({ ok: false, failure: { outcome: "timed-out" }, alert: null, foreign: null });
  });

  test("that is cancelled says so, also beforehand", async () => {
    const port = await plainServer(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort("enough"), 50);
    expect(await secure(port, { signal: stop.signal })).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
    expect(await secure(port, { signal: stop.signal })).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
  });
});

describe("a connection under TLS", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "that is ended with close_notify is told from one that is not (%s)",
    async (version) => {
      const { key, certificate } = identity("server");
      const ends: ((socket: Socket) => void)[] = [];
      const server = createTlsServer({ key, cert: certificate, minVersion: version, maxVersion: version }, (socket) => {
        socket.on("error", () => {});
        socket.write("last words\r\n", () => ends.shift()?.(socket));
      });
      const raw: Socket[] = [];
      const port = await listening(server.on("connection", (socket: Socket) => raw.push(socket)));
      for (const polite of [true, false]) {
        ends.push((socket) => setTimeout(() => (polite ? socket : raw.at(-1))?.end(), 30));
        const made = await secured(port);
        expect(await words(made)).toBe("last words\r\n");
        expect((await read(made)).kind).not.toBe("data");
        expect(made.closeNotify).toBe(polite);
      }
    },
  );

  test("in which clear text comes fails, and keeps the text apart", async () => {
    const raw: Socket[] = [];
    const { key, certificate } = identity("server");
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on("error", () => {});
      socket.write("200 fine\r\n", () => setTimeout(() => raw[0]?.end("500 OOPS: child died\r\n"), 30));
    });
    const port = await listening(server.on("connection", (socket: Socket) => raw.push(socket)));
    const made = await secured(port);
    expect(await words(made)).toBe("200 fine\r\n");
    expect(await read(made)).toMatchObject({ kind: "failed", failure: { outcome: "protocol-error" } });
    expect(made.foreign).toBe("500 OOPS: child died\r\n");
  });

  test("that is reset says so", async () => {
    const raw: Socket[] = [];
    const { key, certificate } = identity("server");
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on("error", () => {});
      socket.write("200 fine\r\n", () => setTimeout(() => raw[0]?.resetAndDestroy(), 30));
    });
    const port = await listening(server.on("connection", (socket: Socket) => raw.push(socket)));
    const made = await secured(port);
    await words(made);
    expect(await read(made)).toMatchObject({ kind: "failed", failure: { outcome: "reset" } });
  });

  test.each(["reset", "cut"] as const)("that was %s below takes no more, and the write says why", async (how) => {
    const raw: Socket[] = [];
    const { key, certificate } = identity("server");
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on("error", () => {});
      socket.write("200 fine\r\n");
    });
    const port = await listening(server.on("connection", (socket: Socket) => raw.push(socket)));
    const made = await secured(port);
    await words(made);
    if (how === "reset") raw[0]?.resetAndDestroy();
    else raw[0]?.destroy();
    expect((await read(made)).kind).not.toBe("data");
    // What the system takes before it knows of the end is no failure: one of the next writes is.
    const answers: (Failure | null)[] = [];
    for (let n = 0; n < 20 && !answers.some((answer) => answer !== null); n += 1) {
      answers.push(await made.write(Buffer.from("NOOP\r\n")));
      await realClock.sleep(10, AbortSignal.timeout(5_000));
    }
    expect(["reset", "closed"]).toContain(answers.at(-1)?.outcome);
  });

  test("that this side has closed says of a write that it was this side", async () => {
    const { key, certificate } = identity("server");
    const made = await secured(
      await listening(createTlsServer({ key, cert: certificate }, (socket) => void socket.on("error", () => {}))),
    );
    made.close({ reset: true });
    expect(await made.write(Buffer.from("NOOP\r\n"))).toMatchObject({ outcome: "cancelled" });
  });

  test("can be read on after a read that was given up", async () => {
    const { key, certificate } = identity("server");
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on("error", () => {});
      setTimeout(() => socket.write("late\r\n"), 120);
    });
    const made = await secured(await listening(server));
    const limit = realClock.limit(30);
    expect(await made.read(limit.signal)).toMatchObject({ kind: "failed", failure: { outcome: "timed-out" } });
    limit.clear();
    expect(await words(made)).toBe("late\r\n");
  });

  test("that this side closes ends with close_notify, and reads no more", async () => {
    let ended = false;
    const { key, certificate } = identity("server");
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on("error", () => {});
      // Node tells an end without close_notify as an error, and this as an end.
      socket.on("end", () => {
        ended = true;
      });
      socket.resume();
    });
    const made = await secured(await listening(server));
    made.close();
    await expect.poll(() => ended).toBe(true);
    expect((await read(made)).kind).toBe("failed");
  });
});

describe("leaving TLS", () => {
  /** A server under TLS and what lies below it, once it has heard something. */
  async function left(act: (below: Socket) => void, limitMs = 5_000) {
    const { key, certificate } = identity("server");
    const below: Socket[] = [];
    const server = createTlsServer({ key, cert: certificate, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      socket.write("200 fine\r\n");
      socket.on("data", () => below.forEach(act));
    });
    const port = await listening(server.on("connection", (socket: Socket) => below.push(socket)));
    const made = await secured(port);
    await words(made);
    await made.write(Buffer.from("CCC\r\n"));
    const limit = realClock.limit(limitMs);
    const answer = await made.leave(limit.signal);
    limit.clear();
    closing.push(() => answer.connection.close());
    return answer;
  }

  test("gives back what came in clear in place of close_notify", async () => {
    const { connection: below, missed } = await left((socket) => socket.write("200 in clear\r\n"));
    expect(missed).toMatchObject({ outcome: "protocol-error" });
    expect(await words(below)).toBe("200 in clear\r\n");
  });

  test("tells a reset from silence", async () => {
    expect((await left((socket) => socket.resetAndDestroy())).missed).toMatchObject({ outcome: "reset" });
    expect((await left(() => {}, 80)).missed).toMatchObject({ outcome: "timed-out" });
  });
});

test("a chain with a key of a kind that OpenSSL does not know harms nobody", async () => {
  const { key, certificate } = identity("server");
  const strange = Buffer.from(new X509Certificate(pem("root.pem")).raw);
  // id-ecPublicKey (RFC 5480), of which the last arc is made one that nobody has.
  strange[strange.indexOf(Buffer.from("06072a8648ce3d0201", "hex")) + 8] = 0x7f;
  const armoured = `-----BEGIN CERTIFICATE-----\n${strange.toString("base64")}\n-----END CERTIFICATE-----\n`;
  // Our own OpenSSL sends such a chain at its lowest security level alone.
  const port = await tlsServer("server", { key, cert: certificate + armoured, ciphers: "DEFAULT:@SECLEVEL=0" });
  const { tls } = await secured(port);
  expect(tls.certificates.at(-1)).toMatchObject({ subject: "CN=ftp-doctor test root", keyType: null });
});

test("a weak key and signature are measured", async () => {
  const port = await tlsServer("weak", { ciphers: "DEFAULT:@SECLEVEL=0" });
  const { tls } = await secured(port, { weak: true });
  expect(tls.certificates[0]).toMatchObject({ keyType: "rsa", keyBits: 1024, signature: "ecdsa-with-SHA1" });
});

describe("what was read before the handshake began", () => {
  const ALERT = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
  const silent = (act: (socket: Socket) => void = () => {}) =>
    plainServer((socket) => socket.once("data", () => act(socket)));

  test("is the first TLS record where it is one", async () => {
    const port = await silent((socket) => socket.end());
    expect(await secure(port, { before: ALERT })).toMatchObject({
      failure: { outcome: "tls-failed" },
      alert: "handshake_failure",
      foreign: null,
    });
    // The rest may come in another packet.
    const rest = await silent((socket) => socket.end(ALERT.subarray(1)));
    expect(await secure(rest, { before: ALERT.subarray(0, 1) })).toMatchObject({ alert: "handshake_failure" });
  });

  test.each([
    ["whole, and the end", "500 OOPS: no certificate\r\n", ""],
    ["in two parts", "500 OOPS: no cer", "tificate\r\n"],
  ])("is told where it is clear text and the handshake fails: %s", async (_, before, rest) => {
    const port = await silent((socket) => socket.end(rest));
    expect(await secure(port, { before: Buffer.from(before) })).toMatchObject({
      failure: { outcome: "protocol-error" },
      alert: null,
      foreign: "500 OOPS: no certificate\r\n",
    });
  });

  test("does no harm to a handshake that succeeds, and an empty line is nothing", async () => {
    const made = await secured(await tlsServer("server"), { before: Buffer.from("220 injected\r\n") });
    expect(made.foreign).toBeNull();
    expect(await words(made)).toBe("hello\r\n");
    const port = await silent((socket) => socket.end());
    expect(await secure(port, { before: Buffer.from("\r\n") })).toMatchObject({
      failure: { outcome: "closed" },
      foreign: null,
    });
  });

  test("is counted with what comes later", async () => {
    const port = await silent((socket) => socket.write(Buffer.from([0x3f, 0xff, 2])));
    let count = 0;
    const answer = await secure(port, {
      signal: AbortSignal.timeout(300),
      before: Buffer.from([22, 3, 3]),
      onBytes: (bytes) => {
        count += bytes;
      },
    });
    expect(answer.ok).toBe(false);
    expect(count).toBe(6);
  });
});
