import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import { type Act, saying } from "./scripted-server.ts";
import { credentials, recordsOf, SERVER, SERVER6, sent, stage, workingModes } from "./stage.ts";

const FEAT_WITH_TLS = saying("211-Features:", " AUTH TLS", " EPSV", "211 End");

describe("a refused login", () => {
  test.each(["login-refused", "user-refused", "needs-account", "tls-required=vsftpd"])(
    "(%s) is followed by QUIT alone, and by no second one",
    async (fault) => {
      const { probe, simulator } = stage();
      const server = await simulator(fault);
      const evidence = await probe(credentials());
      expect(recordsOf(evidence, "login").map(({ result }) => result)).toEqual(["rejected"]);
      const lines = sent(evidence);
      const last = lines.findLastIndex((line) => /^(USER|PASS)/.test(line));
      expect(lines.slice(last + 1)).toEqual(["QUIT"]);
      expect(server.connections).toBe(1);
      expect([...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")]).toEqual([]);
    },
  );

  test("is made at one of several addresses alone, though they are probed side by side", async () => {
    const { probe, scripted, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER, "203.0.113.6"], ipv6: [SERVER6] });
    const refusing = { PASS: saying("530 Login incorrect.") };
    const servers = await Promise.all([SERVER, "203.0.113.6", SERVER6].map((at) => scripted(refusing, at)));
    const evidence = await probe(credentials(), {}, "ftp.example.com");
    const lines = servers.flatMap(({ commands }) => commands.flat());
    expect(lines.filter((line) => line.startsWith("PASS"))).toHaveLength(1);
    expect(lines.filter((line) => line === "QUIT")).toHaveLength(3);
    const logins = recordsOf(evidence, "login");
    expect(logins.map(({ status }) => status).sort()).toEqual(["done", "skipped", "skipped"]);
    expect(logins.filter(({ status }) => status === "skipped").map(({ note }) => note)).toEqual([
      "the login was rejected on another connection",
      "the login was rejected on another connection",
    ]);
  });

  test("at a slow address is waited for before another one is asked", async () => {
    const { probe, scripted, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER, "203.0.113.6"] });
    await scripted({
      PASS: async (talk) => {
        await talk.wait(9_000);
        await talk.say("530 Login incorrect.");
      },
    });
    const other = await scripted(
      { greeting: async (talk) => talk.wait(50).then(() => talk.say("220 ready")) },
      "203.0.113.6",
    );
    await probe(credentials(), {}, "ftp.example.com");
    expect(other.commands.flat().filter((line) => /^(USER|PASS)/.test(line))).toEqual([]);
  });

  test("behind one that succeeded shuts the door as well", async () => {
    const { probe, scripted, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER, "203.0.113.6"] });
    const good = await scripted({ SYST: async (talk) => talk.wait(500).then(() => talk.say("215 UNIX")) });
    await scripted({ PASS: saying("530 Login incorrect."), greeting: slowly(20, "220 ready") }, "203.0.113.6");
    const evidence = await probe(credentials(), {}, "ftp.example.com");
    expect(good.commands.flat().filter((line) => line.startsWith("PASS"))).toHaveLength(1);
    // The session that could log in carries all modes.
    expect(workingModes(evidence)).toHaveLength(4);
  });

  test("on a second session leaves the modes to the first", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({
      PASS: (talk) => talk.say(talk.ordinal === 1 ? "230 Welcome" : "530 Only one login per user"),
    });
    const evidence = await probe(credentials());
    expect(server.commands).toHaveLength(2);
    expect(server.commands[1]?.at(-1)).toBe("QUIT");
    expect(workingModes(evidence)).toHaveLength(4);
  });
});

const slowly =
  (ms: number, ...lines: string[]): Act =>
  (talk) =>
    talk.wait(ms).then(() => talk.say(...lines));

describe("real credentials", () => {
  test("are withheld where FEAT offers TLS and AUTH is refused: not even the name is sent", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    const evidence = await probe(credentials());
    expect(server.commands).toEqual([["FEAT", "AUTH TLS", "QUIT"]]);
    const [login] = recordsOf(evidence, "login");
    expect(login).toMatchObject({ status: "done", result: "withheld", exchanges: [] });
    expect(login?.note).toContain("--allow-cleartext");
  });

  test("are withheld at every address once they were at one", async () => {
    const { probe, scripted, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER, "203.0.113.6"] });
    await scripted({ FEAT: FEAT_WITH_TLS });
    const other = await scripted({ greeting: slowly(50, "220 ready") }, "203.0.113.6");
    await probe(credentials(), {}, "ftp.example.com");
    expect(other.commands.flat().filter((line) => /^(USER|PASS)/.test(line))).toEqual([]);
  });

  test("are withheld under --security none as well", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    await probe({ ...credentials(), security: "none" });
    expect(server.commands).toEqual([["FEAT", "QUIT"]]);
  });

  test.each(["234 Proceed with negotiation.", "200 AUTH command ok", "334 ADAT=", "220 Begin"])(
    "are withheld under --security none where FEAT is refused and AUTH is answered %s",
    async (answer) => {
      const { probe, scripted } = stage();
      const server = await scripted({ FEAT: saying("500 What?"), AUTH: saying(answer) });
      const evidence = await probe({ ...credentials(), security: "none" });
      expect(server.commands).toEqual([["FEAT", "AUTH TLS"]]);
      expect(recordsOf(evidence, "login")[0]?.result).toBe("withheld");
      expect(recordsOf(evidence, "identify")[0]).toMatchObject({ features: null, authOffered: true });
    },
  );

  test("are withheld under --security none where FEAT lists no AUTH and AUTH is taken all the same", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: saying("211-Features:", " EPSV", "211 End"), AUTH: saying("234 Begin") });
    const evidence = await probe({ ...credentials(), security: "none" });
    expect(server.commands).toEqual([["FEAT", "AUTH TLS"]]);
    expect(recordsOf(evidence, "login")[0]?.result).toBe("withheld");
  });

  test("are withheld under --security none where FEAT is refused and AUTH SSL is taken in place of AUTH TLS", async () => {
    const { probe, scripted } = stage();
    const AUTH: Act = (talk, mechanism) => talk.say(mechanism === "SSL" ? "234 Begin" : "504 Not this one");
    const server = await scripted({ FEAT: saying("500 What?"), AUTH });
    const evidence = await probe({ ...credentials(), security: "none" });
    expect(server.commands).toEqual([["FEAT", "AUTH TLS", "AUTH SSL"]]);
    expect(recordsOf(evidence, "login")[0]?.result).toBe("withheld");
  });

  test.each(["500 What?", "502 Not implemented", "534 TLS is off", "431 No certificate"])(
    "go where FEAT is refused and AUTH is answered %s",
    async (answer) => {
      const { probe, scripted } = stage();
      const server = await scripted({ FEAT: saying("500 What?"), AUTH: saying(answer) });
      const evidence = await probe(credentials());
      expect(server.commands.flat().filter((line) => line === "AUTH TLS")).toHaveLength(1);
      expect(workingModes(evidence)).toHaveLength(4);
    },
  );

  test.each([
    ["FEAT is refused", saying("500 What?")],
    ["FEAT lists no AUTH", saying("211-Features:", " EPSV", "211 End")],
    ["FEAT was cut down to its end", saying("211 End")],
  ])("stay here where %s and AUTH is never answered", async (_, FEAT) => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT, AUTH: () => {} });
    const evidence = await probe(credentials());
    expect(server.commands).toEqual([["FEAT", "AUTH TLS"]]);
    expect(recordsOf(evidence, "login")[0]).toMatchObject({ result: "withheld", exchanges: [] });
  });

  test.each([
    ["ends the session", (talk) => talk.close()],
    ["is never answered", () => {}],
  ] satisfies [string, Act][])("stay here where FEAT %s, and the next step says how to go on", async (_, act) => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: act });
    const evidence = await probe(credentials());
    expect(server.commands).toEqual([["FEAT"]]);
    const [record] = recordsOf(evidence, "login");
    expect(record).toMatchObject({ result: "withheld", exchanges: [] });
    expect(record?.note).toMatch(/not known whether the server offers TLS/);
    const { verdict, next } = diagnose(evidence);
    expect(verdict).toBe("undetermined");
    expect(next.map(({ command }) => command)).toContain(
      `ftp-doctor ${SERVER} --user ${credentials().user} --allow-cleartext`,
    );
    const allowed = await probe({ ...credentials(), allowCleartext: true });
    expect(workingModes(allowed)).toHaveLength(4);
  });

  test("are not withheld but turned away with 421", async () => {
    const { probe, scripted } = stage();
    await scripted({ FEAT: saying("421 Too many users") });
    const evidence = await probe(credentials());
    expect(recordsOf(evidence, "login")[0]).toMatchObject({ result: "failed", note: null, exchanges: [] });
    expect(diagnose(evidence).verdict).toBe("broken");
  });

  test("go in clear with --allow-cleartext where AUTH is refused", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    const evidence = await probe({ ...credentials(), allowCleartext: true });
    expect(server.commands[0]).toContain("PASS Xk9-qu!tz");
    expect(server.commands.flat().filter((line) => line === "AUTH TLS")).toHaveLength(1);
    expect(workingModes(evidence)).toHaveLength(4);
  });

  test("go in clear with --allow-cleartext and --security none, without asking AUTH", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    const evidence = await probe({ ...credentials(), allowCleartext: true, security: "none" });
    expect(server.commands[0]).toContain("PASS Xk9-qu!tz");
    expect(server.commands.flat()).not.toContain("AUTH TLS");
    expect(workingModes(evidence)).toHaveLength(4);
  });

  test("go where the server has no TLS", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({});
    const evidence = await probe(credentials());
    // Not listed, and asked for all the same: a device on the way may have taken it out of the list.
    expect(server.commands[0]).toEqual(expect.arrayContaining(["FEAT", "AUTH TLS", "USER kunde7"]));
    expect(recordsOf(evidence, "identify")[0]).toMatchObject({ authOffered: false, auth: { outcome: "ok" } });
  });
});

describe("an anonymous login", () => {
  test("may go in clear where TLS is offered", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    expect(workingModes(await probe())).toHaveLength(4);
    expect(server.commands[0]).toContain("USER anonymous");
    expect(server.commands[0]).toContain("PASS ftp-doctor@");
  });

  test.each(["ftp", "anonymous", "Anonymous"])("is meant by the user %s without a password", async (user) => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: FEAT_WITH_TLS });
    const evidence = await probe({ user });
    expect(server.commands[0]).toContain("USER anonymous");
    expect(evidence).toMatchObject({ target: { user: null }, policy: { credentials: "anonymous" } });
  });

  test("needs no password where USER is answered 230", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ USER: saying("230 Come in") });
    expect(workingModes(await probe())).toHaveLength(4);
    expect(server.commands[0]?.some((line) => line.startsWith("PASS"))).toBe(false);
  });
});

test("a user without a password sends an empty one, not the anonymous custom", async () => {
  const { probe, scripted } = stage();
  const server = await scripted({});
  await probe({ user: "bob" });
  expect(server.commands[0]).toContain("PASS ");
});

test("FEAT refused before the login is asked again behind it", async () => {
  const { probe, scripted } = stage();
  let asked = 0;
  await scripted({
    FEAT: (talk) => {
      asked += 1;
      return asked === 1
        ? talk.say("530 Please login with USER and PASS.")
        : talk.say("211-Features:", " MLSD", "211 End");
    },
  });
  const [identify] = recordsOf(await probe(), "identify");
  expect(identify).toMatchObject({ features: ["MLSD"], authOffered: false, syst: { outcome: "ok" } });
});

test("FEAT that is not known is not asked again behind the login", async () => {
  const { probe, scripted } = stage();
  const server = await scripted({ FEAT: saying("502 Command not implemented") });
  await probe({ modes: ["epsv"] });
  expect(server.commands.flat().filter((line) => line === "FEAT")).toHaveLength(1);
});
