import type { Mode } from "../../model/mode.ts";
import type { Finding, ModeResult, ModeSummary } from "../../model/report.ts";
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
  const clear = facts.rows.filter(({ protection }) => protection === "clear");
  const tls = facts.rows.filter(({ protection }) => protection === "tls");
  return [
    ...(ipv4Alone(facts) ? (["force-ipv4"] as const) : []),
    // What works in clear is no advice for who uses TLS, and the other way round: each side is asked for itself.
    ...withoutTls(clear, tls),
    ...amongModes(tls),
    ...amongModes(clear),
  ];
}

/** To the side on which data can be had, where the other has none. */
function withoutTls(clear: readonly ModeSummary[], tls: readonly ModeSummary[]): ClientTopic[] {
  const [inClear, underTls] = [clear.some(isGood), tls.some(isGood)];
  if (inClear && tls.some(isBad) && !underTls) return ["without-tls"];
  return underTls && clear.some(isBad) && !inClear ? ["use-tls"] : [];
}

/** From a mode that fails to one that works under the same protection. */
function amongModes(rows: readonly ModeSummary[]): ClientTopic[] {
  const any = (mode: Mode, ...results: ModeResult[]): boolean =>
    rows.some((row) => row.mode === mode && results.includes(row.result));
  const topics: ClientTopic[] = [];
  const epsv = any("epsv", "works", "repaired");
  const pasv = any("pasv", "works", "repaired");
  if (epsv && any("pasv", "repaired", "blocked", "refused")) topics.push("use-epsv");
  if (any("pasv", "repaired")) topics.push("ignore-pasv-address");
  if (any("pasv", "works") && any("epsv", "blocked") && !epsv) topics.push("disable-epsv");
  if (!epsv && !pasv && (any("eprt", "works") || any("port", "works"))) topics.push("use-active");
  return topics;
}

function isGood({ result }: ModeSummary): boolean {
  return result === "works" || result === "repaired";
}

function isBad({ result }: ModeSummary): boolean {
  return result === "blocked" || result === "refused";
}

/** Whether something works over IPv4, and over IPv6 something fails that does not fail there. */
function ipv4Alone(facts: Facts): boolean {
  const works = (family: string): boolean =>
    facts.rows.some((row) => row.family === family && (row.result === "works" || row.result === "repaired"));
  return works("ipv4") && !works("ipv6") && facts.addresses.some(({ family }) => family === "ipv6");
}
