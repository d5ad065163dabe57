import type { Mode, Protection } from "../../model/mode.ts";
import type { Finding, ModeSummary } from "../../model/report.ts";
import { clientAdvice } from "../../remedies/index.ts";
import type { ClientTopic } from "../../remedies/topic.ts";
import { failedHere, isBad, isGood } from "../facts/advice-tried.ts";
import { neededRoots } from "../facts/certificate-facts.ts";
import type { Facts } from "../facts/facts.ts";

/** What clients can do about a finding that does not show in the mode table. */
const BY_FINDING: readonly (readonly [id: string, topic: ClientTopic])[] = [
  ["ctl-max-per-ip", "one-connection"],
  ["ctl-banner-delay", "wait-longer"],
  ["auth-tls-required", "use-tls"],
  ["data-tls-prot-p-required", "use-tls"],
];

/** Something to do, and the side it is for; null where it is right with and without TLS. */
interface Advice {
  topic: ClientTopic;
  side: Protection | null;
}

/** What works right now and how to use it until the fault is mended; empty when nothing is wrong or nothing works. */
export function meanwhile(facts: Facts, findings: readonly Finding[]): string[] {
  const wrong = findings.filter(({ severity }) => severity !== "notice");
  if (wrong.length === 0) return [];
  const advice = [
    ...byModes(facts),
    ...BY_FINDING.flatMap(([id, topic]) =>
      wrong.some((finding) => finding.id === id) && !failedHere(topic, facts) ? [{ topic, side: null }] : [],
    ),
  ];
  return [...new Set(advice.map((each) => told(each, facts)))];
}

function told({ topic, side }: Advice, facts: Facts): string {
  const kind = facts.evidence.target.security === "implicit" ? "implicit" : "explicit";
  const text = clientAdvice(topic, 3, side === "tls" ? kind : null, neededRoots(facts, undefined));
  return side === null ? text : `${SIDE[side]}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

const SIDE: Readonly<Record<Protection, string>> = { clear: "In clear text", tls: "Under TLS" };

function byModes(facts: Facts): Advice[] {
  const ipv4 = ipv4Alone(facts);
  // Who is told to use IPv4 is told what works there.
  const rows = ipv4 ? facts.rows.filter(({ family }) => family === "ipv4") : facts.rows;
  const clear = rows.filter(({ protection }) => protection === "clear");
  const tls = rows.filter(({ protection }) => protection === "tls");
  return [
    ...(ipv4 ? (["force-ipv4"] as const) : []).map((topic) => ({ topic, side: null })),
    // What works in clear is no advice for who uses TLS, and the other way round: each side is asked for itself.
    ...withoutTls(clear, tls).map((topic) => ({ topic, side: null })),
    ...ofBothSides(amongModes(clear), amongModes(tls), clear.some(isGood) && tls.some(isGood)),
  ];
}

/**
 * What each side is told, with its name where the other is not told the same: of clear text only where TLS works too, of TLS
 * always, since many clients would do the same in clear unless they are told otherwise.
 */
function ofBothSides(clear: readonly ClientTopic[], tls: readonly ClientTopic[], bothWork: boolean): Advice[] {
  return [
    ...tls.map((topic) => ({ topic, side: clear.includes(topic) ? null : ("tls" as const) })),
    ...clear.map((topic) => ({ topic, side: bothWork && !tls.includes(topic) ? ("clear" as const) : null })),
  ];
}

/** To the side on which data can be had, where the other has none. */
function withoutTls(clear: readonly ModeSummary[], tls: readonly ModeSummary[]): ClientTopic[] {
  const [inClear, underTls] = [clear.some(isGood), tls.some(isGood)];
  if (inClear && tls.some(isBad) && !underTls) return ["without-tls"];
  return underTls && clear.some(isBad) && !inClear ? ["use-tls"] : [];
}

/** From a mode that fails to one that works wherever it was tried, under the same protection. */
function amongModes(rows: readonly ModeSummary[]): ClientTopic[] {
  const of = (...modes: readonly Mode[]) => rows.filter(({ mode }) => modes.includes(mode));
  const throughout = (mode: Mode) => of(mode).some(isGood) && !of(mode).some(isBad);
  const topics: ClientTopic[] = [];
  if (throughout("epsv") && of("pasv").some((row) => isBad(row) || row.result === "repaired")) topics.push("use-epsv");
  if (throughout("pasv") && of("pasv").some(({ result }) => result === "repaired")) topics.push("ignore-pasv-address");
  const pasvWorks = throughout("pasv") && of("pasv").some(({ result }) => result === "works");
  if (pasvWorks && of("epsv").some(({ result }) => result === "blocked") && !of("epsv").some(isGood)) {
    topics.push("disable-epsv");
  }
  const passive = of("epsv", "pasv").some(isGood);
  if (!passive && (throughout("eprt") || throughout("port"))) topics.push("use-active");
  return topics;
}

/** Whether something works over IPv4, and over IPv6 something fails that does not fail there. */
function ipv4Alone(facts: Facts): boolean {
  const works = (family: string): boolean => facts.rows.some((row) => row.family === family && isGood(row));
  return works("ipv4") && !works("ipv6") && facts.addresses.some(({ family }) => family === "ipv6");
}
