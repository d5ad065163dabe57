import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Run } from "../../src/model/report.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { runMain } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-ports-"));
const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function server(...fault: string[]): Promise<{ target: string; port: number }> {
  const simulator = await startSimulator({ ...realMachine, fault });
  running.push(simulator);
  const { port } = simulator.endpoint;
  return { target: `127.0.0.1:${port}`, port };
}

async function ports(...args: string[]) {
  const { code, stdout, stderr } = await runMain(["ports", ...args, "--format", "json"]);
  expect(stderr).toBe("");
  const [report] = (JSON.parse(stdout) as Run).reports;
  if (report === undefined) throw new Error("there is no report");
  return { code, report };
}

describe("ports", () => {
  it("without a range asks for offers, dials each, moves nothing and gives the command that sweeps", async () => {
    const { target } = await server();
    const { code, report } = await ports(target);
    expect(code).toBe(0);
    expect(report.ports.offered).toHaveLength(24);
    expect(report.ports).toMatchObject({ swept: null, sweeps: [] });
    expect(report.modes).toEqual([]);
    expect(report.evidence.sessions).toHaveLength(1);
    expect(report.next[0]?.command).toMatch(`ftp-doctor ports ${target} --range `);
  });

  it("with a range sweeps it, and names what listens there; the control port is none of it", async () => {
    const { target, port } = await server();
    const other = await server();
    const [from, to] = [Math.min(port, other.port) - 3, Math.max(port, other.port) + 3];
    const { code, report } = await ports(target, "--range", `${from}-${to}`, "--rate", "max");
    expect(code).toBe(0);
    expect(report.evidence.policy.ports).toEqual({ range: { from, to }, rate: null, concurrency: null });
    expect(report.ports.swept?.taken).toContainEqual({ from: other.port, to: other.port });
    expect(report.ports.swept?.taken).not.toContainEqual({ from: port, to: port });
    const { open, closed, filtered, rejected } = report.ports.swept?.counts ?? {};
    expect([(open ?? 0) + (closed ?? 0), filtered, rejected]).toEqual([to - from + 1, 0, 0]);
  }, 30_000);

  it("asks for as many offers as told, in the modes told", async () => {
    const { target } = await server();
    const { report } = await ports(target, "--samples", "3", "--modes", "epsv");
    expect(report.ports.offered).toHaveLength(3);
  });

  it("cannot tell where nobody answers, nor where no login is had and no range given", async () => {
    expect((await ports("127.0.0.1:9")).code).toBe(3);
    const { target } = await server("no-anonymous");
    expect((await ports(target)).code).toBe(3);
    const swept = await ports(target, "--range", "40000-40010", "--rate", "max");
    expect(swept.code).toBe(0);
    expect(swept.report.summary).toContain("No offers were asked for");
  });

  it("is judged and shown alike from what was saved", async () => {
    const { target } = await server();
    const file = join(folder, "run.json");
    const args = ["ports", target, "--range", "40000-40010", "--no-color"];
    const { stdout } = await runMain([...args, "--report", `json=${file}`]);
    expect(stdout).toMatch(/^Ports 40000-40010, swept in /m);
    expect((await runMain(["render", file])).stdout).toBe(stdout);
    const again = await runMain(["diagnose", file]);
    expect([again.code, again.stdout]).toEqual([0, stdout]);
  });

  it.each([
    ["--range 0", /--range 0: write ports as A-B/],
    ["--range 5-65536", /--range 5-65536: write ports as A-B/],
    ["--range 9-5", /--range 9-5: write ports as A-B/],
    ["--range all", /--range all: write ports as A-B/],
    ["--range", /--range needs a value/],
    ["--rate 5", /--rate is about a sweep; name the ports to sweep with --range/],
    ["--concurrency 5", /--concurrency is about a sweep/],
    ["--active-ports 50000-50010 --concurrency 5", /--concurrency is about a sweep/],
    ["--range 5-6 --rate fast", /--rate fast: write how many ports to try in a second/],
    ["--range 5-6 --rate 0", /--rate 0: write how many .*, a whole number from 1 to 100000, or max/],
    ["--range 5-6 --rate 99999999", /--rate 99999999: write how many .*, a whole number from 1 to 100000, or max/],
    ["--range 5-6 --rate 9999999999", /--rate 9999999999: write how many .*, a whole number from 1 to 100000, or max/],
    ["--range 5-6 --range 7-8", /--range is given twice/],
    ["--modes port", /--modes port: port is not known; choose from epsv,pasv/],
    ["--hold 5", /--hold does not belong to ports/],
    ["second.example", /too many arguments/],
  ])("refuses %s in one line", async (args, says) => {
    const { code, stdout, stderr } = await runMain(["ports", "ftp.example.com", ...args.split(" ")]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^ftp-doctor: [^\n]+\n$/);
  });

  it("needs a target, and leaves --range to itself", async () => {
    expect((await runMain(["ports"])).stderr).toMatch(/name a target/);
    expect((await runMain(["h.example", "--range", "1-2"])).stderr).toMatch(/--range does not belong to probe/);
  });
});
