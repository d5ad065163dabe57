import type { Family } from "../model/endpoint.ts";
import type { Outcome } from "../model/failure.ts";
import type { ModeResult, Remedy, ReportTarget, Severity, Side, Verdict } from "../model/report.ts";
import type { Style } from "./style.ts";

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

/** `Anna, Ben and Cleo`. */
export function listed(names: readonly string[], last = "and"): string {
  const [tail, ...rest] = [...names].reverse();
  if (tail === undefined) return "";
  return rest.length === 0 ? tail : `${rest.reverse().join(", ")} ${last} ${tail}`;
}

/** The target as a heading: the port only where it is not the usual one. */
export function targetName(target: ReportTarget): string {
  if (target.port === 21) return target.host;
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** An address family as people write it. */
export const FAMILY: Record<Family, string> = { ipv4: "IPv4", ipv6: "IPv6" };

/** What became of a dial or an accept, behind the endpoint it is about. */
export const OUTCOME: Record<Outcome, string> = {
  ok: "answered",
  connected: "answered",
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

/** The side at fault, in words. */
export const SIDE: Record<Side, string> = {
  dns: "the name service (DNS)",
  "server-config": "the server's configuration",
  "server-firewall": "the firewall in front of the server, or on it",
  "server-nat": "the NAT in front of the server",
  "server-host": "the server's machine",
  middlebox: "a device between here and the server that interferes with FTP",
  path: "the network between here and the server",
  "client-firewall": "the firewall on this side",
  "client-nat": "the NAT on this side",
  client: "this machine",
  credentials: "the login name or password",
  tls: "the TLS set-up",
  unknown: "cannot be told from here",
};

/** Who acts. */
export const WHO: Record<Remedy["who"], string> = {
  "server-admin": "server administrator",
  "firewall-admin": "firewall administrator",
  "client-user": "user of the client",
};

/** What a remedy costs. */
export const EFFORT: Record<Remedy["effort"], string> = {
  low: "quick",
  medium: "takes a restart or a second party",
  high: "a change of set-up",
};

/** A verdict's own colour. */
export function paintVerdict(verdict: Verdict, style: Style): string {
  const word = verdict.toUpperCase();
  switch (verdict) {
    case "healthy":
      return style.good(word);
    case "degraded":
      return style.warn(word);
    case "broken":
      return style.bad(word);
    case "undetermined":
      return style.unsure(word);
  }
}

/** A row's result, coloured. */
export function paintResult(result: ModeResult, style: Style): string {
  switch (result) {
    case "works":
      return style.good(result);
    case "repaired":
      return style.warn(result);
    case "blocked":
    case "refused":
      return style.bad(result);
    case "unsupported":
    case "skipped":
      return style.faint(result);
    case "inconclusive":
      return style.unsure(result);
  }
}

/** Words coloured by a finding's severity. */
export function paintSeverity(words: string, severity: Severity, style: Style): string {
  switch (severity) {
    case "critical":
    case "error":
      return style.bad(words);
    case "warning":
      return style.warn(words);
    case "notice":
      return style.faint(words);
  }
}
