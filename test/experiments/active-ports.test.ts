import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import { render } from "../../src/reporters/render.ts";
import { runOf } from "../support/report.ts";
import { saying } from "./scripted-server.ts";
import { credentials, recordsOf, stage } from "./stage.ts";

/** As the command line asks for it, which tries no mode beside. */
const OPTIONS = { calledAt: { from: 51_000, to: 51_007 }, maxLogins: 40, modes: ["epsv" as const, "pasv" as const] };

describe("our own ports, called by the server", () => {
  test("all of them work where nothing stands in between, on one session, and no mode is tried beside", async () => {
    const { probe, simulator } = stage();
    const server = await simulator();
    const evidence = await probe(OPTIONS);
    expect(server.connections).toBe(1);
    expect(recordsOf(evidence, "passive")).toEqual([]);
    const report = diagnose(evidence);
    expect(report.verdict).toBe("healthy");
    expect(report.findings).toEqual([]);
    expect(report.ports.active).toMatchObject([
      {
        from: 51_000,
        to: 51_007,
        everyPort: true,
        counts: { works: 8 },
        intervals: [{ from: 51_000, to: 51_007, state: "works" }],
      },
    ]);
  });

  test("a firewall that lets a part in shows as intervals, and costs a session for each port that it stops", async () => {
    const { probe, simulator, world } = stage();
    const server = await simulator();
    world.rule({ to: "client", ports: [51_004, 51_007], action: "drop" });
    const report = diagnose(await probe(OPTIONS));
    expect(report.verdict).toBe("degraded");
    expect(report.ports.active?.[0]?.intervals).toMatchObject([
      { from: 51_000, to: 51_003, state: "works" },
      { from: 51_004, to: 51_007, state: "blocked" },
    ]);
    expect(report.summary).toContain("can call 51000-51003; no call arrived at 51004-51007");
    expect(report.findings).toMatchObject([
      {
        id: "port-client-firewall",
        severity: "warning",
        at: "client-firewall",
        args: { called: ["51000-51003"], uncalled: ["51004-51007"] },
        evidence: ["active-ports-1"],
      },
    ]);
    expect(report.findings[0]?.summary).toContain(
      "can call this machine's ports 51000-51003, and no call arrives at 51004-51007",
    );
    expect(server.connections).toBeLessThanOrEqual(5);
    const text = await render(runOf(report), "table", { color: false });
    expect(text).toMatch(/51000-51003 +works +the server called/);
    expect(text).toMatch(/51004-51007 +blocked +accepted \(200\)/);
  });

  test("all stopped is broken", async () => {
    const { probe, simulator, world } = stage();
    await simulator();
    world.rule({ to: "client", action: "drop" });
    const report = diagnose(await probe(OPTIONS));
    expect(report.verdict).toBe("broken");
    expect(report.ports.active?.[0]).toMatchObject({ counts: { blocked: 8 }, fromPort20: null });
    expect(report.findings).toMatchObject([{ id: "port-client-firewall", severity: "error", args: { called: [] } }]);
    expect(report.findings[0]?.rivals.map(({ cause }) => cause)).toEqual(["port-server-egress-blocked"]);
  });

  test("of many ports that nobody calls five sessions find the border, and the rest is said to be untried", async () => {
    const { probe, simulator, world } = stage();
    const server = await simulator();
    world.rule({ to: "client", ports: [51_060, 52_000], action: "drop" });
    const evidence = await probe({ ...OPTIONS, calledAt: { from: 51_000, to: 51_100 }, maxLogins: 5 });
    expect(server.connections).toBeLessThanOrEqual(5);
    const [record] = recordsOf(evidence, "active-ports");
    const silent = record?.trials.filter(({ accept }) => accept === "timed-out").map(({ port }) => port) ?? [];
    // The first of the 32 ports of the plan that is behind the border, and the last before it.
    expect(Math.min(...silent)).toBe(51_061);
    expect(Math.max(...(record?.trials ?? []).map(({ port, accept }) => (accept === "connected" ? port : 0)))).toBe(
      51_058,
    );
    const report = diagnose(evidence);
    expect(report.verdict).toBe("degraded");
    const [reach] = report.ports.active ?? [];
    expect(reach).toMatchObject({ everyPort: false, loginsWanted: expect.any(Number) });
    expect(reach?.counts.untried).toBeGreaterThan(0);
    expect(report.summary).toMatch(/no call arrived at 51061-51100 \(\d tried\)/);
    const text = (await render(runOf(report), "table", { color: false, width: 100 })).replaceAll(/\s+/g, " ");
    expect(text).toContain("It changes somewhere between 51058 and 51061: the ports between were not tried.");
    expect(text).toMatch(/Not tried: \d+\. A port that no call reaches costs a control connection and a login/);
    expect(text).toMatch(/ftp-doctor ports \S+ --active-ports 51000-51100 --max-logins \d+/);
  });

  test("where nobody is called at all five sessions tell that it is broken", async () => {
    const { probe, simulator, world } = stage();
    const server = await simulator();
    world.rule({ to: "client", action: "drop" });
    const report = diagnose(await probe({ ...OPTIONS, calledAt: { from: 51_000, to: 51_100 }, maxLogins: 5 }));
    expect(server.connections).toBe(5);
    expect(report.verdict).toBe("broken");
    expect(report.summary).toContain("of which 5 were tried");
    expect(report.summary).toMatch(/can call none; no call arrived at 51000-51100 \(5 tried\)/);
  });

  test("a server that gives up at once may be busy with an earlier call to the same port", async () => {
    const { probe, scripted } = stage();
    await scripted({
      PORT: saying("200 PORT command successful."),
      LIST: saying("425 Failed to establish connection."),
      NLST: saying("425 Failed to establish connection."),
    });
    const report = diagnose(await probe(OPTIONS));
    expect(report.ports.active?.[0]?.intervals).toMatchObject([
      { state: "blocked", gaveUpAtOnce: true, said: "425 Failed to establish connection." },
    ]);
    expect(report.summary).toContain("it gave up calling 51000-51007 at once");
    expect(report.findings[0]?.confidence).toBe("possible");
    expect(report.findings[0]?.rivals[0]?.toTellApart).toMatch(/^Wait two minutes/);
    const text = (await render(runOf(report), "table", { color: false, width: 100 })).replaceAll(/\s+/g, " ");
    expect(text).toContain('gave up at once: "425 Failed to establish connection."');
    expect(text).toContain("wait two minutes, then run it again");
    expect(report.next[0]).toMatchObject({
      command: "ftp-doctor ports 203.0.113.5 --active-ports 51000-51007",
      tells: expect.stringMatching(/^In two minutes/),
    });
  });

  test("ports below 1024 that the server refuses are a finding with its words", async () => {
    const { probe, scripted } = stage();
    await scripted({ PORT: saying("500 Illegal PORT command.") });
    const report = diagnose(await probe({ ...OPTIONS, calledAt: { from: 1_000, to: 1_003 } }));
    expect(report.verdict).toBe("broken");
    expect(report.findings.map(({ id }) => id)).toEqual(["port-low-port-refused"]);
    const text = (await render(runOf(report), "table", { color: false, width: 100 })).replaceAll(/\s+/g, " ");
    expect(text).toContain('the server refused the command: "500 Illegal PORT command."');
    expect(report.findings[0]?.summary).toContain("it calls no ports below 1024");
  });

  test("of a large range so many are tried as are asked for, its ends among them", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe({ calledAt: { from: 50_000, to: 60_000 }, samples: 5 });
    const [record] = recordsOf(evidence, "active-ports");
    expect(record?.trials.map(({ port }) => port)).toEqual([50_000, 52_500, 55_000, 57_500, 60_000]);
    expect(diagnose(evidence).ports.active?.[0]).toMatchObject({ everyPort: false, counts: { works: 5, untried: 0 } });
  });

  test("a server that refuses PORT calls nobody", async () => {
    const { probe, scripted } = stage();
    await scripted({ PORT: saying("500 Illegal PORT command.") });
    const report = diagnose(await probe(OPTIONS));
    expect(report.verdict).toBe("broken");
    // Why, its words leave open: this machine named its own public address.
    expect(report.findings.map(({ id, severity }) => [id, severity])).toEqual([["mode-unexplained", "error"]]);
    expect(report.ports.active?.[0]?.counts).toMatchObject({ refused: 8, blocked: 0 });
  });

  test("a port that something else listens on here is busy, and no fault of the server", async () => {
    const { probe, simulator, client } = stage();
    await simulator();
    const taken = await client.network.listen({ address: "198.51.100.10", port: 51_002 });
    const report = diagnose(await probe(OPTIONS));
    if (taken.ok) taken.listener.close();
    expect(report.verdict).toBe("healthy");
    expect(report.ports.active?.[0]?.counts).toMatchObject({ works: 7, busy: 1 });
  });

  test("ends with the logins that are allowed, and says what was not tried", async () => {
    const { probe, simulator, world } = stage();
    await simulator();
    world.rule({ to: "client", action: "drop" });
    const report = diagnose(await probe({ ...OPTIONS, maxLogins: 2 }));
    expect(report.verdict).toBe("undetermined");
    expect(report.ports.active?.[0]?.counts).toMatchObject({ blocked: 2, untried: 6 });
  });

  test("cannot be told behind a refused login, which is tried once", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ PASS: saying("530 Login incorrect") });
    const report = diagnose(await probe({ ...OPTIONS, ...credentials() }));
    expect(report.verdict).toBe("undetermined");
    expect(report.ports.active).toBeUndefined();
    expect(server.commands).toHaveLength(1);
  });
});

test("a session that was opened is given back where the run is stopped before the first port is tried", async () => {
  const { probe, scripted } = stage();
  const stop = new AbortController();
  await scripted({
    SYST: (talk) => {
      stop.abort();
      return talk.say("215 UNIX Type: L8");
    },
  });
  const evidence = await probe(OPTIONS, { signal: stop.signal });
  expect(evidence.complete).toBe(false);
  expect(recordsOf(evidence, "active-ports").every(({ trials }) => trials.length === 0)).toBe(true);
  // That nothing is left open is looked at behind every test.
});
