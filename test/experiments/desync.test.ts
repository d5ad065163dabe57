import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import { saying } from "./scripted-server.ts";
import { eachOf, passiveOf, recordsOf, stage, workingModes } from "./stage.ts";

function unexpected(evidence: Evidence): string[] {
  return evidence.sessions.flatMap((session) => session.unexpected.map(({ lines }) => lines[0] ?? ""));
}

describe("a conversation out of step is taken up again", () => {
  test("a greeting of three complete lines in one packet", async () => {
    const { probe, scripted } = stage();
    await scripted({ greeting: saying("220 Welcome", "220 to this server", "220 please log in") });
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(unexpected(evidence)).toEqual([
      ...["220 to this server", "220 please log in"],
      ...["220 to this server", "220 please log in"],
    ]);
    for (const session of evidence.sessions) {
      for (const { oddities } of session.unexpected) expect(oddities).toEqual(["early"]);
    }
    expect(recordsOf(evidence, "control")[0]?.greeting?.reply?.lines).toEqual(["220 Welcome"]);
  });

  test.each([5, 40, 120])("a greeting of three complete lines, %i ms apart", async (apart) => {
    const { probe, scripted } = stage();
    await scripted({
      greeting: async (talk) => {
        for (const line of ["220 Welcome", "220 to this server", "220 please log in"]) {
          await talk.say(line);
          await talk.wait(apart);
        }
      },
    });
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.sessions).toHaveLength(2);
    expect(unexpected(evidence)).toHaveLength(4);
  });

  test("on a slow way too, where the real answer comes long after the stray one", async () => {
    const { probe, scripted, world } = stage();
    world.latency(600);
    await scripted({
      greeting: async (talk) => {
        await talk.say("220 Welcome");
        await talk.wait(10);
        await talk.say("220 to this server");
      },
    });
    const evidence = await probe({ modes: ["epsv"] });
    expect(workingModes(evidence)).toEqual(["epsv"]);
    expect(evidence.sessions).toHaveLength(1);
    expect(unexpected(evidence)).toEqual(["220 to this server"]);
  });

  test("an unasked reply behind the login", async () => {
    const { probe, simulator } = stage();
    await simulator("off-by-one");
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(unexpected(evidence).length).toBeGreaterThan(0);
  });

  test("every final reply sent twice", async () => {
    const { probe, simulator } = stage();
    await simulator("extra-replies");
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.sessions).toHaveLength(2);
    expect(unexpected(evidence).length).toBeGreaterThan(4);
  });

  test("every final reply sent twice, the second one a little later", async () => {
    const { probe, scripted } = stage();
    const twice = (text: string) => async (talk: Parameters<ReturnType<typeof saying>>[0]) => {
      await talk.say(text);
      await talk.wait(30);
      await talk.say(text);
    };
    await scripted({ PORT: twice("200 PORT ok"), EPRT: twice("200 EPRT ok"), SYST: twice("215 UNIX") });
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    // The stray 200 is no answer to LIST.
    for (const { transfer } of eachOf(evidence, "active")) {
      expect(transfer?.exchange.replies.map(({ code }) => code)).toEqual([150, 226]);
    }
  });

  test("226 before 150", async () => {
    const { probe, simulator } = stage();
    await simulator("closing-reply-first");
    const evidence = await probe();
    expect(unexpected(evidence).filter((line) => line.startsWith("150")).length).toBeGreaterThan(0);
    expect(evidence.sessions).toHaveLength(2);
  });

  test("a stray reply followed by half of another one, slowly", async () => {
    const { probe, scripted } = stage();
    await scripted({
      SYST: async (talk) => {
        await talk.say("226 What was that");
        await talk.send("215 UN");
        await talk.wait(2_000);
        await talk.say("IX");
      },
    });
    const evidence = await probe();
    expect(recordsOf(evidence, "identify")[0]?.syst).toMatchObject({
      outcome: "ok",
      replies: [{ code: 215, lines: ["215 UNIX"] }],
    });
    expect(evidence.sessions).toHaveLength(2);
  });
});

describe("where only a stray reply comes", () => {
  test("it is a protocol error after a moment, and another session goes on", async () => {
    const { probe, scripted } = stage();
    await scripted({ EPSV: saying("150 Here it comes") });
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    expect(passiveOf(evidence, "epsv").offer?.exchange).toMatchObject({ outcome: "protocol-error", replies: [] });
    expect(passiveOf(evidence, "epsv").durationMs).toBeLessThan(500);
    expect(workingModes(evidence)).toEqual(["pasv"]);
    expect(evidence.sessions).toHaveLength(2);
  });

  test("and the end, it is the end", async () => {
    const { probe, scripted } = stage();
    await scripted({
      EPSV: async (talk) => {
        await talk.say("221 Goodbye");
        await talk.wait(50);
        talk.close();
      },
    });
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    expect(passiveOf(evidence, "epsv").offer?.exchange.outcome).toBe("closed");
    expect(unexpected(evidence)).toEqual(["221 Goodbye"]);
  });
});

test.each(["split-replies", "lf-only", "no-space-after-code", "long-greeting", "glued-replies"])(
  "%s hinders nobody",
  async (fault) => {
    const { probe, simulator } = stage();
    await simulator(fault);
    const evidence = await probe();
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.sessions).toHaveLength(2);
    expect(unexpected(evidence)).toEqual([]);
  },
);
