import type { Family } from "../../model/endpoint.ts";
import type { Mode, Protection } from "../../model/mode.ts";
import type { ModeSummary, Report, Verdict } from "../../model/report.ts";
import { FAMILY, listed, withoutCounters } from "../../model/words.ts";
import { digest } from "../../rounds/digest.ts";

/** What is compared from one run to the next. Everything in it is small: a watch may last for months. */
export interface State {
  /** The verdict. */
  verdict: Verdict;
  /** What a person can forward. */
  summary: string;
  /** What makes it the same state as before in other words: the causes found. Ports and times in the summary are new in each run. */
  fault: string;
  /** The outcome of every mode, by `EPSV`, `PASV under TLS`, `EPSV over IPv6`, ... */
  modes: Map<string, ModeState>;
  /** Families over which no mode could be tried, because the server let nobody in: there every mode failed. */
  withoutSession: Family[];
  /** Everything else that may change, by what it is called: the greeting, the addresses, the certificate. */
  signs: Map<string, Sign>;
}

/** A mode's outcome. */
export interface ModeState {
  /** Family of the address it was tried at. */
  family: Family;
  /** Whether bytes moved. */
  works: boolean;
  /** The outcome as the mode table has it, with its stage. */
  words: string;
}

/** Something the server shows of itself. */
export interface Sign {
  /** What is compared: clocks and counters are left out. */
  key: string;
  /** What is shown; untrusted text. */
  value: string;
}

/** What a report says, as far as a watch looks at it. */
export function stateOf(report: Report): State {
  const { verdict, summary } = report;
  const withoutSession = withoutSessionIn(report);
  return { verdict, summary, fault: faultOf(report), modes: modesOf(report), withoutSession, signs: signsOf(report) };
}

/** The causes, what is only worth knowing left out; the summary where nothing was found. */
function faultOf({ findings, summary }: Report): string {
  const causes = findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
  // Their order follows what is surest in this run.
  const ids = causes.map(({ id }) => id).sort();
  return ids.length === 0 ? withoutCounters(summary) : ids.join(" ");
}

/** Whether the row tells of the mode. */
function isTold({ result }: ModeSummary): boolean {
  return result !== "unsupported" && result !== "skipped" && result !== "inconclusive";
}

/** Where the fault may be on this side, nothing counts against the server. */
function withoutSessionIn({ verdict, control, modes }: Report): Family[] {
  if (verdict === "undetermined") return [];
  return (["ipv4", "ipv6"] as const).filter((family) => {
    if (modes.some((row) => row.family === family && isTold(row))) return false;
    const visits = control.filter((each) => each.family === family);
    // A name that is not found any more leads to no address at all.
    return visits.length === 0 ? control.length === 0 : visits.every(({ outcome }) => outcome !== "cancelled");
  });
}

function modesOf({ control, modes }: Report): State["modes"] {
  // Also a family over which nothing came about: a mode is called the same in every run.
  const families = new Set([...control, ...modes].map(({ family }) => family));
  const states = new Map<string, ModeState>();
  for (const row of modes) {
    const { mode, protection, family, result, stage } = row;
    if (!isTold(row)) continue;
    const name = modeName(mode, protection, families.size > 1 ? family : null);
    const works = result === "works" || result === "repaired";
    // Of several addresses the worst counts: clients meet each of them.
    if (states.get(name)?.works === false) continue;
    states.set(name, { family, works, words: stage === null ? result : `${result} (${stage})` });
  }
  return states;
}

function modeName(mode: Mode, protection: Protection, family: Family | null): string {
  const over = family === null ? "" : ` over ${FAMILY[family]}`;
  return `${mode.toUpperCase()}${protection === "tls" ? " under TLS" : ""}${over}`;
}

function signsOf(report: Report): State["signs"] {
  const { resolved, visits } = digest(report.evidence.experiments);
  const signs = new Map<string, Sign>();
  for (const { family, outcome, addresses } of resolved) {
    if (outcome === "ok") signs.set(`${FAMILY[family]} addresses`, plain(addresses.join(", ")));
  }
  for (const { family, connections, attempts } of visits) {
    const over = visits.length === 1 ? "" : ` over ${FAMILY[family]}`;
    const [first] = connections;
    const text = first?.greeting?.text ?? "";
    if (text !== "") signs.set(`greeting${over}`, { key: withoutCounters(text), value: text });
    const certificate = connections.find((each) => each.certificate !== null)?.certificate;
    if (certificate != null) {
      const { subject, fingerprint256 } = certificate;
      signs.set(`certificate${over}`, { key: fingerprint256, value: `${subject}, SHA-256 ${fingerprint256}` });
    }
    const named = attempts.find(({ mode, endpoint }) => mode === "pasv" && endpoint !== null)?.endpoint;
    if (named != null) signs.set(`address in 227${over}`, plain(named.address));
  }
  return signs;
}

function plain(value: string): Sign {
  return { key: value, value };
}

/** The state in words, as a watch begins. */
export function openingLines({ verdict, summary, modes, signs }: State): string[] {
  const tried = [...modes].map(([name, { words }]) => `${name} ${words}`);
  return [
    `${verdict}: ${summary}`,
    ...(tried.length === 0 ? [] : [listed(tried)]),
    ...[...signs].map(([name, { value }]) => `${name}: ${value}`),
  ];
}

/**
 * What is different now, one line each; empty where nothing is. What was not seen this time (no greeting because nobody
 * answered) is no change of it.
 */
export function changeLines(before: State, now: State): string[] {
  const verdict = before.verdict === now.verdict ? [] : [`${before.verdict} -> ${now.verdict}: ${now.summary}`];
  const modes = [...now.modes].flatMap(([name, { words }]) => {
    const then = before.modes.get(name);
    return then === undefined || then.words === words ? [] : [`${name}: ${then.words} -> ${words}`];
  });
  const signs = [...now.signs].flatMap(([name, { key, value }]) => {
    const then = before.signs.get(name);
    return then === undefined || then.key === key ? [] : [`${name}: "${then.value}" -> "${value}"`];
  });
  const lines = [...verdict, ...modes, ...signs];
  return lines.length === 0 && before.fault !== now.fault && now.verdict !== "healthy"
    ? [`${now.verdict} still: ${now.summary}`]
    : lines;
}

/** The state to compare the next run with: what was not seen this time is as it was. */
export function carried(before: State, now: State): State {
  return { ...now, modes: new Map([...before.modes, ...now.modes]), signs: new Map([...before.signs, ...now.signs]) };
}
