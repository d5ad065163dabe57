import { describe, expect, test } from "vitest";
import type { Network } from "../../src/system/ports.ts";
import { activeOf, credentials, passiveOf, recordsOf, SERVER, SERVER6, sent, stage, workingModes } from "./stage.ts";

describe("a healthy server", () => {
  test("moves bytes in all four modes over two sessions with one login each, and is told QUIT", async () => {
    const { probe, simulator } = stage();
    const server = await simulator();
    const evidence = await probe();
    expect(workingModes(evidence)).toEqual(expect.arrayContaining(["epsv", "pasv", "eprt", "port"]));
    expect(evidence.sessions).toHaveLength(2);
    expect(server.connections).toBe(2);
    expect(recordsOf(evidence, "login").map(({ result }) => result)).toEqual(["logged-in", "logged-in"]);
    for (const session of [0, 1]) expect(sent(evidence, session).at(-1)).toBe("QUIT");
    expect(evidence.sessions.map(({ ended }) => ended)).toEqual(["ok", "ok"]);
    expect(evidence).toMatchObject({ complete: true, target: { host: SERVER, user: null } });
    expect(evidence.durationMs).toBeLessThan(200);
  });

  test("is asked no command twice, nor one that betrays us", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe();
    expect(sent(evidence, 0)).toEqual([
      ...["FEAT", "USER anonymous", "PASS [secret]", "SYST"],
      ...["EPSV", "LIST", "PASV", "LIST", "QUIT"],
    ]);
    expect(sent(evidence, 1).map((line) => line.split(" ")[0])).toEqual([
      ...["USER", "PASS", "EPRT", "LIST", "PORT", "LIST", "QUIT"],
    ]);
  });

  test("needs one session where only one kind of mode is tried", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe({ modes: ["pasv"] });
    expect(workingModes(evidence)).toEqual(["pasv"]);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("is probed over one session where only one is allowed", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe({ maxSessions: 1 });
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("is probed with one login where only one is allowed", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe({ maxLogins: 1 });
    expect(workingModes(evidence)).toHaveLength(4);
    expect(recordsOf(evidence, "login")).toHaveLength(1);
  });

  test("is logged in to with an account, and the directory asked for is entered on every session", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe(credentials(), {}, `ftp://${SERVER}/pub`);
    expect(workingModes(evidence)).toHaveLength(4);
    expect(recordsOf(evidence, "directory").map(({ exchange }) => exchange.command)).toEqual(["CWD pub", "CWD pub"]);
    expect(sent(evidence)).toContain("USER kunde7");
    expect(sent(evidence)).toContain("PASS [secret]");
  });
});

describe("over IPv6", () => {
  test("EPSV and EPRT work, PASV and PORT are not applicable", async () => {
    const { probe, simulator } = stage();
    await simulator([], { host: SERVER6 });
    const evidence = await probe({}, {}, `[${SERVER6}]`);
    expect(workingModes(evidence)).toEqual(expect.arrayContaining(["epsv", "eprt"]));
    for (const record of [passiveOf(evidence, "pasv"), activeOf(evidence, "port")]) {
      expect(record).toMatchObject({ status: "skipped", session: null, family: "ipv6" });
      expect(record.note).toMatch(/^not applicable/);
    }
    expect(evidence.sessions).toHaveLength(2);
    expect(passiveOf(evidence, "epsv").offer?.advertised?.address).toBe(SERVER6);
    expect(sent(evidence, 1).find((line) => line.startsWith("EPRT"))).toMatch(/^EPRT \|2\|2001:db8::10\|\d+\|$/);
  });

  test("a name with both families is probed at each address", async () => {
    const { probe, simulator, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER], ipv6: [SERVER6] });
    await simulator();
    await simulator([], { host: SERVER6 });
    const evidence = await probe({}, {}, "ftp.example.com");
    expect(workingModes(evidence)).toHaveLength(6);
    expect(evidence.sessions).toHaveLength(4);
  });

  test("an address given in capitals is the same as the one that answers", async () => {
    const { probe, simulator } = stage();
    await simulator([], { host: SERVER6 });
    const resolve = { "ftp.example.com": ["2001:DB8:0::5"] };
    const evidence = await probe({ resolve }, {}, "ftp.example.com");
    expect(workingModes(evidence)).toEqual(expect.arrayContaining(["epsv", "eprt"]));
  });
});

describe("names", () => {
  test("a silent resolver of one family does not hold up the other", async () => {
    const { probe, simulator, world, client, clock } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER] });
    await simulator();
    const network: Network = {
      ...client.network,
      async resolve(host, family, signal) {
        if (family === "ipv6") await clock.sleep(60_000, signal);
        return client.network.resolve(host, family, signal);
      },
    };
    const evidence = await probe({}, {}, "ftp.example.com", { ...client.machine, network });
    expect(workingModes(evidence)).toHaveLength(4);
    expect(recordsOf(evidence, "resolve").map(({ outcome }) => outcome)).toEqual(["ok", "timed-out"]);
    expect(recordsOf(evidence, "passive")[0]?.startedMs).toBeLessThan(100);
  });

  test("a name that nobody knows ends the run at once", async () => {
    const { probe } = stage();
    const evidence = await probe({}, {}, "nowhere.example");
    expect(recordsOf(evidence, "resolve").map(({ outcome }) => outcome)).toEqual(["not-found", "not-found"]);
    expect(evidence.sessions).toEqual([]);
  });
});
