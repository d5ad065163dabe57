import type { Mode } from "../../model/mode.ts";
import type { Finding, ModeResult } from "../../model/report.ts";
import { clientAdvice } from "../../remedies/index.ts";
import type { ClientTopic } from "../../remedies/topic.ts";
import type { Facts } from "../facts/facts.ts";

/** What clients can do about a finding that does not show in the mode table. */
const BY_FINDING: readonly (readonly [id: string, topic: ClientTopic])[] = [
  ["ctl-max-per-ip", "one-connection"],
  ["ctl-banner-delay", "wait-longer"],
  ["auth-tls-required", "use-tls"],
];

/** What works right now and how to use it until the fault is mended; empty when nothing is wrong or nothing works. */
export function meanwhile(facts: Facts, findings: readonly Finding[]): string[] {
  const wrong = findings.filter(({ severity }) => severity !== "notice");
  if (wrong.length === 0) return [];
  const topics = [
    ...byModes(facts),
    ...BY_FINDING.flatMap(([id, topic]) => (wrong.some((finding) => finding.id === id) ? [topic] : [])),
  ];
  return [...new Set(topics)].map((topic) => clientAdvice(topic));
}

function byModes(facts: Facts): ClientTopic[] {
  const any = (mode: Mode, ...results: ModeResult[]): boolean =>
    facts.rows.some((row) => row.mode === mode && results.includes(row.result));
  const topics: ClientTopic[] = [];
  if (ipv4Alone(facts)) topics.push("force-ipv4");
  const epsv = any("epsv", "works", "repaired");
  const pasv = any("pasv", "works", "repaired");
  if (epsv && any("pasv", "repaired", "blocked", "refused")) topics.push("use-epsv");
  if (any("pasv", "repaired")) topics.push("ignore-pasv-address");
  if (any("pasv", "works") && any("epsv", "blocked") && !epsv) topics.push("disable-epsv");
  if (!epsv && !pasv && (any("eprt", "works") || any("port", "works"))) topics.push("use-active");
  return topics;
}

/** Whether something works over IPv4, and over IPv6 something fails that does not fail there. */
function ipv4Alone(facts: Facts): boolean {
  const works = (family: string): boolean =>
    facts.rows.some((row) => row.family === family && (row.result === "works" || row.result === "repaired"));
  return works("ipv4") && !works("ipv6") && facts.addresses.some(({ family }) => family === "ipv6");
}
