import { takenPorts, type WellKnownRange } from "../../fingerprint/port-ranges.ts";
import type { PortRange } from "../../model/evidence.ts";
import type { PortRemark } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import type { Allocation } from "../facts/allocation.ts";
import type { RangeEstimate } from "../facts/range-estimate.ts";

/** With fewer, two or three clients at a time use a range up: each transfer holds a port, and keeps it for a while after. */
const FEW_PORTS = 10;
/** Below that a default is no system's range: a firewall opens it easily. */
const WIDE = 1_000;
const FIRST_UNPRIVILEGED = 1024;
/** More are counted. */
const NAMED_AT_MOST = 4;

/** What is worth knowing of the range that the offers show, though nothing has failed for it. */
export function remarksOn(
  ports: readonly number[],
  { allocation, within }: RangeEstimate,
  looksLike: WellKnownRange | null,
): PortRemark[] {
  const [lowest, highest] = [Math.min(...ports), Math.max(...ports)];
  return [
    ...noRange(looksLike),
    ...fewPorts(within),
    ...predictable(allocation),
    // What lies between two ports of one range is of the range.
    ...(allocation.kind === "unknown" ? taken(ports, null) : taken(ports, { from: lowest, to: highest })),
    ...privileged(ports),
  ];
}

/** The same of a range that was declared, as far as it was not said of the one that the offers show. */
export function remarksOnDeclared({ from, to }: PortRange, told: readonly PortRemark[]): PortRemark[] {
  const saidOf = (kind: PortRemark["kind"]) => told.filter((remark) => remark.kind === kind);
  // One port is asked for to see how it answers, and is hardly meant as a range.
  const single = from === to;
  const few = single || saidOf("few-ports").length > 0 ? [] : fewPorts({ from, to });
  const known = saidOf("taken-ports").flatMap(({ ports }) => ports);
  const held = taken(
    takenPorts.flatMap(({ port }) => (port >= from && port <= to && !known.includes(port) ? [port] : [])),
    null,
  );
  const low = single || saidOf("privileged").length > 0 || from >= FIRST_UNPRIVILEGED ? [] : privileged([from]);
  return [...few, ...held, ...low];
}

function noRange(looksLike: WellKnownRange | null): PortRemark[] {
  if (looksLike === null || looksLike.origin === "setting") return [];
  const { from, to, origin } = looksLike;
  return origin === "product" && to - from < WIDE
    ? []
    : [
        {
          kind: "no-range",
          text: `The server seems to have no passive range of its own: a firewall would have to open all of ${from}-${to} for it.`,
          ports: [],
        },
      ];
}

function fewPorts(within: PortRange | null): PortRemark[] {
  const atMost = within === null ? FEW_PORTS : within.to - within.from + 1;
  if (atMost >= FEW_PORTS) return [];
  return [
    {
      kind: "few-ports",
      text: `The range has ${atMost === 1 ? "one port" : `no more than ${atMost} ports`}: as many transfers at a time use it up, and each port stays in use for a while afterwards.`,
      ports: [],
    },
  ];
}

/** RFC 2577 section 8 calls it port stealing. */
function predictable(allocation: Allocation): PortRemark[] {
  if (allocation.kind !== "sequential" && allocation.kind !== "fixed") return [];
  return [
    {
      kind: "predictable",
      text: "The next port can be guessed, so that somebody else may connect to it first and take the data (RFC 2577 section 8); TLS on the data connection, or ports at random, prevent it.",
      ports: [],
    },
  ];
}

function taken(ports: readonly number[], range: PortRange | null): PortRemark[] {
  const hit = takenPorts.filter(({ port }) =>
    range === null ? ports.includes(port) : port >= range.from && port <= range.to,
  );
  if (hit.length === 0) return [];
  // Those that devices touch by themselves come first.
  const ordered = [...hit].sort((a, b) => Number(b.how === "inspected") - Number(a.how === "inspected"));
  const named = ordered.slice(0, NAMED_AT_MOST).map(({ port, service }) => `${port} (${service})`);
  const rest = hit.length - named.length;
  return [
    {
      kind: "taken-ports",
      text: `The range holds ports that firewalls inspect or other services use: ${listed(rest > 0 ? [...named, `${rest} more`] : named)}. A transfer that meets one of them may fail though all others work.`,
      ports: hit.map(({ port }) => port),
    },
  ];
}

function privileged(ports: readonly number[]): PortRemark[] {
  const low = [...new Set(ports.filter((port) => port < FIRST_UNPRIVILEGED))].sort((a, b) => a - b);
  if (low.length === 0) return [];
  return [
    {
      kind: "privileged",
      text: "Ports below 1024 belong to services of their own: firewalls let few of them through.",
      ports: low,
    },
  ];
}
