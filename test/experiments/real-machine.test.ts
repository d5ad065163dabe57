import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseTarget, probe } from "../../src/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { realClock } from "../../src/system/clock.ts";
import { realNetwork } from "../../src/system/network.ts";
import { expectSound, recordsOf, workingModes } from "./stage.ts";

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop();
});

async function probed(fault: string[], options = {}, hooks = {}): Promise<Evidence> {
  const simulator = await startSimulator({ network: realNetwork, clock: realClock, fault });
  running.push(simulator);
  const target = parseTarget(`127.0.0.1:${simulator.endpoint.port}`);
  if (!target.ok) throw new Error(target.problem);
  const evidence = await probe(target.target, options, hooks);
  expectSound(evidence);
  return evidence;
}

describe("over the real network", () => {
  test("all four modes work on two sessions", async () => {
    const evidence = await probed([]);
    expect(workingModes(evidence)).toHaveLength(4);
    expect(evidence.sessions).toHaveLength(2);
    expect(evidence.durationMs).toBeLessThan(2_000);
  });

  test.each([["extra-replies"], ["split-replies"], ["off-by-one"], ["banner-of-replies"], ["lf-only"]])(
    "%s is got along with",
    async (fault) => {
      expect(workingModes(await probed([fault]))).toHaveLength(4);
    },
  );

  test.each([["endless-line"], ["endless-reply"], ["endless-replies"], ["endless-listing"]])(
    "%s is survived in little memory and time",
    async (fault) => {
      const before = process.memoryUsage().rss;
      const evidence = await probed([fault], { modes: ["epsv", "pasv"] });
      expect(evidence.durationMs).toBeLessThan(8_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    },
  );

  test("a reset midway is seen as one", async () => {
    const evidence = await probed(["data-reset"], { modes: ["epsv"] });
    expect(recordsOf(evidence, "passive")[0]?.transfer?.dataOutcome).toBe("reset");
  });

  test.each([0, 1, 5, 20, 60])("a run stopped after %i ms ends at once", async (atMs) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), atMs);
    const started = performance.now();
    await probed(["no-data", "slow-replies=15"], {}, { signal: stop.signal });
    expect(performance.now() - started).toBeLessThan(atMs + 400);
    clearTimeout(timer);
  });
});

/** A process of its own probes, and tells when it was done; what is left running keeps it from ending. */
const LONE_PROBE = `
const { probe, parseTarget } = await import(process.argv[1]);
const target = parseTarget(process.argv[2]);
const options = JSON.parse(process.argv[3]);
await probe(target.target, options);
process.stdout.write("done");
const done = performance.now();
process.on("exit", () => process.stdout.write(" " + Math.round(performance.now() - done)));
process.on("warning", (warning) => process.stdout.write(String(warning)));
`;

describe("when the probe is over the process can end", () => {
  let folder = "";
  let bundle = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ftp-doctor-"));
    bundle = join(folder, "index.mjs");
    const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
    await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile: bundle });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    [[], {}],
    [["passive-ports-closed"], {}],
    [["loopback-address"], {}],
    [["closing-reply-first"], { modes: ["epsv"] }],
    [["active-never-calls=200"], { modes: ["eprt"] }],
    [["data-425"], {}],
    [["no-data"], { timeoutMs: 300 }],
    [["no-greeting"], { timeoutMs: 300, timeoutGiven: true }],
    [[], { deadlineMs: 60_000 }],
  ])("%j %j", async (fault, options) => {
    const simulator = await startSimulator({ network: realNetwork, clock: realClock, fault });
    running.push(simulator);
    const lone = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        LONE_PROBE,
        bundle,
        `127.0.0.1:${simulator.endpoint.port}`,
        JSON.stringify(options),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    lone.stdout.on("data", (chunk) => {
      text += String(chunk);
    });
    await once(lone, "close");
    const [, lingeredMs] = /^done (\d+)$/.exec(text) ?? [];
    expect(Number(lingeredMs), text).toBeLessThan(80);
  });
});
