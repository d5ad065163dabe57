import { Resolver } from "node:dns/promises";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../src/model/endpoint.ts";
import { realClock } from "../../src/system/clock.ts";
import { createNetwork, realNetwork } from "../../src/system/network.ts";
import type { Connection } from "../../src/system/ports.ts";
import { type Stage, systemContract } from "./contract.ts";
import { dnsResponder } from "./dns-responder.ts";

/** Listens with the shortest queue and never accepts: once the queue is full, Linux leaves further SYNs unanswered. */
const DEAF_LISTENER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ host: workerData, port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

async function stage(address: string): Promise<Stage> {
  const dns = await dnsResponder({
    "known.example": { a: ["192.0.2.7", "192.0.2.8"] },
    "broken.example": { code: "SERVFAIL" },
    "silent.example": "silent",
  });
  const network = createNetwork({
    hostsFile: "/nowhere",
    resolvConf: "/nowhere",
    createResolver: () => {
      const resolver = new Resolver({ timeout: 500, tries: 1 });
      resolver.setServers([dns.server]);
      return resolver;
    },
    systemLookup: () => Promise.reject(new Error("not asked in tests")),
  });
  const before = openSockets();
  const workers: Worker[] = [];
  const fillers: Connection[] = [];
  return {
    clock: realClock,
    client: network,
    server: network,
    address,
    silent: async () => {
      if (process.platform !== "linux") return null;
      const worker = new Worker(DEAF_LISTENER, { eval: true, workerData: address });
      workers.push(worker);
      const port = await new Promise<number>((resolve) => worker.once("message", resolve));
      await fillQueue({ address, port }, fillers);
      return { address, port };
    },
    knownName: "known.example",
    unknownName: "unknown.example",
    brokenName: "broken.example",
    silentName: "silent.example",
    leaks: async () => {
      for (const connection of fillers) connection.close({ reset: true });
      await Promise.all(workers.map((worker) => worker.terminate()));
      // A closed handle is gone some turns later.
      for (let i = 0; i < 100 && openSockets() > before; i += 1) await realClock.sleep(5);
      const left = openSockets() - before;
      return left > 0 ? [`${left} sockets or listeners`] : [];
    },
    close: async () => dns.close(),
  };
}

async function fillQueue(to: Endpoint, fillers: Connection[]): Promise<void> {
  for (;;) {
    const limit = realClock.limit(100);
    const answer = await realNetwork.connect(to, { signal: limit.signal });
    limit.clear();
    if (!answer.ok) return;
    fillers.push(answer.connection);
  }
}

/** TCP sockets of this process. Linux names them all; what Node calls active leaves half-closed ones out. */
function openSockets(): number {
  if (process.platform !== "linux") return process.getActiveResourcesInfo().filter((name) => /^TCP/.test(name)).length;
  const tcp = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap(socketInodes));
  return readdirSync("/proc/self/fd").filter((descriptor) => tcp.has(inodeOf(descriptor))).length;
}

function socketInodes(table: string): string[] {
  const rows = existsSync(table) ? readFileSync(table, "utf8").trim().split("\n").slice(1) : [];
  return rows.map((row) => row.trim().split(/\s+/)[9] ?? "");
}

function inodeOf(descriptor: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1] ?? "";
  } catch {
    // The folder's own descriptor is gone by now.
    return "";
  }
}

const hasIpv6 = await new Promise<boolean>((resolve) => {
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(0, "::1", () => server.close(() => resolve(true)));
});

systemContract("the real network over IPv4", () => stage("127.0.0.1"));
if (hasIpv6) systemContract("the real network over IPv6", () => stage("::1"));
else it.skip("the real network over IPv6: this machine has no ::1", () => {});

describe("the real network", () => {
  it("names its own addresses without loopback and zones", () => {
    const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    const addresses = realNetwork.addresses();
    expect(addresses.length > 0).toBe(all.some((entry) => !entry.internal));
    for (const address of addresses) expect(address).not.toMatch(/^127\.|^::1$|%/);
  });

  it("hears an answer that came in time, though the machine was too busy to look", async () => {
    const limit = realClock.limit(50);
    const answer = realNetwork.connect({ address: "127.0.0.1", port: 1 }, { signal: limit.signal });
    // Lets the SYN go out, then blocks beyond the limit.
    await new Promise(process.nextTick);
    const until = realClock.now() + 100;
    while (realClock.now() < until);
    expect(await answer).toMatchObject({ ok: false, failure: { outcome: "refused" } });
    limit.clear();
  });

  it.each([
    { how: "reset", last: { kind: "failed", failure: { outcome: "reset" } } },
    { how: "ended", last: { kind: "end" } },
  ])("tells a connection that was $how right behind its last bytes", async ({ how, last }) => {
    const server = createServer((socket) => {
      socket.once("data", () => {
        // The system takes the bytes at once, so they and what follows are there before anybody reads.
        socket.write(new Uint8Array(7_240));
        if (how === "reset") socket.resetAndDestroy();
        else socket.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const limit = realClock.limit(2_000);
    const answer = await realNetwork.connect({ address: "127.0.0.1", port }, { signal: limit.signal });
    if (!answer.ok) throw new Error(answer.failure.detail);
    await answer.connection.write(new Uint8Array(1));
    await realClock.sleep(50);
    let bytes = 0;
    let read = await answer.connection.read(limit.signal);
    for (; read.kind === "data"; read = await answer.connection.read(limit.signal)) bytes += read.bytes.length;
    expect(bytes).toBe(7_240);
    expect(read).toMatchObject(last);
    limit.clear();
    answer.connection.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
