import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../src/model/endpoint.ts";
import { failure } from "../../src/model/failure.ts";
import type { Connection, Network } from "../../src/system/ports.ts";
import { type SimHost, type SimWorld, simWorld } from "./sim-network.ts";

const NEVER = new AbortController().signal;
const PUBLIC = "203.0.113.5";

/** A client on the internet and a server behind a NAT that forwards port 21 and a passive range. */
function office(): { world: SimWorld; client: SimHost; server: SimHost } {
  const world = simWorld();
  const client = world.host("client", ["198.51.100.10"]);
  const server = world.host("server", ["10.0.0.2"], { inside: "lan" });
  const forward = [
    { ports: 21, to: "10.0.0.2" },
    { ports: [40_000, 40_100], to: "10.0.0.2", toPort: 50_000 },
  ] as const;
  world.nat({ inside: "lan", address: PUBLIC, forward });
  return { world, client, server };
}

async function listen(on: SimHost, address: string, port: number) {
  const answer = await on.network.listen({ address, port });
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer.listener;
}

async function outcomeOf(world: SimWorld, network: Network, to: Endpoint): Promise<string> {
  const limit = world.clock.limit(30_000);
  const answer = await network.connect(to, { signal: limit.signal });
  limit.clear();
  if (!answer.ok) return answer.failure.code ?? answer.failure.outcome;
  answer.connection.close();
  return "connected";
}

async function meet(from: SimHost, to: Endpoint, at: SimHost, listeningAt: Endpoint = to) {
  const listener = await listen(at, listeningAt.address, listeningAt.port);
  const [near, far] = await Promise.all([from.network.connect(to, { signal: NEVER }), listener.accept(NEVER)]);
  listener.close();
  if (!near.ok || !far.ok) throw new Error("the two did not meet");
  return { near: near.connection, far: far.connection };
}

async function hear(connection: Connection): Promise<string> {
  const answer = await connection.read(NEVER);
  return answer.kind === "data" ? Buffer.from(answer.bytes).toString("latin1") : answer.kind;
}

describe("virtual time", () => {
  it("lets minutes pass in milliseconds, in order", async () => {
    const { clock } = simWorld();
    const started = performance.now();
    const rung: number[] = [];
    await Promise.all([600_000, 30_000, 30_001].map((ms) => clock.sleep(ms).then(() => rung.push(clock.now()))));
    expect(rung).toEqual([30_000, 30_001, 600_000]);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(clock.date().toISOString()).toBe("2024-05-01T12:10:00.000Z");
  });

  it("stands still while somebody works", async () => {
    const { clock } = simWorld();
    const limit = clock.limit(1_000);
    for (let i = 0; i < 500; i += 1) await Promise.resolve();
    expect(clock.now()).toBe(0);
    limit.clear();
  });
});

describe("a simulated NAT", () => {
  it("forwards ports to the inside, where both sides see their own view", async () => {
    const { client, server } = office();
    const { near, far } = await meet(client, { address: PUBLIC, port: 21 }, server, { address: "10.0.0.2", port: 21 });
    expect(near.remote).toEqual({ address: PUBLIC, port: 21 });
    expect(far.local).toEqual({ address: "10.0.0.2", port: 21 });
    expect(far.remote.address).toBe("198.51.100.10");
    const passive = { address: PUBLIC, port: 40_007 };
    const data = await meet(client, passive, server, { address: "10.0.0.2", port: 50_007 });
    expect(data.near.remote).toEqual(passive);
    expect(data.far.local).toEqual({ address: "10.0.0.2", port: 50_007 });
  });

  it("hides private addresses from outside, and what leaves them behind its own", async () => {
    const { world, client, server } = office();
    await listen(server, "10.0.0.2", 2121);
    expect(await outcomeOf(world, client.network, { address: "10.0.0.2", port: 2121 })).toBe("timed-out");
    expect(await outcomeOf(world, client.network, { address: PUBLIC, port: 2121 })).toBe("timed-out");
    const { far } = await meet(server, { address: "198.51.100.10", port: 5000 }, client);
    expect(far.remote.address).toBe(PUBLIC);
  });

  it("lets neighbours meet, but not by the public address without hairpin", async () => {
    const { world, server } = office();
    const neighbour = world.host("neighbour", ["10.0.0.3"], { inside: "lan" });
    await listen(server, "10.0.0.2", 21);
    expect(await outcomeOf(world, neighbour.network, { address: "10.0.0.2", port: 21 })).toBe("connected");
    expect(await outcomeOf(world, neighbour.network, { address: PUBLIC, port: 21 })).toBe("timed-out");
    world.nat({ inside: "lan", address: "203.0.113.6", forward: [{ ports: 21, to: "10.0.0.2" }], hairpin: true });
    expect(await outcomeOf(world, neighbour.network, { address: "203.0.113.6", port: 21 })).toBe("connected");
  });

  it("may use another address for what leaves, and refuse what it does not forward", async () => {
    const world = simWorld();
    const client = world.host("client", ["198.51.100.10"]);
    const server = world.host("server", ["10.0.0.2"], { inside: "lan" });
    world.nat({ inside: "lan", address: PUBLIC, outgoing: "203.0.113.9", otherwise: "reset" });
    const { far } = await meet(server, { address: "198.51.100.10", port: 5000 }, client);
    expect(far.remote.address).toBe("203.0.113.9");
    expect(await outcomeOf(world, client.network, { address: PUBLIC, port: 21 })).toBe("ECONNREFUSED");
  });
});

describe("a simulated firewall", () => {
  it.each([
    ["drop", "timed-out"],
    ["reset", "ECONNREFUSED"],
    ["unreachable", "EHOSTUNREACH"],
    ["no-route", "ENETUNREACH"],
    ["prohibited", "EACCES"],
  ] as const)("%s is seen as %s, until the rule is taken away", async (action, seen) => {
    const { world, client, server } = office();
    await listen(server, "10.0.0.2", 50_001);
    const to = { address: PUBLIC, port: 40_001 };
    const lift = world.rule({ from: "client", to: "lan", ports: [50_000, 50_100], action });
    expect(await outcomeOf(world, client.network, to)).toBe(seen);
    lift();
    expect(await outcomeOf(world, client.network, to)).toBe("connected");
    expect(world.attempts.map(({ from, outcome }) => `${from} ${outcome}`)).toHaveLength(2);
  });

  it("lets the others pass", async () => {
    const { world, client, server } = office();
    await listen(server, "10.0.0.2", 21);
    world.rule({ from: "somebody", action: "drop" });
    world.rule({ to: "10.0.0.9", action: "drop" });
    world.rule({ from: "client", ports: [22, 80], action: "drop" });
    expect(await outcomeOf(world, client.network, { address: PUBLIC, port: 21 })).toBe("connected");
  });

  it("has no say where an address family is missing", async () => {
    const { world, client } = office();
    expect(await outcomeOf(world, client.network, { address: "2001:db8::1", port: 21 })).toBe("ENETUNREACH");
  });
});

describe("a simulated middlebox", () => {
  const to = { address: PUBLIC, port: 21 };
  const inner = { address: "10.0.0.2", port: 21 };

  it("rewrites one direction", async () => {
    const { world, client, server } = office();
    world.rewrite({ ports: 21 }, (direction, bytes, flow) =>
      direction === "from-called"
        ? Buffer.from(
            Buffer.from(bytes).toString("latin1").replace("10,0,0,2", flow.dialled.address.replaceAll(".", ",")),
          )
        : bytes,
    );
    const { near, far } = await meet(client, to, server, inner);
    await far.write(Buffer.from("227 (10,0,0,2,1,2)"));
    expect(await hear(near)).toBe("227 (203,0,113,5,1,2)");
    await near.write(Buffer.from("PORT 10,0,0,2,1,2"));
    expect(await hear(far)).toBe("PORT 10,0,0,2,1,2");
  });

  it("cuts both ends off, or lets nothing more through", async () => {
    const { world, client, server } = office();
    world.rewrite({ to: "server" }, (direction, bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      if (text === "cut") return "reset";
      return direction === "from-called" && text === "big" ? "hang" : bytes;
    });
    const { near, far } = await meet(client, to, server, inner);
    await far.write(Buffer.from("small"));
    await far.write(Buffer.from("big"));
    await far.write(Buffer.from("small"));
    far.end();
    expect(await hear(near)).toBe("small");
    const limit = world.clock.limit(60_000);
    expect(await near.read(limit.signal)).toMatchObject({ failure: { outcome: "timed-out" } });
    await near.write(Buffer.from("still"));
    expect(await hear(far)).toBe("still");
    await near.write(Buffer.from("cut"));
    expect(await hear(near)).toBe("failed");
  });
});

describe("the simulated world", () => {
  it("takes the latency it is told, both ways", async () => {
    const { world, client, server } = office();
    world.latency(75, ["client", "server"]);
    await listen(server, "10.0.0.2", 21);
    expect(await outcomeOf(world, client.network, { address: PUBLIC, port: 21 })).toBe("connected");
    expect(world.clock.now()).toBe(150);
  });

  it("answers names as told", async () => {
    const { world, client } = office();
    world.name("FTP.example.com", { ipv4: [PUBLIC], ipv6: failure("lookup-failed", "ESERVFAIL"), delayMs: 5_000 });
    expect(await client.network.resolve("ftp.example.com.", "ipv4", NEVER)).toEqual({ ok: true, addresses: [PUBLIC] });
    expect(world.clock.now()).toBe(5_000);
    expect(await client.network.resolve("ftp.example.com", "ipv6", NEVER)).toMatchObject({
      failure: { code: "ESERVFAIL" },
    });
  });

  it("names what nobody closed", async () => {
    const { world, client, server } = office();
    const listener = await listen(server, "10.0.0.2", 21);
    await client.network.connect({ address: PUBLIC, port: 21 }, { signal: NEVER });
    expect(world.open()).toHaveLength(3);
    expect(world.open()).toContain("server listens at 10.0.0.2:21");
    listener.close();
    await world.clock.sleep(10);
    expect(world.open()).toEqual(["client holds a connection with 203.0.113.5:21"]);
  });
});
