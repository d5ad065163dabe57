import { expect, test } from "vitest";
import { recordsOf, stage } from "./stage.ts";

test("a first connect that took long is not taken for the length of the way", async () => {
  const { world, clock, simulator, probe } = stage();
  await simulator([], { passivePorts: { from: 40_000, to: 40_020 } });
  world.latency(500);
  void clock.sleep(800).then(() => world.latency(1));
  const range = { from: 40_000, to: 40_020 };
  const evidence = await probe({ ports: { range, rate: 180, concurrency: null } });
  const [control] = recordsOf(evidence, "control");
  const [sweep] = recordsOf(evidence, "sweep");
  expect(control?.connect.ms).toBeGreaterThan(900);
  expect(sweep?.roundTripMs).toBeLessThan(10);
  expect(sweep?.limitMs).toBeLessThan(750);
});

test("where no offer opened, the first connect is all that is known of the way", async () => {
  const { world, simulator, probe } = stage();
  await simulator([], { passivePorts: { from: 40_000, to: 40_020 } });
  world.latency(50);
  world.rule({ to: "server", ports: [40_000, 40_020], action: "drop" });
  const range = { from: 40_000, to: 40_020 };
  const [sweep] = recordsOf(await probe({ ports: { range, rate: 180, concurrency: null } }), "sweep");
  expect(sweep?.roundTripMs).toBeGreaterThan(90);
  expect(sweep?.limitMs).toBeGreaterThan(1_000);
});

test.each([180, null])("a sweep is as patient as offers were slow, at a rate of %s", async (rate) => {
  const { world, clock, simulator, probe } = stage();
  await simulator([], { passivePorts: { from: 40_000, to: 40_020 } });
  // Behind the control connection every connect takes as long as one that needs a third SYN.
  void clock.sleep(3).then(() => world.latency(1_000));
  const range = { from: 40_000, to: 40_020 };
  const evidence = await probe({ ports: { range, rate, concurrency: null } });
  const [control] = recordsOf(evidence, "control");
  const [sweep] = recordsOf(evidence, "sweep");
  expect(control?.connect.ms).toBeLessThan(10);
  expect(sweep?.limitMs).toBeGreaterThan(2_500);
  expect(sweep?.intervals).toEqual([{ ...range, state: "closed" }]);
});

test("one slow connect among quick ones is no reason for patience", async () => {
  const { world, clock, simulator, probe } = stage();
  await simulator([], { passivePorts: { from: 40_000, to: 40_020 } });
  void clock.sleep(3).then(() => world.latency(1_000));
  // While the first offer is dialled.
  void clock.sleep(1_000).then(() => world.latency(1));
  const range = { from: 40_000, to: 40_020 };
  const evidence = await probe({ ports: { range, rate: 180, concurrency: null } });
  const connects = recordsOf(evidence, "offers")
    .flatMap(({ samples }) => samples.flatMap(({ dialled }) => dialled))
    .map(({ ms }) => ms);
  expect(Math.max(...connects)).toBeGreaterThan(1_900);
  expect(recordsOf(evidence, "sweep")[0]?.limitMs).toBeLessThan(750);
});
