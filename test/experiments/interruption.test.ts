import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import type { ServerScript } from "./scripted-server.ts";
import { exchangesOf, recordsOf, SERVER, SERVER6, stage } from "./stage.ts";

/** A world in which every step takes its time and no limit passes within the times looked at. */
function slowStage() {
  const made = stage();
  made.world.latency(40);
  made.world.name("ftp.example.com", { ipv4: [SERVER], ipv6: [SERVER6] });
  return made;
}

const SLOW: ServerScript = {
  greeting: async (talk) => talk.wait(150).then(() => talk.say("220 ready")),
  PASS: async (talk) => talk.wait(200).then(() => talk.say("230 Welcome")),
  LIST: async (talk) => {
    const data = await talk.data();
    await talk.say("150 Here it comes");
    await talk.wait(200);
    await data.write(Buffer.from("a listing\r\n"));
    await talk.wait(200);
    data.close();
    await talk.say("226 Done");
  },
};

/** Every outcome in the evidence. */
function outcomes(evidence: Evidence): string[] {
  return [...JSON.stringify(evidence).matchAll(/"(?:outcome|dataOutcome)":"([a-z-]+)"/g)].map(([, name]) => name ?? "");
}

/** What holds for a run that was stopped at `atMs`. */
function expectStopped(evidence: Evidence, atMs: number, by: Evidence["stoppedBy"]): void {
  expect(evidence).toMatchObject({ complete: false, stoppedBy: by });
  expect(outcomes(evidence)).not.toContain("timed-out");
  for (const record of evidence.experiments) {
    const unfinished = exchangesOf(record).some(({ outcome }) => outcome === "cancelled");
    if (unfinished) expect(record.status).toBe("cancelled");
    expect(record.startedMs).toBeLessThanOrEqual(atMs + 1);
  }
}

async function lengthOf(script: ServerScript): Promise<number> {
  const { probe, scripted } = slowStage();
  await Promise.all([scripted(script), scripted(script, SERVER6)]);
  const evidence = await probe({}, {}, "ftp.example.com");
  expect(evidence.complete).toBe(true);
  return evidence.durationMs;
}

const STEP_MS = 37;

describe("a run that is stopped at any moment", () => {
  test("ends at once, with what it knows", async () => {
    const end = await lengthOf(SLOW);
    expect(end).toBeGreaterThan(2_000);
    for (let atMs = 0; atMs < end; atMs += STEP_MS) {
      const { probe, scripted, clock } = slowStage();
      const servers = await Promise.all([scripted(SLOW), scripted(SLOW, SERVER6)]);
      const stop = new AbortController();
      void clock.sleep(atMs).then(() => stop.abort());
      const started = clock.now();
      const evidence = await probe({}, { signal: stop.signal }, "ftp.example.com");
      expect(clock.now() - started, `stopped at ${atMs}`).toBeLessThanOrEqual(atMs + 1);
      expectStopped(evidence, atMs, "user");
      await Promise.all(servers.map((server) => server.stop()));
    }
  }, 60_000);

  test("ends at once at its deadline as well", async () => {
    const end = await lengthOf(SLOW);
    for (let deadlineMs = 1; deadlineMs < end; deadlineMs += 5 * STEP_MS) {
      const { probe, scripted, clock } = slowStage();
      const servers = await Promise.all([scripted(SLOW), scripted(SLOW, SERVER6)]);
      const started = clock.now();
      const evidence = await probe({ deadlineMs }, {}, "ftp.example.com");
      expect(clock.now() - started).toBeLessThanOrEqual(deadlineMs + 1);
      expectStopped(evidence, deadlineMs, "deadline");
      await Promise.all(servers.map((server) => server.stop()));
    }
  }, 60_000);

  test("has no silent step to show for it, whatever it waited for", async () => {
    const silences: ServerScript[] = [
      { greeting: () => {} },
      { FEAT: () => {} },
      { PASS: () => {} },
      { EPSV: () => {}, EPRT: () => {} },
      { LIST: (talk) => talk.hang() },
      { LIST: async (talk) => talk.data().then(() => talk.say("150 Soon")) },
      { LIST: async (talk) => talk.say("150 Soon", "226 Done") },
      { QUIT: () => {} },
      { EPSV: (talk) => talk.say("229 Entering Extended Passive Mode (|||40000|)") },
      { PASV: (talk) => talk.say("227 Entering Passive Mode (10,0,0,2,156,64)") },
      { EPSV: (talk) => talk.say("150 out of step") },
    ];
    for (const script of silences) {
      for (const atMs of [300, 480, 700, 950, 1_400]) {
        const { probe, scripted, world, clock } = slowStage();
        world.rule({ to: "server", ports: [40_000, 40_001], action: "drop" });
        const server = await scripted({ ...script });
        const stop = new AbortController();
        void clock.sleep(atMs).then(() => stop.abort());
        const evidence = await probe({}, { signal: stop.signal }, SERVER);
        expect(clock.now(), JSON.stringify(Object.keys(script))).toBeLessThanOrEqual(atMs + 1);
        expectStopped(evidence, atMs, "user");
        await server.stop();
      }
    }
  }, 60_000);

  test("before it began asks nobody", async () => {
    const { probe, scripted, world } = stage();
    await scripted({});
    const evidence = await probe({}, { signal: AbortSignal.abort() });
    expectStopped(evidence, 0, "user");
    expect(world.attempts).toEqual([]);
    expect(recordsOf(evidence, "resolve").map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  test("after it ended changes nothing", async () => {
    const { probe, scripted } = stage();
    await scripted({});
    const stop = new AbortController();
    const evidence = await probe({}, { signal: stop.signal });
    const before = structuredClone(evidence);
    stop.abort();
    expect(evidence).toEqual(before);
    expect(evidence.complete).toBe(true);
  });
});

test("a stopped run says goodbye where a session is idle, without waiting for the answer", async () => {
  const { probe, scripted, world, clock } = stage();
  world.rule({ to: "client", action: "drop" });
  const server = await scripted({});
  const stop = new AbortController();
  void clock.sleep(1_000).then(() => stop.abort());
  await probe({}, { signal: stop.signal });
  await clock.sleep(100);
  // The passive modes are long over, their session waits for the active ones to end.
  expect(server.commands[0]?.at(-1)).toBe("QUIT");
});

test("a deadline that is not reached leaves no trace", async () => {
  const { probe, scripted, clock } = stage();
  await scripted({});
  const evidence = await probe({ deadlineMs: 60_000 });
  expect(evidence.complete).toBe(true);
  expect(clock.now()).toBeLessThan(1_000);
});

test("a mode that was not begun is told as cancelled", async () => {
  const { probe, scripted, clock } = stage();
  await scripted({ EPSV: () => {}, EPRT: () => {} });
  const stop = new AbortController();
  void clock.sleep(1_000).then(() => stop.abort());
  const evidence = await probe({}, { signal: stop.signal });
  const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
  expect(attempts.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "cancelled", "cancelled"]);
  expect(evidence.sessions).toHaveLength(2);
});
