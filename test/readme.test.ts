import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "../src/diagnosis/rules/index.ts";
import { simulatorFaults } from "../src/simulator/faults/index.ts";

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const README = path("README.md");
const CHANGELOG = path("CHANGELOG.md");
const PROGRAM = path("bin/ftp-doctor.js");
/** Rewrites the generated parts instead of comparing them. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

function ftpDoctor(...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", timeout: 60_000 });
}

/** What stands between `<!-- name -->` and `<!-- /name -->`; with UPDATE_GOLDEN=1 it is replaced first. */
function generated(file: string, name: string, wanted: string): string {
  const text = readFileSync(file, "utf8");
  const open = `<!-- ${name} -->\n`;
  const start = text.indexOf(open) + open.length;
  const end = text.indexOf(`<!-- /${name} -->`);
  if (UPDATE) writeFileSync(file, text.slice(0, start) + wanted + text.slice(end));
  return UPDATE ? wanted : text.slice(start, end);
}

/** The text without what differs from run to run: numbers, line breaks, widths, and how many lines differ in numbers alone. */
function shape(text: string): string {
  return text
    .replace(/(under )?\d+(\.\d+)?( ms| s)?/g, "N")
    .replace(/─+|\s+/g, " ")
    .trim()
    .split(" | ")
    .filter((line, index, all) => line !== all[index - 1])
    .join(" | ");
}

describe("README", () => {
  const readme = readFileSync(README, "utf8");

  it("has the headings people look for", () => {
    const headings = [...readme.matchAll(/^##+ (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(
      expect.arrayContaining([
        "Use it",
        "Safe by default",
        "What it finds",
        "Limits of this version",
        "The lab",
        "Speed",
      ]),
    );
    expect(readme.indexOf("npm run demo")).toBeLessThan(readme.indexOf("## Use it"));
  });

  it("shows what the demo prints", () => {
    const demo = ftpDoctor("demo");
    expect(demo.status).toBe(0);
    const shown = generated(README, "demo", `\`\`\`console\n$ npm run demo\n${demo.stdout.trim()}\n\`\`\`\n`);
    expect(shape(shown)).toBe(shape(`\`\`\`console\n$ npm run demo\n${demo.stdout.trim()}\n\`\`\`\n`));
  }, 90_000);

  it("names only options, findings and faults that exist", () => {
    const help = ["", "probe", "ports", "simulate"]
      .map((command) => ftpDoctor(...(command === "" ? [] : [command]), "--help").stdout)
      .join("");
    const shell = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]).join("\n");
    // The lab's own options are not the program's.
    for (const [option] of shell.replaceAll(/#.*|^npm run .*/gm, "").matchAll(/(?<=\s)--[a-z-]+/g))
      expect(help).toContain(option);
    for (const [, id] of shell.matchAll(/explain ([a-z-]+)/g)) expect(rules.map((rule) => rule.id)).toContain(id);
    for (const [, name] of shell.matchAll(/simulate ([a-z-]+)/g)) {
      expect(simulatorFaults.map((fault) => fault.name)).toContain(name);
    }
  });

  it("names only scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(path("package.json"), "utf8"));
    for (const [, script] of readme.matchAll(/npm run ([a-z:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });
});

describe("CHANGELOG", () => {
  it("names every finding", () => {
    const list = `${rules.map(({ id, title }) => `- \`${id}\`: ${title}`).join("\n")}\n`;
    expect(generated(CHANGELOG, "findings", list)).toBe(list);
  });
});
