import { expect } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { Check, Finding, Report } from "../../src/model/report.ts";
import type { EvidenceBuilder } from "./evidence.ts";

/** Judges the evidence and expects these causes, in this order, and no others; no rule may crash. Answers the report. */
export function expectCauses(evidence: EvidenceBuilder, causes: string[]): Report {
  const report = diagnose(evidence.build());
  expect(report.checks.filter(({ status }) => status === "crashed")).toEqual([]);
  expect(report.findings.filter(({ role }) => role === "cause").map(({ id }) => id)).toEqual(causes);
  expect(report.findings.flatMap(repeated)).toEqual([]);
  return report;
}

/** Remedies of a finding that say what another one of it says, whoever it is for. */
function repeated({ id, remedies }: Finding): string[] {
  const told = remedies.map(({ text, config, commands }) => JSON.stringify([text, config, commands]));
  return told.filter((each, index) => told.indexOf(each) !== index).map((each) => `${id}: ${each}`);
}

/** The finding of this id; the test fails where there is none. */
export function findingOf(report: Report, id: string): Finding {
  const finding = report.findings.find((found) => found.id === id);
  if (finding === undefined) throw new Error(`no finding ${id}`);
  return finding;
}

/** What the rule of this id answered. */
export function checkOf(report: Report, id: string): Check {
  const check = report.checks.find((made) => made.id === id);
  if (check === undefined) throw new Error(`no rule ${id}`);
  return check;
}
