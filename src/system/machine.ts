import { platform } from "node:os";
import { realClock } from "./clock.ts";
import { realNetwork } from "./network.ts";
import type { Machine } from "./ports.ts";

/** The machine this program runs on. */
export const realMachine: Machine = {
  network: realNetwork,
  clock: realClock,
  platform: platform(),
  random: Math.random,
};
