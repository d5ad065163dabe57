import { describe, expect, test } from "vitest";
import { saying } from "./scripted-server.ts";
import { CLIENT, eachOf, passiveOf, recordsOf, SERVER, sent, stage, worked, workingModes } from "./stage.ts";

/** A 227 naming an address other than the one that serves it. */
const naming = (address: string) => ({
  PASV: async (talk: { offer(): Promise<number>; say(...lines: string[]): Promise<void> }) => {
    const port = await talk.offer();
    await talk.say(`227 Entering Passive Mode (${address.replaceAll(".", ",")},${port >> 8},${port & 255})`);
  },
});

describe("where PASV names another address", () => {
  test("both are dialled, the one advertised first, and the one that answers carries the transfer", async () => {
    const { probe, scripted } = stage();
    await scripted(naming("10.0.0.2"));
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    const { dialled, transfer, offer } = passiveOf(evidence, "pasv");
    expect(offer?.advertised?.address).toBe("10.0.0.2");
    expect(dialled).toMatchObject([
      { endpoint: { address: "10.0.0.2" }, role: "advertised", outcome: "timed-out" },
      { endpoint: { address: SERVER }, role: "peer", outcome: "connected" },
    ]);
    expect(dialled[0]?.ms).toBe(dialled[0]?.limitMs);
    expect(dialled[0]?.endpoint.port).toBe(dialled[1]?.endpoint.port);
    expect(transfer?.over?.address).toBe(SERVER);
    expect(worked(passiveOf(evidence, "pasv"))).toBe(true);
    expect(passiveOf(evidence, "epsv").dialled).toHaveLength(1);
  });

  test("the transfer runs over the advertised one where it answers too", async () => {
    const { probe, scripted } = stage();
    await scripted({
      PASV: async (talk) => {
        const port = await talk.offer();
        const twin = await talk.network.listen({ address: "203.0.113.6", port });
        if (!twin.ok) throw new Error("no twin");
        void twin.listener.accept(AbortSignal.any([])).then(async (call) => {
          if (call.ok) await call.connection.write(Buffer.from("from the twin\r\n"));
          if (call.ok) call.connection.close();
          twin.listener.close();
        });
        await talk.say(`227 Entering Passive Mode (203,0,113,6,${port >> 8},${port & 255})`);
      },
      LIST: async (talk) => {
        await talk.say("150 Here it comes", "226 Done");
      },
    });
    const record = passiveOf(await probe({ modes: ["pasv"] }), "pasv");
    expect(record.dialled.map(({ outcome }) => outcome)).toEqual(["connected", "connected"]);
    expect(record.transfer).toMatchObject({ over: { address: "203.0.113.6" }, sample: "from the twin\r\n" });
  });

  test("the one advertised has a head start, and no longer than it needs", async () => {
    const { probe, scripted } = stage();
    await scripted(naming("203.0.113.6"));
    const { dialled } = passiveOf(await probe({ modes: ["pasv"] }), "pasv");
    expect(dialled[0]).toMatchObject({ outcome: "refused", code: "ECONNREFUSED" });
    expect((dialled[1]?.startedMs ?? 0) - (dialled[0]?.startedMs ?? 0)).toBeLessThan(10);
  });

  test("a silent one is given the head start before the peer is dialled beside it", async () => {
    const { probe, scripted } = stage();
    await scripted(naming("10.0.0.2"));
    const { dialled, durationMs } = passiveOf(await probe({ modes: ["pasv"] }), "pasv");
    expect((dialled[1]?.startedMs ?? 0) - (dialled[0]?.startedMs ?? 0)).toBe(300);
    expect(durationMs).toBeLessThan((dialled[0]?.limitMs ?? 0) + 100);
  });
});

describe("a dial that fails", () => {
  test("is followed by no LIST, and the session goes on", async () => {
    const { probe, simulator } = stage();
    await simulator("passive-ports-closed");
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    for (const mode of ["epsv", "pasv"] as const) {
      const record = passiveOf(evidence, mode);
      expect(record).toMatchObject({ status: "done", transfer: null, dialled: [{ outcome: "refused" }] });
    }
    expect(evidence.sessions).toHaveLength(1);
    expect(sent(evidence)).not.toContain("LIST");
    expect(sent(evidence).at(-1)).toBe("QUIT");
  });

  test("leaves a session on which the next mode works", async () => {
    const { probe, scripted } = stage();
    await scripted({ EPSV: saying("229 Entering Extended Passive Mode (|||40000|)") });
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    expect(passiveOf(evidence, "epsv").dialled).toMatchObject([{ outcome: "refused" }]);
    expect(workingModes(evidence)).toEqual(["pasv"]);
    expect(evidence.sessions).toHaveLength(1);
  });

  test.each(["drop", "reset", "unreachable", "no-route", "prohibited"] as const)(
    "is told as what it was: %s",
    async (action) => {
      const { probe, simulator, world } = stage();
      await simulator([], { passivePorts: { from: 40_000, to: 40_100 } });
      world.rule({ to: "server", ports: [40_000, 40_100], action });
      const { dialled } = passiveOf(await probe({ modes: ["epsv"] }), "epsv");
      const expected = { drop: "timed-out", reset: "refused" } as const;
      expect(dialled).toMatchObject([
        { outcome: action === "drop" || action === "reset" ? expected[action] : "unreachable" },
      ]);
    },
  );
});

test("with all data ports dropped both ways the run ends within two data-dial limits", async () => {
  const { probe, simulator, world } = stage();
  await simulator([], { passivePorts: { from: 40_000, to: 40_100 } });
  world.rule({ to: "server", ports: [40_000, 40_100], action: "drop" });
  world.rule({ to: "client", action: "drop" });
  const evidence = await probe();
  const limit = passiveOf(evidence, "epsv").dialled[0]?.limitMs ?? 0;
  expect(limit).toBeGreaterThan(3_000);
  expect(evidence.durationMs).toBeLessThan(2 * limit);
  expect(workingModes(evidence)).toEqual([]);
  // Passive failures leave the session whole; each hung active mode costs one.
  expect(evidence.sessions).toHaveLength(3);
  expect(recordsOf(evidence, "active").map(({ accept }) => accept?.outcome)).toEqual(["timed-out", "timed-out"]);
});

describe("while a dial keeps silent", () => {
  const RANGE = { from: 40_000, to: 40_100 };
  const DROPPED = { to: "server", ports: [40_000, 40_100], action: "drop" } as const;

  test("its session goes on with the next mode", async () => {
    const { probe, simulator, world } = stage();
    await simulator([], { passivePorts: RANGE });
    world.rule(DROPPED);
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    const [epsv, pasv] = [passiveOf(evidence, "epsv"), passiveOf(evidence, "pasv")];
    expect(pasv.session).toBe(epsv.session);
    expect(pasv.startedMs - epsv.startedMs).toBeLessThan(1_500);
    for (const { dialled } of [epsv, pasv]) expect(dialled).toMatchObject([{ outcome: "timed-out" }]);
  });

  test("an answer that comes after all is not believed of an offer that was replaced: it is asked for again", async () => {
    const { probe, simulator, world, clock } = stage();
    await simulator([], { passivePorts: RANGE });
    const lift = world.rule(DROPPED);
    void clock.sleep(2_000).then(lift);
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    expect(workingModes(evidence)).toEqual(["epsv", "pasv"]);
    expect(passiveOf(evidence, "epsv").dialled).toMatchObject([{ outcome: "connected" }]);
    expect(sent(evidence).filter((line) => line === "EPSV")).toHaveLength(2);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("it remains unknown where the session was lost meanwhile", async () => {
    const { probe, scripted, world, clock } = stage();
    await scripted({ PASV: (talk) => talk.close() });
    const lift = world.rule({ to: "server", ports: [1_024, 65_535], action: "drop" });
    void clock.sleep(2_000).then(lift);
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    expect(passiveOf(evidence, "epsv").dialled).toMatchObject([{ outcome: "cancelled" }]);
  });

  test("a mode that nobody gets to before the run is stopped says so", async () => {
    const { probe, simulator, world } = stage();
    await simulator([], { passivePorts: RANGE });
    world.rule(DROPPED);
    world.rule({ to: "client", ports: [1_024, 65_535], action: "drop" });
    const evidence = await probe({ deadlineMs: 2_000 });
    expect(passiveOf(evidence, "pasv").dialled).toMatchObject([{ outcome: "cancelled" }]);
    const [, port] = recordsOf(evidence, "active");
    expect(port).toMatchObject({ mode: "port", session: null, note: expect.stringContaining("was stopped") });
  });

  test("nobody takes the session where an address has answered", async () => {
    const { probe, scripted } = stage();
    await scripted(naming("10.0.0.2"));
    const evidence = await probe({ modes: ["pasv", "epsv"] });
    expect(workingModes(evidence).toSorted()).toEqual(["epsv", "pasv"]);
    expect(sent(evidence).filter((line) => line === "PASV")).toHaveLength(1);
  });
});

test("a NAT before the server that forwards the control port alone shows as silence", async () => {
  const { probe, world, clock } = stage();
  const inside = world.host("inside", ["10.0.0.2"], { inside: "lan" });
  world.nat({ inside: "lan", address: "203.0.113.80", forward: [{ ports: 21, to: "10.0.0.2" }] });
  const { startSimulator } = await import("../../src/simulator/simulator.ts");
  const server = await startSimulator({ network: inside.network, clock, host: "10.0.0.2", port: 21 });
  const evidence = await probe({}, {}, "203.0.113.80");
  expect(passiveOf(evidence, "pasv").dialled).toMatchObject([
    { endpoint: { address: "10.0.0.2" }, outcome: "timed-out" },
    { endpoint: { address: "203.0.113.80" }, outcome: "timed-out" },
  ]);
  // The server calls through its NAT, from the address that the control connection reached.
  expect(workingModes(evidence)).toEqual(["eprt", "port"]);
  expect(recordsOf(evidence, "active").map(({ calledFrom }) => calledFrom?.address)).toEqual([
    "203.0.113.80",
    "203.0.113.80",
  ]);
  await server.stop();
});

describe("an offer", () => {
  test.each([
    ["passive-malformed-227", "227 Entering Passive Mode"],
    ["passive-overflow-227", "227"],
  ])("is refused unread where it cannot be read", async () => {
    const { probe, scripted } = stage();
    await scripted({ PASV: saying("227 Entering Passive Mode (1,2,3)") });
    const record = passiveOf(await probe({ modes: ["pasv"] }), "pasv");
    expect(record).toMatchObject({ status: "done", dialled: [], transfer: null, offer: { advertised: null } });
    expect(record.offer?.problem).toEqual(expect.any(String));
  });

  test("that is refused is dialled nowhere", async () => {
    const { probe, scripted } = stage();
    await scripted({ EPSV: saying("502 No EPSV here"), PASV: saying("550 Permission denied.") });
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    for (const record of eachOf(evidence, "passive")) expect(record).toMatchObject({ dialled: [], transfer: null });
    expect(evidence.sessions).toHaveLength(1);
  });

  test("is read in full though the password is a part of its numbers", async () => {
    const { Secret } = await import("../../src/model/secret.ts");
    const { probe, scripted } = stage();
    await scripted({});
    const evidence = await probe({ user: "bob", password: new Secret("203"), modes: ["pasv"] });
    expect(passiveOf(evidence, "pasv").offer?.advertised?.address).toBe(SERVER);
    expect(workingModes(evidence)).toEqual(["pasv"]);
    expect(evidence.sessions[0]?.transcript.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("([secret],0,113,5,"),
    );
  });
});

test("dials come from the source address asked for", async () => {
  const { world, probe, scripted, client } = stage();
  await scripted({});
  void client;
  const evidence = await probe({ modes: ["epsv"], sourceAddress: CLIENT });
  expect(workingModes(evidence)).toEqual(["epsv"]);
  expect(world.attempts.filter(({ from }) => from === "client")).toHaveLength(2);
});

test.each([
  [1, 3_508],
  [50, 3_900],
  [2_000, 10_000],
])("the dial limit follows the connect time: %i ms one way", async (oneWay, limitMs) => {
  const { probe, simulator, world } = stage();
  world.latency(oneWay);
  await simulator("passive-ports-closed");
  const { dialled } = passiveOf(await probe({ modes: ["epsv"] }), "epsv");
  expect(dialled[0]?.limitMs).toBe(limitMs);
});

test("the dial limit is never more than --timeout", async () => {
  const { probe, simulator } = stage();
  await simulator("passive-ports-closed");
  const { dialled } = passiveOf(await probe({ modes: ["epsv"], timeoutMs: 1_000, timeoutGiven: true }), "epsv");
  expect(dialled[0]?.limitMs).toBe(1_000);
});
