import { describe, expect, test } from "vitest";
import type { OffersRecord } from "../../src/model/evidence.ts";
import { type ServerScript, saying } from "./scripted-server.ts";
import { eachOf, passiveOf, recordsOf, SERVER, sent, stage } from "./stage.ts";

const PASSIVE = { modes: ["epsv", "pasv"] as ("epsv" | "pasv")[] };

/** What became of each dial of a record. */
const outcomes = (record: OffersRecord | undefined) =>
  record?.samples.flatMap(({ dialled }) => dialled.map(({ outcome }) => outcome)) ?? [];

describe("after silence", () => {
  test("ten offers of each mode are dialled at once, within a second, on the same session", async () => {
    const { probe, simulator, world } = stage();
    await simulator([], { passivePorts: { from: 40_000, to: 40_100 } });
    world.rule({ to: "server", ports: [40_000, 40_100], action: "drop" });
    const evidence = await probe(PASSIVE);
    const records = recordsOf(evidence, "offers");
    expect(records).toMatchObject([
      { mode: "epsv", order: "side-by-side", status: "done", note: null },
      { mode: "pasv", order: "side-by-side", status: "done", note: null },
    ]);
    for (const record of records) expect(outcomes(record)).toEqual(Array(10).fill("timed-out"));
    const limit = passiveOf(evidence, "epsv").dialled[0]?.limitMs ?? 0;
    expect(evidence.durationMs).toBeLessThan(2 * limit + 1_000);
    expect(evidence.sessions).toHaveLength(1);
    // In turn, and each round the other way: neither time nor every second connection is mistaken for the mode.
    expect(sent(evidence).slice(6, 10)).toEqual(["EPSV", "PASV", "PASV", "EPSV"]);
  });

  test("a port of a range that is partly open shows", async () => {
    const { probe, simulator, world } = stage();
    await simulator([], { passivePorts: { from: 40_000, to: 40_100 } });
    const open = world.rule({ to: "server", ports: [40_000, 40_100], action: "drop" });
    const probing = probe(PASSIVE, {
      onProgress: (text) => {
        if (text.includes("more passive ports")) open();
      },
    });
    const dials = recordsOf(await probing, "offers").flatMap(outcomes);
    // The last listener stands; those before it were replaced, which a refusal tells.
    expect(new Set(dials)).toEqual(new Set(["refused", "connected"]));
  });
});

describe("after silence in one mode alone", () => {
  test("the offers of the other are had one by one, and that settles it where they open", async () => {
    const { probe, scripted, world } = stage();
    await scripted({ PASV: saying("227 Entering Passive Mode (203,0,113,5,200,10)") });
    world.rule({ to: "server", ports: 51_210, action: "drop" });
    const records = recordsOf(await probe(PASSIVE), "offers");
    expect(records).toMatchObject([
      { mode: "epsv", order: "one-by-one", note: null },
      { mode: "pasv", order: "side-by-side" },
    ]);
    expect(outcomes(records[0])).toEqual(Array(5).fill("connected"));
  });

  test("they are left at the first that does not open, and had again beside those of the other", async () => {
    const { probe, scripted, world } = stage();
    let asked = 0;
    await scripted({
      EPSV: async (talk) => {
        const port = await talk.offer();
        asked += 1;
        await talk.say(`229 Ok (|||${asked > 2 ? 51_210 : port}|)`);
      },
      PASV: saying("227 Entering Passive Mode (203,0,113,5,200,10)"),
    });
    world.rule({ to: "server", ports: 51_210, action: "drop" });
    const records = recordsOf(await probe(PASSIVE), "offers");
    expect(records).toMatchObject([
      { mode: "epsv", order: "one-by-one", note: "ended after 2 of 5: a port did not open" },
      { mode: "pasv", order: "side-by-side" },
      { mode: "epsv", order: "side-by-side" },
    ]);
    expect(outcomes(records[0])).toEqual(["connected", "timed-out"]);
  });
});

test("a port that is offered again is dialled once: a listener's queue may hold but one caller", async () => {
  const { probe, scripted, world } = stage();
  await scripted({
    EPSV: saying("229 Ok (|||40000|)"),
    PASV: saying("227 Entering Passive Mode (203,0,113,5,156,64)"),
  });
  world.rule({ to: "server", ports: 40_000, action: "drop" });
  const records = recordsOf(await probe(PASSIVE), "offers");
  expect(records.map(({ samples }) => samples.length)).toEqual([10, 10]);
  expect(records.flatMap(outcomes)).toEqual(["timed-out"]);
});

describe("after a refusal", () => {
  test("each offer is dialled while its listener stands, then the ports near the last", async () => {
    const { probe, simulator } = stage();
    await simulator("passive-ports-closed");
    const evidence = await probe(PASSIVE);
    for (const record of eachOf(evidence, "offers")) {
      expect(record).toMatchObject({ order: "one-by-one" });
      expect(outcomes(record)).toEqual(Array(10).fill("refused"));
    }
    const [near] = recordsOf(evidence, "other-ports");
    const last = recordsOf(evidence, "offers")[0]?.samples.at(-1)?.dialled[0]?.endpoint.port ?? 0;
    expect(near?.purpose).toBe("near-offer");
    expect(near?.tried.map(({ endpoint }) => endpoint.port)).toEqual([
      (last & 255) * 256 + (last >> 8),
      last + 1,
      last - 1,
    ]);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("a server that swaps the bytes of its port is found there", async () => {
    const { probe, scripted } = stage();
    await scripted({
      EPSV: saying("502 No"),
      PASV: async (talk) => {
        const port = await talk.offer();
        await talk.say(`227 Entering Passive Mode (203,0,113,5,${port & 255},${port >> 8})`);
      },
    });
    const evidence = await probe(PASSIVE);
    const [near] = recordsOf(evidence, "other-ports");
    expect(near?.tried[0]?.outcome).toBe("connected");
    expect(near?.tried.slice(1).every(({ outcome }) => outcome === "refused")).toBe(true);
  });

  test("the neighbours are left alone where another offer answered", async () => {
    const { probe, scripted } = stage();
    let asked = 0;
    await scripted({
      EPSV: async (talk) => {
        const port = await talk.offer();
        asked += 1;
        await talk.say(`229 Ok (|||${asked === 1 ? 9 : port}|)`);
      },
    });
    const evidence = await probe({ modes: ["epsv"] });
    expect(outcomes(recordsOf(evidence, "offers")[0])).toContain("connected");
    expect(recordsOf(evidence, "other-ports")).toEqual([]);
  });
});

describe("after a connection that was not served", () => {
  const noIp = "425 Security: Bad IP connecting.";

  test("there is a transfer each time, and unlikely ports tell a tarpit", async () => {
    const { probe, scripted } = stage();
    await scripted({
      LIST: async (talk) => {
        await talk.data();
        await talk.say(noIp);
      },
    });
    const evidence = await probe(PASSIVE);
    const records = recordsOf(evidence, "offers");
    expect(records.map(({ order, samples }) => [order, samples.length])).toEqual([
      ["with-transfer", 3],
      ["with-transfer", 3],
    ]);
    for (const { samples } of records)
      for (const { transfer } of samples) expect(transfer?.exchange.replies.at(-1)?.lines).toEqual([noIp]);
    const [tarpit] = recordsOf(evidence, "other-ports");
    expect(tarpit).toMatchObject({ purpose: "tarpit-control" });
    expect(tarpit?.tried.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "refused"]);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("a stalled one ends them: it cost its session", async () => {
    const { probe, simulator } = stage();
    await simulator("no-data");
    const evidence = await probe({ modes: ["epsv"] });
    const [record] = recordsOf(evidence, "offers");
    expect(record?.samples).toHaveLength(1);
    expect(record?.note).toMatch(/1 of 6: the session was lost/);
    expect(evidence.durationMs).toBeLessThan(28_000);
  });
});

describe("repeated offers end", () => {
  const failing = (second: ServerScript[string]): ServerScript => {
    let asked = 0;
    return {
      EPSV: (talk, argument) => {
        asked += 1;
        return asked === 1 ? talk.say("229 Ok (|||40000|)") : second?.(talk, argument);
      },
    };
  };

  test.each([
    ["at a refusal", saying("500 What?"), 1],
    ["at 421", saying("421 Enough"), 1],
    ["where the server hangs up", (talk: { close(): void }) => talk.close(), 1],
  ])("%s", async (_what, second, samples) => {
    const { probe, scripted } = stage();
    await scripted(failing(second));
    const evidence = await probe({ modes: ["epsv"] });
    const [record] = recordsOf(evidence, "offers");
    expect(record?.samples).toHaveLength(samples);
    expect(record?.note).toMatch(/ended after 1 of 10/);
  });

  test("where the server answers slowly, so that the verdict comes", async () => {
    const { probe, scripted } = stage();
    await scripted(
      failing(async (talk) => {
        await talk.wait(800);
        await talk.say("229 Ok (|||40000|)");
      }),
    );
    const evidence = await probe({ ...PASSIVE, samples: 100 });
    expect(evidence.durationMs).toBeLessThan(30_000);
    expect(recordsOf(evidence, "offers").every(({ status }) => status === "done")).toBe(true);
  });
});

test("a healthy server is asked for more where the user wants it, and no more connections are made", async () => {
  const { probe, simulator } = stage();
  const server = await simulator([], { host: SERVER, passivePorts: { from: 40_000, to: 40_100 } });
  const evidence = await probe({ samples: 20 });
  const records = recordsOf(evidence, "offers");
  expect(records.map(({ samples }) => samples.length)).toEqual([20, 20]);
  for (const record of records) expect(outcomes(record)).not.toContain("timed-out");
  expect(server.connections).toBe(2);
});
