import type { PortRange, SweepRecord } from "../../model/evidence.ts";
import type { Facts } from "./facts.ts";
import { offeredPorts } from "./passive-ports.ts";
import { acceptsAll, countStates, isReached, isStopped, liesIn, rangesOf } from "./port-survey.ts";

/** A sweep of a declared range, as the rules look at it. */
export interface SweptPorts {
  /** The evidence. */
  record: SweepRecord;
  /** Where packets come through, neighbours joined. */
  reached: PortRange[];
  /** Where something stops them, neighbours joined. */
  stopped: PortRange[];
  /** How most of the stopped ones answer; null where there are none. */
  stoppedBy: "filtered" | "rejected" | null;
  /**
   * What it says as a whole. `opened-on-demand`: ports that the sweep found stopped opened when the server offered them, so a firewall
   * opens each as it reads the reply; `untold`: no port was answered for, something accepts every port, or the host itself was not reached.
   */
  reach: "all" | "part" | "none" | "opened-on-demand" | "untold";
  /** Ports that it found stopped, and that opened when the server offered them. */
  onDemand: number[];
}

/** The sweeps of the run. */
export function sweptPorts(facts: Facts): SweptPorts[] {
  return facts.addresses.flatMap(({ address, sweeps, controls }) => {
    const met = controls.some(({ connect }) => connect.outcome === "connected");
    return sweeps.map((record) => laidOut(record, { met, opened: openedAt(address, facts) }));
  });
}

function laidOut(record: SweepRecord, seen: { met: boolean; opened: readonly number[] }): SweptPorts {
  const reached = rangesOf(record.intervals, isReached);
  const stopped = rangesOf(record.intervals, isStopped);
  const { filtered, rejected } = countStates(record.intervals);
  const onDemand = [...new Set(seen.opened.filter((port) => liesIn(port, stopped)))].sort((a, b) => a - b);
  return {
    record,
    reached,
    stopped,
    stoppedBy: stopped.length === 0 ? null : filtered >= rejected ? "filtered" : "rejected",
    reach: sweptReach(record, { reached, stopped, onDemand, met: seen.met }),
    onDemand,
  };
}

function sweptReach(
  record: SweepRecord,
  { reached, stopped, onDemand, met }: Pick<SweptPorts, "reached" | "stopped" | "onDemand"> & { met: boolean },
): SweptPorts["reach"] {
  if (acceptsAll(record) || (reached.length === 0 && (stopped.length === 0 || !met))) return "untold";
  if (onDemand.length > 0) return "opened-on-demand";
  return stopped.length === 0 ? "all" : reached.length === 0 ? "none" : "part";
}

/** The ports that opened when they were offered. */
function openedAt(address: string, facts: Facts): number[] {
  return offeredPorts(facts)
    .filter((at) => at.address === address)
    .flatMap(({ attempts }) =>
      attempts.filter(({ answer }) => answer === "open").map(({ atPeer }) => atPeer.endpoint.port),
    );
}
