import type { ProbeInvocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { probeCommand } from "./probe.ts";

/** Maps the passive ports of one server. Target, login and report are the probe's; what is asked there stands in the plan. */
export function portsCommand(asked: ProbeInvocation, io: Io): Promise<number> {
  return probeCommand(asked, io);
}
