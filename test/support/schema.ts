import { execSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "vitest";
import type { Report, Run } from "../../src/model/report.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILT = join(ROOT, "dist", "schema.json");
const MODEL = join(ROOT, "src", "model");

let validators: { run: ValidateFunction; report: ValidateFunction } | null = null;

/** Fails unless a run, or a single report, is what the published schema promises. */
export function expectValidReport(subject: Run | Report): void {
  validators ??= compile();
  const validate = "runVersion" in subject ? validators.run : validators.report;
  // What is validated is what users get: the text, parsed.
  const valid = validate(JSON.parse(JSON.stringify(subject)));
  const complaints = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  expect({ valid, complaints }).toEqual({ valid: true, complaints: [] });
}

/** The schema of the report as the sources at hand give it. */
export function loadSchema(): Record<string, unknown> {
  return JSON.parse(readFileSync(schemaFile(), "utf8")) as Record<string, unknown>;
}

function compile(): { run: ValidateFunction; report: ValidateFunction } {
  const schema = loadSchema();
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  const run = ajv.compile(schema);
  const report = ajv.getSchema(`${String(schema["$id"])}#/definitions/Report`);
  if (report === undefined) throw new Error("the schema defines no Report");
  return { run, report };
}

/** The built schema where it is newer than the model; otherwise one made from the model, once per state of the model. */
function schemaFile(): string {
  const sources = readdirSync(MODEL).map((name) => join(MODEL, name));
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > newest) return BUILT;
  const command = buildCommand();
  const state = createHash("sha256").update(command);
  for (const file of sources) state.update(readFileSync(file));
  const made = join(tmpdir(), `ftp-doctor-schema-${state.digest("hex").slice(0, 16)}.json`);
  if (!existsSync(made)) {
    // Test files run side by side: each writes its own and puts it in place in one step.
    const draft = `${made}.${process.pid}`;
    execSync(command.replace("dist/schema.json", `"${draft}"`), {
      cwd: ROOT,
      env: { ...process.env, PATH: `${join(ROOT, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}` },
      stdio: "pipe",
    });
    renameSync(draft, made);
  }
  return made;
}

/** The very command with which `npm run build` makes the schema. */
function buildCommand(): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const command = scripts["build:schema"];
  if (!command?.includes("dist/schema.json"))
    throw new Error("package.json has no script build:schema that writes dist/schema.json");
  return command;
}
