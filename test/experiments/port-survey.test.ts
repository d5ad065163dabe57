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
