import type { Family } from "./endpoint.ts";
import type { PortRange } from "./evidence.ts";
import type { Outcome } from "./failure.ts";

/** An address family as people write it. */
export const FAMILY: Readonly<Record<Family, string>> = { ipv4: "IPv4", ipv6: "IPv6" };

/** What became of a step, behind the endpoint or the command it is about. */
export const OUTCOME: Readonly<Record<Outcome, string>> = {
  ok: "answered",
  connected: "connected",
  refused: "connection refused",
  "timed-out": "no answer",
  reset: "connection reset",
  closed: "connection closed by the other side",
  unreachable: "no route, or rejected on the way",
  "local-error": "this machine could not even try",
  "wrong-peer": "somebody else than the server called",
  "not-found": "not found",
  "lookup-failed": "the look-up failed",
  "protocol-error": "not readable as FTP",
  "tls-failed": "TLS failed",
  cancelled: "stopped before an answer came",
};

/** A duration as a person would say it: `12 ms`, `3.5 s`, `30 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 1) return "under 1 ms";
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${Math.round(ms / 100) / 10} s`;
  return ms < 119_500 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** A size as a person would say it: `65 bytes`, `4.2 kB`, `12 MB`. */
export function size(bytes: number): string {
  if (bytes === 1) return "1 byte";
  if (bytes < 10_000) return `${bytes} bytes`;
  const [value, unit] = bytes < 995_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)} ${unit}`;
}

/** A count as a person would write it: `16,383`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `Anna, Ben and Cleo`; `none` where there is nobody. */
export function listed(names: readonly string[], last: "and" | "or" = "and"): string {
  return names.length < 2 ? (names[0] ?? "none") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/** `40000-40050`, or `40000` for a single port. */
export function rangeInWords({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** `port 40000`, `ports 40000-40050`. */
export function portsInWords(range: PortRange): string {
  return `${range.from === range.to ? "port" : "ports"} ${rangeInWords(range)}`;
}

/** `40000-40050 (7 tried)` where not each of them was. */
export function triedInWords({ tried, ...range }: PortRange & { tried?: number }): string {
  const words = rangeInWords(range);
  return tried === undefined || tried === range.to - range.from + 1 ? words : `${words} (${tried} tried)`;
}

/** The words of a greeting without what changes from one session to the next: clocks, and numbers that stand alone. */
export function withoutCounters(text: string): string {
  return text.replace(/\d{1,2}:\d{2}(?::\d{2})?|(?<![\w.-])\d+(?![\w-]|\.\d)/g, "#");
}
