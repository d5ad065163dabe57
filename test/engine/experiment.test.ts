import { describe, expect, test } from "vitest";
import { defineExperiment, observe, resume, skip } from "../../src/engine/experiment.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import { Secret } from "../../src/model/secret.ts";
import { createClock } from "../../src/system/clock.ts";
import { virtualTime } from "../support/sim-clock.ts";

function laboratory() {
  const clock = createClock(virtualTime());
  const recorder = new Recorder(clock, [new Secret("s3cret!")]);
  const stop = new AbortController();
  return { clock, recorder, stop, observation: { recorder, signal: stop.signal } };
}

/** An experiment that does what the context says. */
const resolve = defineExperiment<"resolve", { act: () => Promise<string[]> }, string[]>({
  name: "resolve",
  question: "?",
  blank: () => ({ host: "h", family: "ipv4", outcome: "cancelled", code: null, addresses: [] }),
  async run({ act }, record) {
    record.addresses = await act();
    record.outcome = "ok";
    return record.addresses;
  },
});

describe("an observation", () => {
  test("records when it was made, how long it took and what it found", async () => {
    const { clock, recorder, observation } = laboratory();
    await clock.sleep(100);
    const result = await observe(observation, resolve, { act: () => clock.sleep(25).then(() => ["203.0.113.5"]) });
    expect(result).toEqual(["203.0.113.5"]);
    expect(recorder.records()).toMatchObject([
      { id: "resolve-1", status: "done", note: null, startedMs: 100, durationMs: 25, outcome: "ok" },
    ]);
  });

  test("that fails by a bug says so, and the run goes on", async () => {
    const { recorder, observation } = laboratory();
    const failing = () => Promise.reject(new Error("no such thing as s3cret!"));
    expect(await observe(observation, resolve, { act: failing })).toBeNull();
    expect(recorder.records()).toMatchObject([{ status: "crashed", note: "no such thing as [secret]" }]);
  });

  test("that fails by something that is no error says so too", async () => {
    const { recorder, observation } = laboratory();
    await observe(observation, resolve, { act: () => Promise.reject("just so") });
    expect(recorder.records()).toMatchObject([{ status: "crashed", note: "just so" }]);
  });

  test("is cancelled where the run was stopped before it or in it", async () => {
    const { clock, recorder, stop, observation } = laboratory();
    const act = async () => {
      stop.abort();
      await clock.sleep(1);
      return [];
    };
    expect(await observe(observation, resolve, { act })).toEqual([]);
    expect(await observe(observation, resolve, { act: () => Promise.reject(new Error("not run")) })).toBeNull();
    expect(recorder.records()).toMatchObject([
      { status: "cancelled", outcome: "ok" },
      { status: "cancelled", outcome: "cancelled", note: null },
    ]);
  });

  test("is in the evidence from its beginning", async () => {
    const { recorder, observation } = laboratory();
    let seen = 0;
    await observe(observation, resolve, {
      act: async () => {
        seen = recorder.records().length;
        return [];
      },
    });
    expect(seen).toBe(1);
  });

  test("can be taken up again", async () => {
    const { clock, recorder, observation } = laboratory();
    await observe(observation, resolve, { act: async () => [] });
    const [record] = recorder.records();
    if (record === undefined) throw new Error("no record");
    await clock.sleep(50);
    await resume(observation, record, async () => {});
    expect(record).toMatchObject({ status: "done", durationMs: 50 });
  });

  test("that is not made says why", () => {
    const { recorder, stop, observation } = laboratory();
    skip(observation, resolve, { act: async () => [] }, "not applicable");
    stop.abort();
    skip(observation, resolve, { act: async () => [] }, "stopped");
    expect(recorder.records()).toMatchObject([
      { status: "skipped", note: "not applicable" },
      { status: "cancelled", note: "stopped" },
    ]);
  });
});
