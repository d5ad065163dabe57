import { describe, expect, test } from "vitest";
import { diagnose } from "../../src/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import type { Mode } from "../../src/model/mode.ts";
import { LISTING, type ServerScript } from "./scripted-server.ts";
import { eachOf, passiveOf, recordsOf, stage, worked, workingModes } from "./stage.ts";

async function listed(LIST: ServerScript[string], modes: Mode[] = ["epsv"]): Promise<Evidence> {
  const { probe, scripted } = stage();
  await scripted(LIST === undefined ? {} : { LIST });
  return probe({ modes });
}

describe("a listing", () => {
  test("with 150, data and 226", async () => {
    const record = passiveOf(await listed(undefined), "epsv");
    expect(record.transfer).toMatchObject({
      exchange: { command: "LIST", outcome: "ok", replies: [{ code: 150 }, { code: 226 }] },
      dataOutcome: "ok",
      bytes: LISTING.length,
      sample: LISTING,
    });
    const events = record.timeline.map(({ what, text }) => `${what} ${text.split(" ")[0]}`);
    expect(events.slice(0, 2)).toEqual(["command EPSV", "reply 229"]);
    expect(events.filter((event) => /^(command|reply)/.test(event))).toEqual([
      ...["command EPSV", "reply 229", "command LIST", "reply 150", "reply 226"],
    ]);
  });

  test("with 150 and 226 in one packet behind the data", async () => {
    const { probe, simulator } = stage();
    await simulator("glued-replies");
    expect(workingModes(await probe())).toHaveLength(4);
  });

  test("without the 150", async () => {
    const evidence = await listed(async (talk) => {
      const data = await talk.data();
      await data.write(Buffer.from(LISTING));
      data.close();
      await talk.say("226 Done");
    });
    expect(passiveOf(evidence, "epsv").transfer?.exchange.replies.map(({ code }) => code)).toEqual([226]);
    expect(worked(passiveOf(evidence, "epsv"))).toBe(true);
  });

  test("whose 226 comes before the data ends", async () => {
    const evidence = await listed(
      async (talk) => {
        const data = await talk.data();
        await talk.say("150 Here it comes", "226 Done");
        await talk.wait(2_000);
        await data.write(Buffer.from(LISTING));
        data.close();
      },
      ["epsv", "pasv"],
    );
    expect(workingModes(evidence)).toEqual(["epsv", "pasv"]);
    expect(passiveOf(evidence, "epsv").transfer?.bytes).toBe(LISTING.length);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("that is empty and ends well", async () => {
    const { probe, simulator } = stage();
    await simulator("empty-listing");
    const record = passiveOf(await probe({ modes: ["epsv"] }), "epsv");
    expect(record.transfer).toMatchObject({ bytes: 0, firstByteMs: null, dataOutcome: "ok" });
  });

  test("of which nothing comes behind 150 costs little more than one limit per mode, and the session", async () => {
    const { probe, simulator } = stage();
    await simulator("no-data");
    const evidence = await probe();
    for (const record of eachOf(evidence, "passive")) {
      expect(record.transfer).toMatchObject({
        exchange: { outcome: "timed-out", replies: [{ code: 150 }] },
        dataOutcome: "timed-out",
        bytes: 0,
      });
      expect(record.durationMs).toBeLessThan(11_000);
    }
    expect(evidence.durationMs).toBeLessThan(28_000);
    expect(new Set(recordsOf(evidence, "passive").map(({ session }) => session)).size).toBe(2);
    expect(evidence.sessions.length).toBeLessThanOrEqual(6);
  });

  test("of which neither reply nor data come", async () => {
    const { probe, simulator } = stage();
    await simulator("no-data-no-150");
    const evidence = await probe();
    expect(passiveOf(evidence, "epsv").transfer).toMatchObject({
      exchange: { outcome: "timed-out", replies: [] },
      dataOutcome: "timed-out",
    });
    expect(evidence.durationMs).toBeLessThan(28_000);
  });

  test("that stops halfway", async () => {
    const { probe, simulator } = stage();
    await simulator("data-stalls");
    const { transfer } = passiveOf(await probe({ modes: ["epsv"] }), "epsv");
    expect(transfer).toMatchObject({ dataOutcome: "timed-out", exchange: { outcome: "timed-out" } });
    expect(transfer?.bytes).toBeGreaterThan(0);
  });

  test("that is reset midway", async () => {
    const { probe, simulator } = stage();
    await simulator("data-reset");
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    for (const { transfer } of eachOf(evidence, "passive")) {
      expect(transfer).toMatchObject({ dataOutcome: "reset", exchange: { replies: [{ code: 150 }, { code: 426 }] } });
      expect(transfer?.bytes).toBeGreaterThan(0);
    }
    expect(evidence.sessions).toHaveLength(1);
  });

  test("whose closing reply never comes", async () => {
    const { probe, simulator } = stage();
    await simulator("no-closing-reply");
    const evidence = await probe();
    for (const { transfer } of eachOf(evidence, "passive", "active")) {
      expect(transfer).toMatchObject({ dataOutcome: "ok", exchange: { outcome: "timed-out" } });
    }
    expect(evidence.durationMs).toBeLessThan(28_000);
  });

  test("that is refused leaves nobody waiting for data", async () => {
    const evidence = await listed(
      async (talk) => {
        await talk.data();
        await talk.say("550 Permission denied.");
      },
      ["epsv", "pasv"],
    );
    for (const { transfer } of eachOf(evidence, "passive")) {
      expect(transfer).toMatchObject({ dataOutcome: "closed", exchange: { replies: [{ code: 550 }] } });
    }
    expect(evidence.durationMs).toBeLessThan(1_500);
    expect(evidence.sessions).toHaveLength(1);
  });

  test("during which the control connection ends is not called silent", async () => {
    const evidence = await listed(async (talk) => {
      await talk.data();
      await talk.say("150 Here it comes");
      talk.close();
      await talk.hang();
    });
    expect(passiveOf(evidence, "epsv").transfer).toMatchObject({ exchange: { outcome: "closed" } });
    expect(passiveOf(evidence, "epsv").transfer?.dataOutcome).not.toBe("timed-out");
  });

  test("that comes slowly has the limit of a step, and its closing reply the rest of it", async () => {
    const evidence = await listed(async (talk) => {
      const data = await talk.data();
      await talk.say("150 Here it comes");
      await talk.wait(6_000);
      await data.write(Buffer.from(LISTING));
      data.close();
      await talk.wait(3_900);
      await talk.say("226 Done");
    });
    expect(worked(passiveOf(evidence, "epsv"))).toBe(true);
  });

  test("that ends late leaves time for its closing reply", async () => {
    const evidence = await listed(async (talk) => {
      const data = await talk.data();
      await talk.say("150 Here it comes");
      await talk.wait(9_900);
      await data.write(Buffer.from(LISTING));
      data.close();
      await talk.wait(1_900);
      await talk.say("226 Done");
    });
    expect(worked(passiveOf(evidence, "epsv"))).toBe(true);
  });

  test("without end is cut off by its size, long before its time", async () => {
    const { probe, simulator } = stage();
    await simulator("endless-listing");
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    for (const { transfer } of eachOf(evidence, "passive")) {
      expect(transfer?.dataOutcome).toBe("protocol-error");
      expect(transfer?.bytes).toBeLessThan(9 * 1024 * 1024);
      expect(transfer?.sample).toHaveLength(2_048);
    }
    expect(evidence.durationMs).toBeLessThan(5_000);
    expect(JSON.stringify(evidence).length).toBeLessThan(50_000);
  });

  test.each(["226 Done", "426 You hung up"])("without end proves its mode, though the server says %s", async (last) => {
    const evidence = await listed(
      async (talk) => {
        const data = await talk.data();
        await talk.say("150 Here it comes");
        const piece = Buffer.from(LISTING.repeat(500));
        while ((await data.write(piece)) === null);
        await talk.say(last);
      },
      ["epsv", "pasv"],
    );
    expect(diagnose(evidence)).toMatchObject({ verdict: "healthy", findings: [] });
  });

  test.each([
    ["after 150", ["150 Here it comes"], ["426 You left"]],
    ["after 150, and the server has nothing to say of our leaving", ["150 Here it comes"], []],
    ["without 150", [], ["426 You left"]],
    ["without any reply", [], []],
  ])("that drips without end %s is cut off at its limit, and its end was not seen", async (_, before, after) => {
    const evidence = await listed(
      async (talk) => {
        const data = await talk.data();
        await talk.say(...before);
        while ((await data.write(Buffer.from("drip\r\n"))) === null) await talk.wait(1_000);
        await talk.say(...after);
      },
      ["epsv", "pasv", "eprt", "port"],
    );
    for (const { transfer } of eachOf(evidence, "passive", "active")) {
      expect(transfer).toMatchObject({ dataOutcome: "protocol-error", bytes: 60 });
    }
    expect(evidence.durationMs).toBeLessThan(28_000);
    const report = diagnose(evidence);
    expect(report.verdict).toBe("undetermined");
    expect(report.modes.map(({ result, stage, bytes }) => ({ result, stage, bytes }))).toEqual(
      Array(4).fill({ result: "inconclusive", stage: "transfer", bytes: 60 }),
    );
    expect(report.findings).toMatchObject([{ id: "srv-slow-listing", severity: "warning" }]);
    expect(report.summary).toMatch(/^Data from .* moves, .* The listing only drips: 60 bytes in /);
  });

  test("that drips for a while and falls silent proves nothing", async () => {
    const evidence = await listed(
      async (talk) => {
        const data = await talk.data();
        await talk.say("150 Here it comes");
        for (let drop = 0; drop < 4; drop += 1) {
          await data.write(Buffer.from("drip\r\n"));
          await talk.wait(1_000);
        }
        await talk.hang();
      },
      ["epsv", "pasv"],
    );
    for (const { transfer } of eachOf(evidence, "passive")) {
      expect(transfer).toMatchObject({ dataOutcome: "timed-out", bytes: 24 });
    }
    expect(evidence.durationMs).toBeLessThan(28_000);
    expect(diagnose(evidence).findings).toMatchObject([{ id: "data-pmtu-blackhole" }]);
  });

  test("that is promised again and again is not waited for", async () => {
    const evidence = await listed(async (talk) => {
      await talk.data();
      // More often than the run has time for.
      for (let times = 0; times < 20; times += 1) {
        await talk.say("150 Soon");
        await talk.wait(9_000);
      }
    });
    expect(passiveOf(evidence, "epsv").transfer?.exchange.outcome).not.toBe("ok");
    expect(evidence.durationMs).toBeLessThan(28_000);
  });
});
