import { describe, expect, test } from "vitest";
import { failure } from "../../src/model/failure.ts";
import type { Listener, Network } from "../../src/system/ports.ts";
import { LISTING, saying } from "./scripted-server.ts";
import { activeOf, CLIENT, eachOf, recordsOf, SERVER, sent, stage, worked, workingModes } from "./stage.ts";

describe("the endpoint offered", () => {
  test("is the control connection's own address", async () => {
    const { probe, scripted } = stage();
    await scripted({});
    const evidence = await probe({ modes: ["eprt", "port"] });
    expect(workingModes(evidence)).toEqual(["eprt", "port"]);
    const [eprt, port] = [activeOf(evidence, "eprt"), activeOf(evidence, "port")];
    expect(eprt.offered?.address).toBe(CLIENT);
    expect(eprt.exchange?.command).toBe(`EPRT |1|${CLIENT}|${eprt.offered?.port}|`);
    const number = port.offered?.port ?? 0;
    expect(port.exchange?.command).toBe(`PORT 198,51,100,10,${number >> 8},${number & 255}`);
    for (const { calledFrom, strangers } of [eprt, port]) {
      expect(calledFrom?.address).toBe(SERVER);
      expect(strangers).toEqual([]);
    }
  });

  test("is the address given instead, with the local port", async () => {
    const { probe, scripted, world } = stage();
    const inside = world.host("inside", ["192.168.1.7"], { inside: "home" });
    world.nat({ inside: "home", address: "198.51.100.77", forward: [{ ports: [6_000, 6_010], to: "192.168.1.7" }] });
    await scripted({});
    const evidence = await probe(
      { modes: ["port"], activeAddress: "198.51.100.77", activePorts: { from: 6_000, to: 6_010 } },
      {},
      SERVER,
      inside.machine,
    );
    const record = activeOf(evidence, "port");
    expect(record.offered).toEqual({ address: "198.51.100.77", port: 6_005 });
    expect(worked(record)).toBe(true);
  });

  test("is none where the address given is of the other family: active modes are not tried", async () => {
    const { probe, scripted } = stage();
    await scripted({});
    const evidence = await probe({ modes: ["epsv", "eprt", "port"], activeAddress: "2001:db8::7" });
    expect(workingModes(evidence)).toEqual(["epsv"]);
    for (const mode of ["eprt", "port"] as const) {
      expect(activeOf(evidence, mode)).toMatchObject({
        status: "skipped",
        note: "not applicable: --active-address 2001:db8::7 is no IPv4 address",
      });
    }
  });

  test("has a port of the range given, another one where it is taken", async () => {
    const { probe, scripted, client } = stage();
    await scripted({});
    const taken = await client.network.listen({ address: CLIENT, port: 6_001 });
    const evidence = await probe({ modes: ["eprt", "port"], activePorts: { from: 6_000, to: 6_002 } });
    for (const { offered } of eachOf(evidence, "active")) expect([6_000, 6_002]).toContain(offered?.port);
    expect(workingModes(evidence)).toEqual(["eprt", "port"]);
    if (taken.ok) taken.listener.close();
  });

  test("is missing where no port of the range is free, and nothing is sent", async () => {
    const { probe, scripted, client } = stage();
    await scripted({});
    const taken = await client.network.listen({ address: CLIENT, port: 6_000 });
    const evidence = await probe({ modes: ["port"], activePorts: { from: 6_000, to: 6_000 } });
    expect(activeOf(evidence, "port")).toMatchObject({
      listen: { outcome: "local-error", code: "EADDRINUSE" },
      offered: null,
      exchange: null,
    });
    expect(sent(evidence).at(-1)).toBe("QUIT");
    if (taken.ok) taken.listener.close();
  });
});

describe("the call", () => {
  test("that comes before the transfer command is taken", async () => {
    const { probe, scripted } = stage();
    const early = async (talk: Parameters<ReturnType<typeof saying>>[0]) => {
      await talk.data().then((data) => {
        connections.push(data);
      });
      await talk.say("200 Active data connection established.");
    };
    const connections: { write(bytes: Uint8Array): Promise<unknown>; close(): void }[] = [];
    await scripted({
      PORT: early,
      EPRT: early,
      LIST: async (talk) => {
        const data = connections.pop();
        await talk.say("125 Data connection already open. Transfer starting.");
        await data?.write(Buffer.from(LISTING));
        data?.close();
        await talk.say("226 Transfer complete.");
      },
    });
    const evidence = await probe({ modes: ["eprt", "port"] });
    expect(workingModes(evidence)).toEqual(["eprt", "port"]);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("of a stranger is hung up on and recorded, and the server's is still taken", async () => {
    const { probe, scripted, world } = stage();
    const other = world.host("other", ["192.0.2.66"]);
    let heard = "";
    await scripted({
      PORT: async (talk) => {
        const { callTo } = talk;
        if (callTo === null) return;
        const call = await other.network.connect(callTo, { signal: AbortSignal.any([]) });
        await talk.say("200 ok");
        if (!call.ok) return;
        const answer = await call.connection.read(AbortSignal.any([]));
        heard = answer.kind;
        call.connection.close();
      },
    });
    const record = activeOf(await probe({ modes: ["port"] }), "port");
    expect(record.strangers.map(({ address }) => address)).toEqual(["192.0.2.66"]);
    expect(record.calledFrom?.address).toBe(SERVER);
    expect(worked(record)).toBe(true);
    expect(heard).toBe("end");
  });

  test("of strangers alone is a wrong peer", async () => {
    const { probe, simulator } = stage();
    await simulator("active-calls-from-elsewhere=203.0.113.6");
    const evidence = await probe({ modes: ["eprt", "port"] });
    for (const record of eachOf(evidence, "active")) {
      expect(record).toMatchObject({ accept: { outcome: "wrong-peer" }, calledFrom: null });
      expect(record.strangers.map(({ address }) => address)).toEqual(["203.0.113.6"]);
    }
  });

  test("in place of which 425 comes ends the waiting early", async () => {
    const { probe, scripted } = stage();
    await scripted({ LIST: saying("425 Failed to establish connection.") });
    const evidence = await probe({ modes: ["eprt", "port"] });
    for (const { accept, transfer } of eachOf(evidence, "active")) {
      expect(accept?.outcome).toBe("closed");
      expect(accept?.ms).toBeLessThan(200);
      expect(transfer).toMatchObject({ over: null, dataOutcome: null, exchange: { replies: [{ code: 425 }] } });
    }
    expect(evidence.sessions).toHaveLength(1);
    expect(evidence.durationMs).toBeLessThan(500);
  });

  test("that is seen just after the 226 behind it is taken", async () => {
    const { probe, scripted } = stage();
    await scripted({
      LIST: async (talk) => {
        await talk.say("150 Here it comes", "226 Done");
        await talk.wait(90);
        const data = await talk.data();
        await data.write(Buffer.from(LISTING));
        data.close();
      },
    });
    const evidence = await probe({ modes: ["eprt", "port"] });
    expect(workingModes(evidence)).toEqual(["eprt", "port"]);
  });

  test("that is seen just after a negative reply is taken too", async () => {
    const { probe, scripted } = stage();
    await scripted({
      LIST: async (talk) => {
        await talk.say("426 Something broke");
        await talk.wait(50);
        (await talk.data()).close();
      },
    });
    const record = activeOf(await probe({ modes: ["port"] }), "port");
    expect(record).toMatchObject({ accept: { outcome: "connected" }, transfer: { dataOutcome: "ok" } });
  });

  test("that never comes costs one more session each at most", async () => {
    const { probe, simulator, world } = stage();
    await simulator();
    world.rule({ to: "client", action: "drop" });
    const evidence = await probe();
    expect(workingModes(evidence)).toEqual(["epsv", "pasv"]);
    for (const { accept, transfer } of eachOf(evidence, "active")) {
      expect(accept).toMatchObject({ outcome: "timed-out", ms: accept?.limitMs });
      expect(transfer?.exchange.outcome).toBe("timed-out");
    }
    expect(evidence.sessions.length).toBeLessThanOrEqual(3);
    expect(new Set(recordsOf(evidence, "active").map(({ session }) => session)).size).toBe(2);
  });

  test("that never comes leaves the rest to the sessions allowed", async () => {
    const { probe, simulator, world } = stage();
    const server = await simulator();
    world.rule({ to: "client", action: "drop" });
    const evidence = await probe({ maxLogins: 1, modes: ["eprt", "port", "epsv", "pasv"] });
    expect(server.connections).toBe(1);
    const [eprt, port] = [activeOf(evidence, "eprt"), activeOf(evidence, "port")];
    expect([eprt.status, port.status]).toContain("skipped");
  });

  test("is not waited for where the control connection ends", async () => {
    const { probe, scripted } = stage();
    await scripted({ LIST: (talk) => talk.close() });
    const evidence = await probe({ modes: ["eprt", "port"] });
    for (const { accept, transfer } of eachOf(evidence, "active")) {
      expect(accept?.outcome).toBe("closed");
      expect(transfer?.exchange.outcome).toBe("closed");
    }
    expect(evidence.durationMs).toBeLessThan(1_000);
  });
});

test("a mode that is refused opens no transfer and frees its port", async () => {
  const { probe, simulator, world } = stage();
  await simulator("active-refused");
  const evidence = await probe({ modes: ["eprt", "port"] });
  for (const record of eachOf(evidence, "active")) expect(record).toMatchObject({ accept: null, transfer: null });
  expect(evidence.sessions).toHaveLength(1);
  expect(world.open().filter((text) => text.startsWith("client"))).toEqual([]);
});

test("many callers from elsewhere end the waiting", async () => {
  const { probe, scripted, world } = stage();
  const other = world.host("other", ["192.0.2.66"]);
  await scripted({
    PORT: async (talk) => {
      await talk.say("200 ok");
      const { callTo } = talk;
      for (let call = 0; call < 12 && callTo !== null; call += 1) {
        const made = await other.network.connect(callTo, { signal: AbortSignal.any([]) });
        if (made.ok) made.connection.close();
      }
    },
    LIST: (talk) => talk.hang(),
  });
  const record = activeOf(await probe({ modes: ["port"] }), "port");
  expect(record.accept?.outcome).toBe("wrong-peer");
  expect(record.strangers.length).toBeLessThanOrEqual(8);
  expect(record.accept?.ms).toBeLessThan(1_000);
});

describe("a call that is gone as it came", () => {
  test("is told with the time at which it came, however long another one was waited for", async () => {
    const { probe, scripted, client } = stage();
    await scripted({});
    const { network } = client.machine;
    const losing: Network = {
      ...network,
      async listen(options) {
        const answer = await network.listen(options);
        if (!answer.ok) return answer;
        const { listener } = answer;
        const accept: Listener["accept"] = async (signal) => {
          const call = await listener.accept(signal);
          if (!call.ok) return call;
          call.connection.close();
          return { ok: false, failure: failure("reset", "ECONNABORTED") };
        };
        return { ok: true, listener: { local: listener.local, accept, close: () => listener.close() } };
      },
    };
    const evidence = await probe({ modes: ["port"] }, {}, SERVER, { ...client.machine, network: losing });
    const { accept, durationMs } = activeOf(evidence, "port");
    expect(accept?.outcome).toBe("reset");
    expect(accept?.ms).toBeLessThan(500);
    expect(durationMs).toBeGreaterThan(3_000);
  });
});
