import { describe, expect, test } from "vitest";
import { saying } from "./scripted-server.ts";
import { recordsOf, stage, workingModes } from "./stage.ts";

const NOOP = { NOOP: saying("200 Zzz...") };

describe("a connection left idle", () => {
  test("that survives answers NOOP afterwards, beside one that was kept busy", async () => {
    const { probe, scripted } = stage();
    const server = await scripted(NOOP);
    const evidence = await probe({ holdSeconds: 300 });
    const [record] = recordsOf(evidence, "hold");
    expect(record).toMatchObject({
      status: "done",
      holdMs: 300_000,
      idledMs: 300_000,
      said: null,
      ended: null,
      exchange: { command: "NOOP", outcome: "ok" },
      keptBusy: { everyMs: 30_000, last: { outcome: "ok" } },
    });
    expect(record?.keptBusy?.answered).toBeGreaterThanOrEqual(10);
    expect(record?.session).not.toBe(record?.keptBusy?.session);
    expect(workingModes(evidence)).toHaveLength(4);
    // The two sessions that the modes were tried on.
    expect(server.commands).toHaveLength(2);
    expect(evidence.complete).toBe(true);
  });

  test("that is ended with 421 shows when", async () => {
    const { probe, scripted } = stage();
    await scripted({
      ...NOOP,
      SYST: async (talk) => {
        await talk.say("215 UNIX");
        void talk.wait(120_000).then(async () => {
          await talk.say("421 Timeout.");
          talk.close();
        });
      },
    });
    // SYST is sent on the first session alone, which is the idle one where there is one.
    const [record] = recordsOf(await probe({ holdSeconds: 300, maxSessions: 1, modes: ["epsv"] }), "hold");
    expect(record).toMatchObject({ said: { code: 421 }, ended: "closed", exchange: null, keptBusy: null });
    expect(record?.idledMs).toBeGreaterThan(119_000);
    expect(record?.idledMs).toBeLessThan(123_000);
  });

  test("that somebody on the way forgot is told by the silence behind NOOP", async () => {
    const { probe, scripted } = stage();
    await scripted({ NOOP: () => {} });
    const [record] = recordsOf(await probe({ holdSeconds: 60, maxSessions: 1, modes: ["epsv"] }), "hold");
    expect(record).toMatchObject({ idledMs: 60_000, exchange: { outcome: "timed-out" } });
  });

  test("is not cut by the deadline, which is for the rest", async () => {
    const { probe, scripted } = stage();
    await scripted(NOOP);
    const evidence = await probe({ holdSeconds: 600, deadlineMs: 20_000 });
    expect(recordsOf(evidence, "hold")).toMatchObject([{ status: "done", idledMs: 600_000 }]);
    expect(evidence.complete).toBe(true);
  });

  test("is let go at Ctrl+C", async () => {
    const { probe, scripted, clock } = stage();
    await scripted(NOOP);
    const stop = new AbortController();
    void clock.sleep(50_000).then(() => stop.abort());
    const evidence = await probe({ holdSeconds: 600 }, { signal: stop.signal });
    expect(recordsOf(evidence, "hold")).toMatchObject([{ status: "cancelled", exchange: null }]);
    expect(evidence.durationMs).toBeLessThan(51_000);
    expect(evidence.complete).toBe(false);
  });

  test("asks more often in a short hold, and not more than once a second", async () => {
    const { probe, scripted } = stage();
    await scripted(NOOP);
    const every = async (holdSeconds: number) => recordsOf(await probe({ holdSeconds }), "hold")[0]?.keptBusy?.everyMs;
    expect(await every(20)).toBe(5_000);
    expect(await every(2)).toBe(1_000);
  });
});

test("no connection is held where nobody asked for it", async () => {
  const { probe, simulator } = stage();
  await simulator();
  expect(recordsOf(await probe(), "hold")).toEqual([]);
});
