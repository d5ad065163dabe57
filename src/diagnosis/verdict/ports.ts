import type { PortsSummary } from "../../model/report.ts";
import type { Facts } from "../facts/facts.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { summariseEstimate } from "./port-estimate.ts";

/**
 * The passive ports offered, repeated offers included, in the order of the offers, each with what became of the dial. Where two addresses were dialled on one
 * port, the one that connected tells the port's state: the other only tells of the address.
 */
export function summarisePorts(facts: Facts): PortsSummary {
  const offers = everyPassive(facts);
  const offered = offers.flatMap(({ record, advertised }) => {
    if (advertised === null || record.dialled.length === 0) return [];
    const dial =
      record.dialled.find(({ outcome }) => outcome === "connected") ??
      record.dialled.find(({ role }) => role === "peer") ??
      record.dialled[0];
    return dial === undefined ? [] : [{ port: advertised.port, outcome: dial.outcome }];
  });
  const ports = offers.flatMap(({ advertised }) => (advertised === null ? [] : [advertised.port]));
  return {
    offered,
    observed: ports.length === 0 ? null : { min: Math.min(...ports), max: Math.max(...ports) },
    estimate: summariseEstimate(facts),
    swept: null,
  };
}
