import { takenPorts } from "../../fingerprint/port-ranges.ts";
import type { PortRange } from "../../model/evidence.ts";
import { listed } from "../../model/words.ts";
import { liesIn, portsIn } from "../facts/port-survey.ts";

/** With more stopped ports than these it is no single service's rule. */
const FEW = 16;

/** Which of a few closed ports are known for something else; empty where none is, or where they are many. */
export function takenInWords(closed: readonly PortRange[]): string {
  const count = closed.reduce((sum, range) => sum + portsIn(range), 0);
  if (count > FEW) return "";
  const known = takenPorts.filter(({ port }) => liesIn(port, closed));
  if (known.length === 0) return "";
  const inspected = known.some(({ how }) => how === "inspected");
  return ` ${listed(known.map(({ port, service }) => `${port} is known for ${service}`))}: ${inspected ? "firewalls inspect such ports, or have rules for them" : "firewalls often have rules for such ports"}.`;
}
