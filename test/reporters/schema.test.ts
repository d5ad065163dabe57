import { describe, expect, it } from "vitest";
import { reporters } from "../../src/reporters/index.ts";
import { runOf, sampleNames, sampleReport, sampleRun } from "../support/report.ts";
import { expectValidReport, loadSchema } from "../support/schema.ts";

const OPTIONS = { color: false, width: 80, verbose: false, quiet: false, clients: false };

describe("the JSON Schema of the report", () => {
  it("says what it is", () => {
    const schema = loadSchema();
    expect(schema["$id"]).toBe("urn:ftp-doctor:run:1");
    expect(schema["title"]).toBe("ftp-doctor run");
    expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
  });

  it("describes every type and every field", () => {
    expect(undescribed(loadSchema(), "")).toEqual([]);
  });

  it("lets fields be added inside a version", () => {
    expect(JSON.stringify(loadSchema())).not.toContain('"additionalProperties":false');
    expectValidReport({ ...sampleRun("healthy"), addedLater: true } as ReturnType<typeof sampleRun>);
  });

  it.each(sampleNames)("accepts the sample %s, as an object and as printed", (name) => {
    const run = sampleRun(name);
    expectValidReport(run);
    expectValidReport(JSON.parse(reporters.json.render(run, OPTIONS)));
    for (const line of reporters.ndjson.render(run, OPTIONS).trimEnd().split("\n")) expectValidReport(JSON.parse(line));
  });

  it("refuses a missing field, an unknown word and another version", () => {
    const { summary: _, ...withoutSummary } = sampleReport("healthy");
    const bad: unknown[] = [
      withoutSummary,
      { ...sampleReport("healthy"), verdict: "fine" },
      { ...sampleReport("healthy"), reportVersion: 2 },
      { ...runOf(), runVersion: 2 },
    ];
    for (const each of bad) expect(() => expectValidReport(each as ReturnType<typeof sampleReport>)).toThrow();
  });
});

/** Paths of definitions and properties that have no description. */
function undescribed(node: unknown, path: string): string[] {
  if (Array.isArray(node)) return node.flatMap((each, index) => undescribed(each, `${path}/${index}`));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const named = key === "properties" || key === "definitions" ? Object.entries(value as object) : [];
    const missing = named.filter(([, each]) => !("description" in each)).map(([name]) => `${path}/${key}/${name}`);
    return [...missing, ...undescribed(value, `${path}/${key}`)];
  });
}
