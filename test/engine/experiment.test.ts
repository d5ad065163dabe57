import { describe, expect, test } from "vitest";
import { defineExperiment, observe, resume, StopReason, skip } from "../../src/engine/experiment.ts";
import { defaultOptions, policyOf } from "../../src/engine/options.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import type { ResolveRecord } from "../../src/model/evidence.ts";
import { Secret } from "../../src/model/secret.ts";
import { TOOL } from "../../src/model/tool.ts";
import { createClock } from "../../src/system/clock.ts";
import { virtualTime } from "../support/sim-clock.ts";

function laboratory() {
  const clock = createClock(virtualTime());
  const recorder = new Recorder(clock, [new Secret("s3cret!")]);
  const stop = new AbortController();
  const records = () => recorder.evidence(ABOUT).experiments;
  return { clock, records, stop, observation: { recorder, signal: stop.signal } };
}

/** What the evidence holds besides; nothing here asks for it. */
const ABOUT: Parameters<Recorder["evidence"]>[0] = {
  tool: TOOL,
  target: { input: "h", host: "h", port: 21, security: "auto", user: null, path: null },
  policy: policyOf(defaultOptions),
  client: { platform: "linux", addresses: [] },
  stoppedBy: null,
};

/** An experiment that does what the context says. */
const resolve = defineExperiment<"resolve", { act: (record: ResolveRecord) => Promise<string[]> }, string[]>({
  name: "resolve",
  blank: () => ({ host: "h", family: "ipv4", outcome: "cancelled", code: null, addresses: [] }),
  async run({ act }, record) {
    record.addresses = await act(record);
    record.outcome = "ok";
    return record.addresses;
  },
});

describe("an observation", () => {
  test("records when it was made, how long it took and what it found", async () => {
    const { clock, records, observation } = laboratory();
    await clock.sleep(100);
    const result = await observe(observation, resolve, { act: () => clock.sleep(25).then(() => ["203.0.113.5"]) });
    expect(result).toEqual(["203.0.113.5"]);
    expect(records()).toMatchObject([
      { id: "resolve-1", status: "done", note: null, startedMs: 100, durationMs: 25, outcome: "ok" },
    ]);
  });

  test("that is stopped notes the reason where it is one for the record", async () => {
    const { records, stop, observation } = laboratory();
    stop.abort(new StopReason("its time was used up"));
    await observe(observation, resolve, { act: async () => [] });
    expect(records()).toMatchObject([{ status: "cancelled", note: "its time was used up" }]);
    const other = laboratory();
    other.stop.abort("interrupted");
    await observe(other.observation, resolve, { act: async () => [] });
    expect(other.records()).toMatchObject([{ status: "cancelled", note: null }]);
  });

  test("that fails by a bug says so, and the run goes on", async () => {
    const { records, observation } = laboratory();
    const failing = () => Promise.reject(new Error("no such thing as s3cret!"));
    expect(await observe(observation, resolve, { act: failing })).toBeNull();
    expect(records()).toMatchObject([{ status: "crashed", note: "no such thing as [secret]" }]);
  });

  test("that fails by something that is no error says so too", async () => {
    const { records, observation } = laboratory();
    await observe(observation, resolve, { act: () => Promise.reject("just so") });
    expect(records()).toMatchObject([{ status: "crashed", note: "just so" }]);
  });

  test("is cancelled where the run was stopped before it or in it", async () => {
    const { clock, records, stop, observation } = laboratory();
    const act = async () => {
      stop.abort();
      await clock.sleep(1);
      return [];
    };
    expect(await observe(observation, resolve, { act })).toEqual([]);
    expect(await observe(observation, resolve, { act: () => Promise.reject(new Error("not run")) })).toBeNull();
    expect(records()).toMatchObject([
      { status: "cancelled", outcome: "ok" },
      { status: "cancelled", outcome: "cancelled", note: null },
    ]);
  });

  test("is in the evidence from its beginning", async () => {
    const { records, observation } = laboratory();
    let seen = 0;
    await observe(observation, resolve, {
      act: async () => {
        seen = records().length;
        return [];
      },
    });
    expect(seen).toBe(1);
  });

  test("can be taken up again", async () => {
    const { clock, records, observation } = laboratory();
    let begun: ResolveRecord | undefined;
    await observe(observation, resolve, {
      act: async (record) => {
        begun = record;
        return [];
      },
    });
    if (begun === undefined) throw new Error("no record");
    await clock.sleep(50);
    await resume(observation, begun, async () => {});
    expect(records()).toMatchObject([{ status: "done", durationMs: 50 }]);
  });

  test("that is not made says why", () => {
    const { records, stop, observation } = laboratory();
    skip(observation, resolve, { act: async () => [] }, "not applicable");
    stop.abort();
    skip(observation, resolve, { act: async () => [] }, "stopped");
    expect(records()).toMatchObject([
      { status: "skipped", note: "not applicable" },
      { status: "cancelled", note: "stopped" },
    ]);
  });
});
