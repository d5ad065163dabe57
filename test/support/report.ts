import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Finding, ModeSummary, Remedy, Report, Run } from "../../src/model/report.ts";

/** Where the sample runs and the texts made of them lie. */
export const SAMPLES = fileURLToPath(new URL("../../fixtures/reports/", import.meta.url));

/** Names of the sample runs in `fixtures/reports`. */
export const sampleNames: readonly string[] = readdirSync(SAMPLES)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
  .sort();

/** A sample run, fresh for every caller. */
export function sampleRun(name: string): Run {
  return JSON.parse(readFileSync(`${SAMPLES}${name}.json`, "utf8")) as Run;
}

/** The first report of a sample run, with fields replaced. */
export function sampleReport(name: string, changes: Partial<Report> = {}): Report {
  const report = sampleRun(name).reports[0];
  if (report === undefined) throw new Error(`the sample ${name} has no report`);
  return { ...report, ...changes };
}

/** A run of these reports. */
export function runOf(...reports: Report[]): Run {
  const worst = (["broken", "undetermined", "degraded"] as const).find((verdict) =>
    reports.some((report) => report.verdict === verdict),
  );
  return { ...sampleRun("healthy"), verdict: worst ?? "healthy", reports };
}

/** A row of the mode table: EPSV that works, unless told otherwise. */
export function modeRow(changes: Partial<ModeSummary> = {}): ModeSummary {
  return {
    mode: "epsv",
    protection: "clear",
    family: "ipv4",
    address: "203.0.113.5",
    result: "works",
    stage: null,
    advertised: "203.0.113.5:40000",
    offered: null,
    calledFrom: null,
    dialled: [{ endpoint: "203.0.113.5:40000", outcome: "connected", ms: 11 }],
    bytes: 65,
    ms: 14,
    record: "none",
    ...changes,
  };
}

/** A finding: one filtered range, unless told otherwise. */
export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    id: "pasv-ports-filtered",
    severity: "error",
    confidence: "likely",
    role: "cause",
    at: "server-firewall",
    title: "Passive ports are filtered",
    summary: "The server offers passive ports, but nothing answers there.",
    explanation: "Connections to the ports offered got no answer.",
    args: {},
    seen: [],
    evidence: [],
    rivals: [],
    remedies: [],
    ...changes,
  };
}

/** A remedy for a product, without anything to copy unless told otherwise. */
export function remedy(product: string, changes: Partial<Remedy> = {}): Remedy {
  return { who: "server-admin", product, effort: "low", text: `Mends ${product}.`, ...changes };
}
