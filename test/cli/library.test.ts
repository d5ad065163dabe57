import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Library from "../../src/index.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { root, runCli } from "./run-cli.ts";

const built = `${root}/dist/index.js`;
let library: typeof Library;
let simulator: Simulator;
beforeAll(async () => {
  if (!existsSync(built)) throw new Error("dist/ is missing: npm run build");
  library = await import(pathToFileURL(built).href);
  simulator = await startSimulator(realMachine);
});
afterAll(() => simulator.stop());

async function runOfOne(): Promise<Library.Run> {
  const answer = library.parseTarget(`127.0.0.1:${simulator.endpoint.port}`);
  if (!answer.ok) throw new Error(answer.problem);
  return library.runOf([library.diagnose(await library.probe(answer.target, { modes: ["epsv"] }))]);
}

describe("the built library", () => {
  it("probes, judges and renders in every format", async () => {
    const run = await runOfOne();
    expect(run.verdict).toBe("healthy");
    expect(JSON.parse(await library.render(run, "json"))).toEqual(run);
    expect(JSON.parse(await library.render(run, "ndjson"))).toEqual(run.reports[0]);
    expect(JSON.parse(await library.render(run, "evidence"))).toEqual(run.reports[0]?.evidence);
    expect(await library.render(run, "table")).toMatch(/HEALTHY/);
    expect(await library.render(run, "table", { quiet: true, color: true })).toMatch(
      /^[^\n]*\x1b\[32mHEALTHY[^\n]*\n$/,
    );
  });

  it("renders what the command line renders", async () => {
    const run = await runOfOne();
    const { stdout } = await runCli(["render", "-"], { input: await library.render(run, "json") });
    expect(await library.render(run, "table")).toBe(stdout);
  });

  it("refuses a format that there is not, and a run of nothing", async () => {
    const run = await runOfOne();
    await expect(library.render(run, "toString" as "json")).rejects.toThrow(
      /^there is no format toString; the formats/,
    );
    expect(() => library.runOf([])).toThrow("a run needs a report");
  });
});
