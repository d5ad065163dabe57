import { expect, it } from "vitest";
import { watchInterrupts } from "../../src/cli/interrupt.ts";
import { fakeIo } from "./run-cli.ts";

it("the first signal stops the run, the second one is left to the system", () => {
  const io = fakeIo();
  let told = 0;
  const { signal } = watchInterrupts(io, () => {
    told += 1;
  });
  expect(signal.aborted).toBe(false);
  io.send("SIGINT");
  expect(signal.aborted).toBe(true);
  expect(io.raised).toEqual([]);
  io.send("SIGTERM");
  expect(io.raised).toEqual(["SIGTERM"]);
  expect(told).toBe(1);
  // Nobody listens any more: the signal sent again ends the process.
  io.send("SIGTERM");
  expect(io.raised).toEqual(["SIGTERM"]);
});

it("gives the signals back", () => {
  const io = fakeIo();
  const { signal, release } = watchInterrupts(io);
  release();
  io.send("SIGINT");
  expect(signal.aborted).toBe(false);
});
