import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import { type Act, type ServerScript, saying } from "./scripted-server.ts";
import { credentials, recordsOf, SERVER, stage } from "./stage.ts";

/** Where a server can go wrong in a run with an account and a path, QUIT included. */
const POINTS = [
  ...["greeting", "FEAT", "AUTH", "USER", "PASS", "CWD", "SYST"],
  ...["EPSV", "PASV", "EPRT", "PORT", "LIST", "QUIT"],
];

const closing: Act = (talk) => talk.close();
/** What goes wrong there, and how long a run may then take at most. */
const DEEDS: Record<string, { act: Act; withinMs: number }> = {
  "the connection ends": { act: closing, withinMs: 4_000 },
  "the connection is reset": { act: (talk) => talk.close({ reset: true }), withinMs: 4_000 },
  "421 and the end": {
    act: async (talk) => {
      await talk.say("421 Too many of you");
      talk.close();
    },
    withinMs: 4_000,
  },
  "421 and nothing more": { act: saying("421 Too many of you"), withinMs: 4_000 },
  "500 and the end": {
    act: async (talk) => {
      await talk.say("500 OOPS: child died");
      talk.close();
    },
    withinMs: 4_000,
  },
  "half a reply and the end": {
    act: async (talk) => {
      await talk.send("2");
      await talk.wait(5);
      await talk.send("20 half of a re");
      talk.close();
    },
    withinMs: 4_000,
  },
  "half a reply and silence": { act: (talk) => talk.send("220-half of a re"), withinMs: 45_000 },
  silence: { act: () => {}, withinMs: 45_000 },
  "an endless line": { act: (talk) => flood(talk, "x"), withinMs: 8_000 },
  "an endless reply": { act: (talk) => flood(talk, "220-and another line\r\n"), withinMs: 8_000 },
  "endless replies": { act: (talk) => flood(talk, "220 and another reply\r\n"), withinMs: 8_000 },
  "endless promises": { act: (talk) => flood(talk, "150 soon\r\n"), withinMs: 45_000 },
  "endless blank lines": { act: (talk) => flood(talk, "\r\n"), withinMs: 8_000 },
  "endless NULs": { act: (talk) => flood(talk, "\0"), withinMs: 8_000 },
  "NULs and escapes in a reply": { act: saying("200 \0\0\x1b[31m\x07 \xff\xfe"), withinMs: 25_000 },
  "text without a code": { act: saying("Hello there"), withinMs: 45_000 },
  "three replies in one packet": { act: saying("200 one", "200 two", "200 three"), withinMs: 25_000 },
};

const flood: (talk: Parameters<Act>[0], text: string) => Promise<void> = async (talk, text) => {
  const piece = Buffer.from(text.repeat(Math.ceil(16_384 / text.length)), "latin1");
  while ((await talk.connection.write(piece)) === null);
};

/** A server with an account and a path, where FEAT tells nothing of TLS so that AUTH is asked. */
const base: ServerScript = { FEAT: saying("500 FEAT not understood") };

describe.each(Object.entries(DEEDS))("%s", (_name, { act, withinMs }) => {
  test.each(POINTS)("at %s ends the run in order", async (point) => {
    const { probe, scripted } = stage();
    const server = await scripted({ ...base, [point]: act });
    // The stage's checks hold: nothing crashed, every session ended, every exchange has an outcome.
    const evidence = await probe(credentials(), {}, `ftp://${SERVER}/pub`);
    expect(evidence.complete).toBe(true);
    expect(evidence.durationMs).toBeLessThan(withinMs);
    expect(server.commands.length).toBeLessThanOrEqual(6);
    expect(recordsOf(evidence, "login").filter(({ exchanges }) => exchanges.length > 0).length).toBeLessThanOrEqual(5);
    expect(JSON.stringify(evidence).length).toBeLessThan(400_000);
    expectNothingLeftOut(evidence);
  });
});

/** Where somebody logged in, every mode has a record that says what became of it. */
function expectNothingLeftOut(evidence: Evidence): void {
  if (!recordsOf(evidence, "login").some(({ result }) => result === "logged-in")) return;
  const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
  if (attempts.length === 0) {
    // The session was lost between login and the modes, and no other could be had.
    expect(evidence.sessions.length).toBeGreaterThan(0);
    return;
  }
  expect(attempts.map(({ mode }) => mode).sort()).toEqual(["eprt", "epsv", "pasv", "port"]);
  for (const record of attempts) {
    if (record.status === "skipped") expect(record.note).toEqual(expect.any(String));
    else expect(record.session).not.toBeNull();
  }
}

describe("a question the run can do without", () => {
  test.each(["SYST", "CWD"])("that ends the session (%s) is not asked again, and all modes are tried", async (verb) => {
    const { probe, scripted } = stage();
    const server = await scripted({ [verb]: closing });
    const evidence = await probe({}, {}, `ftp://${SERVER}/pub`);
    expect(server.commands.flat().filter((line) => line.startsWith(verb))).toHaveLength(1);
    expect(server.commands.length).toBeLessThanOrEqual(3);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    expect(attempts.map(({ transfer }) => transfer?.dataOutcome)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test.each([
    ["ends the session", closing],
    ["is never answered", () => {}],
  ] as const)("FEAT that %s is not asked again where the login may go in clear", async (_what, act) => {
    const { probe, scripted } = stage();
    const server = await scripted({ FEAT: act });
    const evidence = await probe();
    expect(server.commands.flat().filter((line) => line === "FEAT")).toHaveLength(1);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    expect(attempts.map(({ transfer }) => transfer?.dataOutcome)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(evidence.durationMs).toBeLessThan(12_000);
  });
});

describe("a mode that ends its session", () => {
  test("leaves the others to another session", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ EPSV: closing });
    const evidence = await probe();
    const working = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")].filter(
      ({ transfer }) => transfer?.dataOutcome === "ok",
    );
    expect(working.map(({ mode }) => mode).sort()).toEqual(["eprt", "pasv", "port"]);
    expect(server.commands).toHaveLength(3);
  });
});

describe("a server that says no and hangs up", () => {
  const refusing: Act = async (talk) => {
    await talk.say("500 OOPS: child died");
    talk.close();
  };

  test.each(["FEAT", "AUTH", "CWD", "SYST"])("at %s does not spoil the modes", async (verb) => {
    const { probe, scripted } = stage();
    const server = await scripted({ ...base, [verb]: refusing });
    const evidence = await probe(credentials(), {}, `ftp://${SERVER}/pub`);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    const expected = verb === "FEAT" ? [] : ["ok", "ok", "ok", "ok"];
    expect(attempts.map(({ transfer }) => transfer?.dataOutcome)).toEqual(expected);
    expect(server.commands.length).toBeLessThanOrEqual(3);
  });

  test.each(["EPSV", "EPRT", "LIST"])("at %s is not told of the mode behind it", async (verb) => {
    const { probe, scripted } = stage();
    await scripted({ [verb]: refusing });
    const evidence = await probe();
    const commands = [
      ...recordsOf(evidence, "passive").map(({ offer }) => offer?.exchange),
      ...recordsOf(evidence, "active").map(({ exchange }) => exchange),
    ];
    expect(commands.map((exchange) => exchange?.outcome)).toEqual(["ok", "ok", "ok", "ok"]);
  });
});

describe("421", () => {
  test("to a second connection is not knocked at again", async () => {
    const { probe, simulator } = stage();
    const server = await simulator("connection-limit=1");
    const evidence = await probe();
    expect(server.connections).toBe(2);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    expect(attempts.map(({ transfer }) => transfer?.dataOutcome)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(new Set(attempts.map(({ session }) => session)).size).toBe(1);
  });

  test("to one command leaves one session at a time", async () => {
    const { probe, scripted } = stage();
    let open = 0;
    let most = 0;
    const server = await scripted({
      EPSV: async (talk) => {
        await talk.say("421 Service not available");
        talk.close();
        open -= 1;
      },
      greeting: async (talk) => {
        open += 1;
        if (talk.ordinal > 2) most = Math.max(most, open);
        await talk.say("220 ready");
      },
      QUIT: async (talk) => {
        await talk.say("221 Bye");
        talk.close();
        open -= 1;
      },
    });
    const evidence = await probe();
    expect(server.commands.length).toBeLessThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(1);
    expect(recordsOf(evidence, "passive")[1]?.transfer?.dataOutcome).toBe("ok");
  });

  test("twice ends all opening", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ EPSV: saying("421 No"), PASV: saying("421 No"), EPRT: saying("421 No") });
    const evidence = await probe();
    expect(server.commands.length).toBeLessThanOrEqual(3);
    expect(recordsOf(evidence, "active").at(-1)?.status).toBe("skipped");
  });

  test("as the greeting ends the run after one connection", async () => {
    const { probe, simulator } = stage();
    const server = await simulator("too-many-clients");
    const evidence = await probe();
    expect(server.connections).toBe(1);
    expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({ outcome: "ok", reply: { code: 421 } });
  });
});
