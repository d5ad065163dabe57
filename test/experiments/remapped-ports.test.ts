import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import type { Clock, Connection, Network } from "../../src/system/ports.ts";
import type { Nat } from "../support/sim-routes.ts";
import { recordsOf, SERVER, stage } from "./stage.ts";

const RANGE = { from: 8_181, to: 8_189 };
const plan = (range = RANGE, rate: number | null = 180) => ({ ports: { range, rate, concurrency: null } });

/** A server behind NAT that forwards its passive ports 8081 to 8089 with other numbers. */
async function behindNat(forward: Nat["forward"], otherwise: Nat["otherwise"] = "reset") {
  const built = stage();
  const { world } = built;
  const inside = world.host("inside", ["10.0.0.2"], { inside: "lan" });
  world.nat({
    inside: "lan",
    address: "203.0.113.9",
    forward: [{ ports: 21, to: "10.0.0.2" }, ...(forward ?? [])],
    ...(otherwise === undefined ? {} : { otherwise }),
  });
  const server = await built.simulator([], {
    network: inside.network,
    host: "10.0.0.2",
    publicAddress: "203.0.113.9",
    passivePorts: { from: 8_081, to: 8_089 },
  });
  return { ...built, server, target: "203.0.113.9" };
}

describe("passive ports that are forwarded with other numbers", () => {
  test("are found while an offer stands, and proven by two listings", async () => {
    const { probe, target, server } = await behindNat([{ ports: [8_181, 8_189], to: "10.0.0.2", toPort: 8_081 }]);
    const evidence = await probe(plan(), {}, target);
    const [record] = recordsOf(evidence, "remapped-ports");
    const pairs = record?.trials.map(({ offer, transfer }) => [offer.advertised?.port, transfer?.over?.port]);
    expect(pairs?.length).toBeGreaterThanOrEqual(2);
    for (const [offered = 0, reached] of pairs ?? []) expect(reached).toBe(offered + 100);
    expect(record?.trials.every(({ transfer }) => transfer?.dataOutcome === "ok")).toBe(true);
    expect(server.connections).toBe(2);
  });

  test("are searched for in turn, at the rate that was asked for, where no usual offset leads there", async () => {
    const { probe, target, world } = await behindNat([{ ports: [8_184, 8_192], to: "10.0.0.2", toPort: 8_081 }]);
    const evidence = await probe(plan({ from: 8_150, to: 8_249 }, 50), {}, target);
    const [record] = recordsOf(evidence, "remapped-ports");
    for (const { offer, transfer } of record?.trials ?? []) {
      expect(transfer?.over?.port).toBe((offer.advertised?.port ?? 0) + 103);
    }
    const started = record?.startedMs ?? 0;
    const dials = world.attempts.filter(({ to, atMs }) => to.port > 8_100 && atMs >= started).map(({ atMs }) => atMs);
    const busiest = Math.max(...dials.map((at) => dials.filter((other) => other >= at && other < at + 1_000).length));
    expect(busiest).toBeLessThanOrEqual(52);
    // The second offer is dialled at one port alone.
    expect(record?.trials[1]?.dialled).toBe(1);
  });

  test("are not searched for where an offer opens, or no range was declared", async () => {
    const built = stage();
    await built.simulator([], { passivePorts: { from: 8_081, to: 8_089 } });
    expect(recordsOf(await built.probe(plan()), "remapped-ports")).toEqual([]);
    const { probe, target } = await behindNat([{ ports: [8_181, 8_189], to: "10.0.0.2", toPort: 8_081 }]);
    const undeclared = await probe({ ports: { range: null, rate: 180, concurrency: null } }, {}, target);
    expect(recordsOf(undeclared, "remapped-ports")).toEqual([]);
  });

  test("a range that leads nowhere is dialled once, and nothing is found", async () => {
    const { probe, world, target } = await behindNat([]);
    const evidence = await probe(plan(), {}, target);
    const [record] = recordsOf(evidence, "remapped-ports");
    expect(record?.trials.map(({ dialled, held }) => [dialled, held.length])).toEqual([[9, 0]]);
    expect(world.attempts.filter(({ to }) => to.port === 8_185)).toHaveLength(2);
    expect(diagnose(evidence).findings.map(({ id }) => id)).not.toContain("pasv-port-remapped");
  });

  test("a service that listens in the range is not taken for the server", async () => {
    const built = await behindNat([
      { ports: [8_181, 8_188], to: "10.0.0.2", toPort: 8_081 },
      { ports: 8_189, to: "10.0.0.3", toPort: 9_999 },
    ]);
    const inside = built.world.host("beside", ["10.0.0.3"], { inside: "lan" });
    const other = await inside.network.listen({ address: "10.0.0.3", port: 9_999 });
    const evidence = await built.probe(plan(), {}, built.target);
    if (other.ok) other.listener.close();
    const [record] = recordsOf(evidence, "remapped-ports");
    expect(record?.trials.some(({ transfer }) => transfer?.dataOutcome === "ok")).toBe(true);
    for (const { offer, transfer } of record?.trials ?? []) {
      if (transfer !== null) expect(transfer.over?.port).toBe((offer.advertised?.port ?? 0) + 100);
    }
  });

  test("a forwarder that accepts by itself, and hangs up where nobody listens inside, is seen through", async () => {
    const { probe, simulator, world, server, clock } = stage();
    await simulator([], { passivePorts: { from: 8_081, to: 8_089 } });
    world.rule({ from: "client", to: "server", ports: [8_081, 8_089], action: "reset" });
    const forwarders = await Promise.all(
      Array.from({ length: 9 }, (_, index) => forwarder(server.network, clock, 8_181 + index, 8_081 + index)),
    );
    const evidence = await probe(plan());
    for (const close of forwarders) close();
    const [swept] = recordsOf(evidence, "sweep");
    expect(swept?.intervals).toEqual([{ ...RANGE, state: "open" }]);
    const [record] = recordsOf(evidence, "remapped-ports");
    expect(record?.trials[0]).toMatchObject({ dialled: 9, passedOver: 8 });
    for (const { offer, transfer } of record?.trials ?? []) {
      expect(transfer?.dataOutcome).toBe("ok");
      expect(transfer?.over?.port).toBe((offer.advertised?.port ?? 0) + 100);
    }
    const report = diagnose(evidence);
    expect(report.findings.map(({ id }) => id)).toContain("pasv-port-remapped");
    // It is no other service that listens there.
    expect(report.ports.swept?.taken).toEqual([]);
    expect(report.summary).not.toContain("which FTP cannot use");
  });
});

/** A program that takes connections at one port and opens another for each; the answer ends it. */
async function forwarder(network: Network, clock: Clock, outside: number, inside: number): Promise<() => void> {
  const answer = await network.listen({ address: SERVER, port: outside });
  if (!answer.ok) throw new Error(answer.failure.detail);
  const over = new AbortController();
  const pass = async (caller: Connection) => {
    const within = clock.limit(1_000, over.signal);
    const to = await network.connect({ address: SERVER, port: inside }, { signal: within.signal });
    within.clear();
    if (to.ok) {
      for (;;) {
        const read = await to.connection.read(over.signal);
        if (read.kind !== "data") break;
        await caller.write(read.bytes);
      }
      to.connection.close();
    }
    caller.close();
  };
  void (async () => {
    for (;;) {
      const called = await answer.listener.accept(over.signal);
      if (!called.ok) return;
      void pass(called.connection);
    }
  })();
  return () => {
    over.abort();
    answer.listener.close();
  };
}
