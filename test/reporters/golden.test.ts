import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatNames, type RenderOptions, reporters } from "../../src/reporters/index.ts";
import { SAMPLES, sampleNames, sampleRun } from "../support/report.ts";

const PLAIN: RenderOptions = { color: false, width: 80, verbose: false, quiet: false, clients: false };
/** Lines to be copied stand this far in and are never wrapped: commands and settings of a remedy, commands under "Next". */
const COPYABLE = /^ {18}\S|^ {3}\S/;

describe("the table at 80 columns", () => {
  it("has the samples it is to have", () => {
    expect(sampleNames).toEqual([
      "dns-failure",
      "healthy",
      "hostile-text",
      "interrupted",
      "ipv6-broken-path",
      "login-refused",
      "private-address",
      "range-filtered",
      "several-targets",
      "tls-blind-helper",
      "tls-healthy",
    ]);
  });

  it.each(sampleNames)("prints %s as it did before (UPDATE_GOLDEN=1 rewrites)", (name) => {
    const file = `${SAMPLES}${name}.txt`;
    const text = reporters.table.render(sampleRun(name), PLAIN);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "no golden file yet").toBe(text);
  });

  it.each([60, 72, 80, 100])("keeps to %i columns but for lines to be copied", (width) => {
    for (const name of sampleNames) {
      for (const verbose of [false, true]) {
        const lines = reporters.table.render(sampleRun(name), { ...PLAIN, width, verbose }).split("\n");
        const wide = lines.filter((line) => line.length > width && !COPYABLE.test(line));
        expect({ name, wide }).toEqual({ name, wide: [] });
      }
    }
  });

  it("keeps to 40 columns but for the tables, which take 60", () => {
    for (const name of sampleNames) {
      for (const verbose of [false, true]) {
        const text = reporters.table.render(sampleRun(name), { ...PLAIN, width: 40, verbose });
        const tables = /^(?:Mode|Target) .*\n(?:.+\n)+/gm;
        const wide = (lines: string, width: number) =>
          lines.split("\n").filter((line) => line.length > width && !COPYABLE.test(line));
        const found = { prose: wide(text.replace(tables, ""), 40), tables: wide(text, 60) };
        expect({ name, found }).toEqual({ name, found: { prose: [], tables: [] } });
      }
    }
  });

  it("draws its rules and shortens with ASCII where nothing else can be shown, and changes no more", () => {
    for (const name of sampleNames) {
      const text = reporters.table.render(sampleRun(name), { ...PLAIN, verbose: true });
      const ascii = reporters.table.render(sampleRun(name), { ...PLAIN, verbose: true, ascii: true });
      expect({ name, own: ascii.match(/[─═…]/g) }).toEqual({ name, own: null });
      const rules = (lines: string) => lines.split("\n").filter((line) => /^[─═=-]+$/.test(line));
      expect(rules(ascii).map((line) => line.length)).toEqual(rules(text).map((line) => line.length));
      const words = (lines: string) => lines.replace(/[^\p{L}\d]+/gu, " ");
      if (!text.includes("█")) expect(words(ascii)).toBe(words(text));
    }
  });

  it("leaves no blank at a line's end", () => {
    for (const name of sampleNames) {
      expect(reporters.table.render(sampleRun(name), { ...PLAIN, verbose: true })).not.toMatch(/ $/m);
    }
  });
});

describe("no output holds what a terminal would act on", () => {
  const cases = formatNames.flatMap((format) =>
    [false, true].flatMap((verbose) => [false, true].map((quiet) => ({ format, verbose, quiet }))),
  );

  it.each(cases)("$format, verbose $verbose, quiet $quiet", ({ format, verbose, quiet }) => {
    const text = reporters[format].render(sampleRun("hostile-text"), { ...PLAIN, verbose, quiet });
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(text).not.toMatch(/^\s*fake: HEALTHY/m);
  });

  it("gives a parser the very text that came", () => {
    const run = sampleRun("hostile-text");
    expect(JSON.parse(reporters.json.render(run, PLAIN))).toEqual(run);
    expect(JSON.parse(reporters.ndjson.render(run, PLAIN))).toEqual(run.reports[0]);
    expect(JSON.parse(reporters.evidence.render(run, PLAIN))).toEqual(run.reports[0]?.evidence);
  });

  it("adds no escape but its own colours", () => {
    const text = reporters.table.render(sampleRun("hostile-text"), { ...PLAIN, color: true, verbose: true });
    expect(text).toContain("\x1b[");
    expect(text.replace(/\x1b\[\d{1,2}m/g, "")).not.toContain("\x1b");
  });

  it("says with colour just what it says without", () => {
    for (const name of sampleNames) {
      const colored = reporters.table.render(sampleRun(name), { ...PLAIN, color: true, verbose: true });
      const plain = reporters.table.render(sampleRun(name), { ...PLAIN, verbose: true });
      expect(colored.replace(/\x1b\[\d+m/g, "")).toBe(plain);
    }
  });
});
