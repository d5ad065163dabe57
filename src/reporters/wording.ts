import type { ModeResult, Remedy, ReportTarget, Severity, Side, Verdict } from "../model/report.ts";
import type { Style } from "./style.ts";

/** The target as a heading: the port only where it is not the usual one. */
export function targetName(target: ReportTarget): string {
  if (target.port === 21) return target.host;
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

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
