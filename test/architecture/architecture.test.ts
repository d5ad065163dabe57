import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import type { Rule } from "../../src/diagnosis/define-rule.ts";
import { rules } from "../../src/diagnosis/rules/index.ts";
import { experiments } from "../../src/experiments/index.ts";
import { TOOL } from "../../src/model/tool.ts";
import { reporters } from "../../src/reporters/index.ts";
import { readSources, SOURCES } from "./source-tree.ts";

const sources = readSources();

/**
 * Who may import whom: the folder, then what it may import at run time, then what it may import types of besides.
 * Its own folder is always open. The table is the one of the design.
 */
const MAY_IMPORT: Readonly<Record<string, { values: readonly string[]; types?: readonly string[] }>> = {
  model: { values: [] },
  system: { values: ["model"] },
  ftp: { values: ["model"], types: ["system"] },
  engine: { values: ["model"], types: ["system"] },
  rounds: { values: ["model"] },
  experiments: { values: ["model", "ftp", "engine", "rounds"], types: ["system"] },
  fingerprint: { values: ["model"] },
  remedies: { values: ["model"] },
  clients: { values: ["model"] },
  diagnosis: { values: ["model", "rounds", "clients", "fingerprint", "remedies"], types: ["experiments"] },
  reporters: { values: ["model"] },
  simulator: { values: ["model", "ftp"], types: ["system"] },
  cli: { values: ["index.ts", "reporters", "simulator", "model", "rounds", "system"] },
  "index.ts": {
    values: [
      "model",
      "system",
      "ftp",
      "engine",
      "experiments",
      "clients",
      "fingerprint",
      "remedies",
      "diagnosis",
      "reporters",
      "simulator",
    ],
  },
};

/** The rooms of the diagnosis, and which others each may enter: facts are derived before anybody finds words for them. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  facts: ["verdict"],
  verdict: ["facts", "words"],
  words: ["facts", "verdict"],
  forecast: ["facts", "words"],
  rules: ["facts", "verdict", "words"],
  unprobed: [],
};

/** What facts know of the verdict: what was required, and what that makes of a fault. */
const VERDICT_IN_FACTS: readonly string[] = ["diagnosis/verdict/requirements.ts", "diagnosis/verdict/severity.ts"];

/** Packages, and the one file that may use each. */
const PACKAGES: Readonly<Record<string, string>> = {
  yargs: "cli/options.ts",
  ora: "cli/progress.ts",
  table: "reporters/table.ts",
  "ipaddr.js": "model/address.ts",
  ajv: "cli/schema-check.ts",
};

/** Modules of Node that reach outside the program, and the parts that may. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  net: ["system", "simulator"],
  tls: ["system", "simulator"],
  dns: ["system"],
  fs: ["system"],
  os: ["system"],
  http: [],
  https: [],
  // For the lookup that only the end of a process can end.
  child_process: ["system"],
};

/** Globals of the process, and where they may be read. */
const GLOBALS: Readonly<Record<string, (path: string) => boolean>> = {
  process: (path) => path.startsWith("cli/"),
  console: (path) => path.startsWith("cli/"),
  Date: isClock,
  performance: isClock,
  setTimeout: isClock,
  setInterval: isClock,
  setImmediate: isClock,
};

function isClock(path: string): boolean {
  return path === "system/clock.ts";
}

describe("who imports whom", () => {
  it("is settled for every folder", () => {
    const parts = new Set(sources.map(({ part }) => part));
    expect([...parts].filter((part) => !(part in MAY_IMPORT))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))("%s imports only what it may", (part, { values, types = [] }) => {
    const wrong = sources
      .filter((source) => source.part === part)
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ file, typeOnly }) => {
            const to = file?.split("/")[0];
            return to !== undefined && to !== part && !values.includes(to) && !(typeOnly && types.includes(to));
          })
          .map(({ file, typeOnly }) => `${path} imports ${typeOnly ? "types of " : ""}${file}`),
      );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(ROOMS))("the room %s of the diagnosis enters only those it may", (room, others) => {
    const wrong = sources
      .filter(({ path }) => path.startsWith(`diagnosis/${room}/`))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ file }) => {
            const [part, to, deeper] = file?.split("/") ?? [];
            if (part !== "diagnosis" || deeper === undefined || to === undefined || to === room) return false;
            return !others.includes(to) || (room === "facts" && !VERDICT_IN_FACTS.includes(file ?? ""));
          })
          .map(({ file }) => `${path} imports ${file}`),
      );
    expect(wrong).toEqual([]);
  });

  it("every room of the diagnosis is in that list", () => {
    const rooms = sources.flatMap(({ path }) => /^diagnosis\/([^/]+)\//.exec(path)?.[1] ?? []);
    expect([...new Set(rooms)].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it("uses a package in the one file made for it, and no other package", () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ file, specifier, typeOnly }) => {
          if (file !== null || specifier.startsWith("node:")) return false;
          const [name = ""] = specifier.split("/");
          return PACKAGES[name] !== path && !typeOnly;
        })
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("needs what package.json declares, no more and no less", () => {
    expect(Object.keys(packageJson.dependencies).sort()).toEqual(Object.keys(PACKAGES).sort());
  });

  it.each(Object.entries(DOORS))("node:%s only in its place", (name, parts) => {
    const wrong = sources.filter(
      ({ part, imports }) =>
        !parts.includes(part) &&
        imports.some(({ specifier, typeOnly }) => !typeOnly && new RegExp(`^(node:)?${name}(/|$)`).test(specifier)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(GLOBALS))("%s only in its place", (name, allowed) => {
    const wrong = sources.filter(({ path, globals }) => globals.has(name) && !allowed(path));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("reveals a secret only where a command is encoded and where it is redacted", () => {
    const places = sources.filter(({ methods }) => methods.has("reveal")).map(({ path }) => path);
    expect(places).toEqual(["engine/recorder.ts", "ftp/commands.ts", "model/secret.ts"]);
  });
});

describe("names", () => {
  it("no folder for odds and ends", () => {
    const folders = sources.flatMap(({ path }) => path.split("/"));
    expect(folders.filter((name) => /^(utils?|helpers?|common|managers?|misc|shared|lib)(\.ts)?$/.test(name))).toEqual(
      [],
    );
  });

  it("files in lower case with hyphens", () => {
    expect(sources.map(({ path }) => path).filter((path) => !/^[a-z0-9/-]+\.ts$/.test(path))).toEqual([]);
  });

  it("the version is package.json's", () => {
    expect(TOOL).toEqual({ name: packageJson.name, version: packageJson.version });
  });

  it("a format is registered under its own name", () => {
    expect(Object.entries(reporters).filter(([name, reporter]) => reporter.name !== name)).toEqual([]);
  });
});

/** The files of a folder that has an index. */
function beside(folder: string): string[] {
  return readdirSync(join(SOURCES, folder)).filter((name) => name.endsWith(".ts") && name !== "index.ts");
}

describe("registration", () => {
  it("every rule has an id of its own", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([]);
  });

  it.each(beside("diagnosis/rules"))(
    "rules of %s are in the index, and the file is named for what is in it",
    async (name) => {
      const exported: Record<string, unknown> = await import(
        pathToFileURL(join(SOURCES, "diagnosis/rules", name)).href
      );
      const own = Object.values(exported).flat().filter(isRule);
      expect(own.length).toBeGreaterThan(0);
      expect(own.map(({ id }) => id).filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
      // True siblings share a file, which cannot have the name of each.
      if (own.length === 1) expect(`${own[0]?.id}.ts`).toBe(name);
    },
  );

  it("every experiment is in the index", () => {
    const index = sources.find(({ path }) => path === "experiments/index.ts");
    const defining = sources.filter(
      ({ path, text }) => path.startsWith("experiments/") && /= defineExperiment\b/.test(text),
    );
    expect(defining.length).toBeGreaterThan(0);
    const listed = index?.imports.map(({ file }) => file) ?? [];
    expect(defining.map(({ path }) => path).filter((path) => !listed.includes(path))).toEqual([]);
  });

  it("every experiment that a rule needs exists", () => {
    const known: string[] = experiments.map(({ name }) => name);
    expect(
      rules.flatMap(({ id, needs }) => needs.filter((name) => !known.includes(name)).map((name) => `${id}: ${name}`)),
    ).toEqual([]);
  });
});

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && "id" in value && "judge" in value && "describe" in value;
}
