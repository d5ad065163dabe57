import type { NextStep } from "../model/report.ts";
import type { Args, Present } from "./define-rule.ts";
import type { Facts } from "./facts.ts";

/** More than this nobody does. */
const AT_MOST = 4;

/** The next measurements worth making: what the findings ask for, each command once. */
export function nextSteps(present: readonly Present[]): NextStep[] {
  const steps = present.flatMap((judgement) => judgement.next ?? []);
  return steps
    .filter((step, index) => steps.findIndex(({ command }) => command === step.command) === index)
    .slice(0, AT_MOST);
}

/** The same probe from elsewhere. */
export function probeElsewhere(facts: Facts): NextStep {
  return {
    command: `ftp-doctor ${facts.evidence.target.input}`,
    tells:
      "Run it from another network: if it fails there too, the fault is on the server's side; if not, on this one.",
  };
}

/** Watching a passive port on the server itself. */
export function watchPort(args: Args): NextStep {
  const ports = Array.isArray(args["ports"]) ? args["ports"] : [];
  const low = Math.min(...ports.map(Number));
  const high = Math.max(...ports.map(Number));
  return {
    command: `tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and tcp portrange ${low}-${high}'`,
    tells:
      "Run it on the server during a probe: no packet means a device before the host drops them; a packet without an answer means the host's own firewall.",
  };
}
