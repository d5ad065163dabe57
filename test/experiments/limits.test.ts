import { describe, expect, test } from "vitest";
import { type Act, type ServerScript, saying } from "./scripted-server.ts";
import { passiveOf, recordsOf, SERVER, SERVER6, stage, workingModes } from "./stage.ts";

const slowly =
  (ms: number, ...lines: string[]): Act =>
  (talk) =>
    talk.wait(ms).then(() => talk.say(...lines));

const [SLOW_GREETING, SLOW_PASS] = [
  { greeting: slowly(12_000, "220 ready") },
  { PASS: slowly(12_000, "230 Welcome") },
] as const;

describe("greeting and PASS may take their time", () => {
  test("a greeting after 12 s is measured and no failure", async () => {
    const { probe, scripted } = stage();
    await scripted(SLOW_GREETING);
    const evidence = await probe({ modes: ["epsv"] });
    const [control] = recordsOf(evidence, "control");
    expect(control?.greeting).toMatchObject({ outcome: "ok", limitMs: 30_000 });
    expect(control?.greeting?.ms).toBeGreaterThanOrEqual(12_000);
    expect(workingModes(evidence)).toEqual(["epsv"]);
  });

  test("an answer to PASS after 12 s is measured and no failure", async () => {
    const { probe, scripted } = stage();
    await scripted(SLOW_PASS);
    const evidence = await probe({ modes: ["epsv"] });
    const pass = recordsOf(evidence, "login")[0]?.exchanges.at(-1);
    expect(pass).toMatchObject({ command: "PASS [secret]", outcome: "ok" });
    expect(pass?.ms).toBeGreaterThanOrEqual(12_000);
    expect(workingModes(evidence)).toEqual(["epsv"]);
  });

  test("a greeting after 31 s is silence", async () => {
    const { probe, scripted } = stage();
    await scripted({ greeting: slowly(31_000, "220 ready") });
    const evidence = await probe();
    expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({
      outcome: "timed-out",
      ms: 30_000,
      reply: null,
    });
    // A second one asked whether the port waits for TLS.
    expect(evidence.sessions).toHaveLength(2);
    expect(recordsOf(evidence, "secure")).toMatchObject([{ how: "implicit", knock: true }]);
  });

  test("120 is followed by the 220 it announces", async () => {
    const { probe, scripted } = stage();
    await scripted({
      greeting: async (talk) => {
        await talk.say("120 Ready in a minute");
        await talk.wait(4_000);
        await talk.say("220 ready");
      },
    });
    const evidence = await probe();
    expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({ outcome: "ok", reply: { code: 220 } });
    expect(workingModes(evidence)).toHaveLength(4);
  });
});

describe("with --timeout given", () => {
  const given = { timeoutMs: 5_000, timeoutGiven: true };

  test("the greeting obeys it", async () => {
    const { probe, scripted } = stage();
    await scripted(SLOW_GREETING);
    const evidence = await probe(given);
    expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({ outcome: "timed-out", limitMs: 5_000 });
    // And the moment for an answer to an empty line.
    expect(evidence.durationMs).toBeLessThan(7_100);
  });

  test("PASS obeys it", async () => {
    const { probe, scripted } = stage();
    await scripted(SLOW_PASS);
    const evidence = await probe(given);
    expect(recordsOf(evidence, "login")[0]).toMatchObject({ result: "failed" });
    expect(recordsOf(evidence, "login")[0]?.exchanges.at(-1)?.outcome).toBe("timed-out");
    expect(evidence.durationMs).toBeLessThan(5_100);
  });

  test("more than 30 s is granted as well", async () => {
    const { probe, scripted } = stage();
    await scripted({ greeting: slowly(40_000, "220 ready") });
    const evidence = await probe({ timeoutMs: 60_000, timeoutGiven: true, modes: ["epsv"] });
    expect(workingModes(evidence)).toEqual(["epsv"]);
  });
});

test("a control port that is silent costs one limit, and a moment to see whether the host is there", async () => {
  const { probe, world } = stage();
  world.rule({ to: "server", action: "drop" });
  const evidence = await probe();
  expect(recordsOf(evidence, "control")).toMatchObject([
    { connect: { outcome: "timed-out", ms: 10_000, limitMs: 10_000 }, greeting: null, session: null },
  ]);
  expect(evidence.durationMs).toBe(11_500);
  expect(evidence.sessions).toEqual([]);
});

test.each([
  ["reset", "refused"],
  ["unreachable", "unreachable"],
  ["no-route", "unreachable"],
] as const)("a control port behind %s is %s, at once", async (action, outcome) => {
  const { probe, world } = stage();
  world.rule({ to: "server", action });
  const evidence = await probe();
  expect(recordsOf(evidence, "control")[0]?.connect.outcome).toBe(outcome);
  expect(evidence.durationMs).toBeLessThan(10);
});

test("another service that says nothing more is given up soon", async () => {
  const { probe, scripted } = stage();
  await scripted({ greeting: (talk) => talk.send("SSH-2.0-OpenSSH_9.6\r\n") });
  const evidence = await probe();
  expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({
    outcome: "protocol-error",
    firstBytes: "SSH-2.0-OpenSSH_9.6\r\n",
  });
  expect(evidence.durationMs).toBeLessThan(2_100);
});

test("ordinary commands have the ordinary limit", async () => {
  const { probe, scripted } = stage();
  await scripted({ EPSV: slowly(9_000, "502 no"), PASV: slowly(11_000, "502 no") });
  const evidence = await probe({ modes: ["epsv", "pasv"] });
  expect(passiveOf(evidence, "epsv").offer?.exchange.outcome).toBe("ok");
  expect(passiveOf(evidence, "pasv").offer?.exchange).toMatchObject({ outcome: "timed-out", ms: 10_000 });
});

describe("what a hostile server costs is bounded", () => {
  test.each([
    ["endless-line", 1],
    ["endless-reply", 1],
    // The first session is lost at FEAT; the passive and the active modes each look for another one.
    ["endless-replies", 3],
    ["long-line", 1],
    ["long-reply", 1],
    ["hostile-greeting", 2],
    ["hostile-replies", 2],
    ["hostile-listing", 2],
    ["nul-greeting", 1],
    ["no-codes", 1],
  ])("%s", async (fault, connections) => {
    const { probe, simulator } = stage();
    const server = await simulator(fault);
    const before = process.memoryUsage().arrayBuffers;
    const evidence = await probe({ timeoutMs: 3_000, timeoutGiven: true });
    expect(server.connections).toBeLessThanOrEqual(connections);
    expect(evidence.durationMs).toBeLessThan(13_000);
    expect(JSON.stringify(evidence).length).toBeLessThan(100_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });
});

test("an answer that is only promised ends", async () => {
  const { probe, scripted } = stage();
  await scripted({
    SYST: async (talk) => {
      for (let promise = 0; promise < 40; promise += 1) {
        await talk.say("100 Still thinking");
        await talk.wait(9_000);
      }
    },
  });
  const evidence = await probe({ modes: ["epsv"] });
  expect(recordsOf(evidence, "identify")[0]?.syst?.outcome).toBe("timed-out");
  expect(evidence.durationMs).toBeLessThan(22_000);
  expect(workingModes(evidence)).toEqual(["epsv"]);
});

test("greetings of other codes end the run with one connection", async () => {
  const { probe, scripted } = stage();
  const server = await scripted({ greeting: saying("550 No connections allowed from your IP") });
  await probe();
  expect(server.commands).toEqual([[]]);
});

describe("a verdict comes within half a minute of a greeting", () => {
  const LATE_MS = 9_000;

  test("where every mode is answered late, what is open then is cancelled and the run is complete", async () => {
    const { probe, scripted } = stage();
    const late = slowly(LATE_MS, "229 Late (|||40000|)");
    const unknown = slowly(LATE_MS, "502 Not known");
    await scripted({
      FEAT: unknown,
      SYST: unknown,
      EPSV: late,
      PASV: late,
      EPRT: slowly(LATE_MS, "200 ok"),
      PORT: slowly(LATE_MS, "200 ok"),
      LIST: () => {},
    });
    const evidence = await probe();
    expect(evidence.durationMs).toBeLessThanOrEqual(30_000);
    expect(evidence.complete).toBe(true);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    expect(attempts).toHaveLength(4);
    expect(attempts.some(({ status }) => status === "cancelled")).toBe(true);
  });

  test.each([
    ["USER is never answered", { USER: () => {} }, { outcome: "timed-out", ms: 28_000 }],
    ["PASS is never answered", { PASS: () => {} }, { outcome: "timed-out", ms: 28_000 }],
    [
      "USER is answered late, and PASS never",
      { USER: slowly(11_000, "331 Password?"), PASS: () => {} },
      { outcome: "timed-out", ms: 17_000 },
    ],
    // Less than an ordinary step gets is no silence.
    [
      "USER is answered very late, and PASS never",
      { USER: slowly(20_000, "331 Password?"), PASS: () => {} },
      { outcome: "cancelled", ms: 8_000 },
    ],
    [
      "the greeting comes late, and USER is never answered",
      { greeting: slowly(27_000, "220 ready"), USER: () => {} },
      { outcome: "cancelled", ms: 2_000 },
    ],
  ] as [string, ServerScript, { outcome: string; ms: number }][])("where %s", async (_, script, last) => {
    const { probe, scripted } = stage();
    await scripted(script);
    const evidence = await probe();
    expect(evidence.durationMs).toBeLessThanOrEqual(30_000);
    expect(evidence.complete).toBe(true);
    const [login] = recordsOf(evidence, "login");
    expect(login).toMatchObject({ result: "failed", status: last.outcome === "cancelled" ? "cancelled" : "done" });
    const exchange = login?.exchanges.at(-1);
    expect(exchange?.outcome).toBe(last.outcome);
    expect(Math.abs((exchange?.ms ?? 0) - last.ms)).toBeLessThan(200);
  });

  test("where both addresses hang at the login: the second is asked, and says nothing in what time is left", async () => {
    const { probe, scripted, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER], ipv6: [SERVER6] });
    await Promise.all([scripted({ PASS: () => {} }), scripted({ PASS: () => {} }, SERVER6)]);
    const evidence = await probe({}, {}, "ftp.example.com");
    expect(evidence.durationMs).toBeLessThanOrEqual(30_500);
    expect(recordsOf(evidence, "login").map(({ status }) => status)).toEqual(["done", "cancelled"]);
  });

  test("an answer to PASS that comes in time is no failure, and the modes get their time behind it", async () => {
    const { probe, scripted } = stage();
    await scripted({ PASS: slowly(25_000, "230 Welcome") });
    const evidence = await probe();
    expect(recordsOf(evidence, "login")[0]).toMatchObject({ result: "logged-in", status: "done" });
    // A second session would take as long to log in.
    expect(workingModes(evidence)).toEqual(["epsv", "pasv"]);
  });

  test("a second session that is never greeted costs a step, not the patience of the first", async () => {
    const { probe, scripted } = stage();
    let greeted = 0;
    await scripted({
      greeting: (talk) => {
        greeted += 1;
        return greeted === 1 ? talk.say("220 ready") : undefined;
      },
    });
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.durationMs).toBeLessThanOrEqual(15_000);
  });
});
