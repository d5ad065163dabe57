import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import type { Report, Run } from "../../src/model/report.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { fakeIo, runMain } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-cli-"));
const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a server and answers with what to type for it. */
async function server(...fault: string[]): Promise<string> {
  const simulator = await startSimulator({ ...realMachine, fault });
  running.push(simulator);
  return `127.0.0.1:${simulator.endpoint.port}`;
}

async function probeJson(...args: string[]): Promise<{ code: number; run: Run }> {
  const { code, stdout, stderr } = await runMain([...args, "--format", "json"]);
  expect(stderr).toBe("");
  return { code, run: JSON.parse(stdout) as Run };
}

const causesOf = (report: Report | undefined) =>
  report?.findings.filter(({ role }) => role === "cause").map(({ id }) => id);

describe("a probe", () => {
  it("of a healthy server prints the table and ends with 0", async () => {
    const target = await server();
    const { code, stdout, stderr } = await runMain([target]);
    expect(stdout).toContain(`${target}  HEALTHY`);
    for (const mode of ["EPSV", "PASV", "EPRT", "PORT"]) expect(stdout).toMatch(new RegExp(`^${mode} +works`, "m"));
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("of a degraded one ends with 1, and with 0 where only broken counts", async () => {
    const target = await server("zero-address");
    const { code, run } = await probeJson(target);
    expect(run.verdict).toBe("degraded");
    expect(code).toBe(1);
    expect((await probeJson(target, "--fail-on", "broken")).code).toBe(0);
  });

  it("of a broken one ends with 2", async () => {
    const { code, run } = await probeJson(await server("too-many-clients"));
    expect(run.verdict).toBe("broken");
    expect(causesOf(run.reports[0])).toContain("ctl-max-clients");
    expect(code).toBe(2);
  });

  it("that cannot tell ends with 3", async () => {
    const { code, run } = await probeJson(await server("login-refused"));
    expect(run.verdict).toBe("undetermined");
    expect(code).toBe(3);
  });

  it("of several targets prints them in order; the worst decides", async () => {
    const targets = [await server("slow-replies=60"), await server("too-many-clients"), await server()];
    const { code, run } = await probeJson(...targets);
    expect(run.reports.map(({ target }) => target.input)).toEqual(targets);
    expect(run.reports.map(({ verdict }) => verdict)).toEqual(["healthy", "broken", "healthy"]);
    expect(run.verdict).toBe("broken");
    expect(code).toBe(2);
  });

  it("never asks one host twice at the same time", async () => {
    const target = await server("connection-limit=2");
    const { run } = await probeJson(target, target, target);
    expect(run.reports.map(({ verdict }) => verdict)).toEqual(["healthy", "healthy", "healthy"]);
  });

  it("tries the modes asked for, in one order, each once", async () => {
    const { run } = await probeJson(await server(), "--modes", "port,epsv,port");
    expect(run.reports[0]?.modes.map(({ mode }) => mode)).toEqual(["epsv", "port"]);
  });

  it("uses what it is told instead of asking DNS", async () => {
    const target = (await server()).replace("127.0.0.1", "ftp.example.invalid");
    const { code, run } = await probeJson(target, "--resolve", "FTP.example.invalid:127.0.0.1");
    expect(run.reports[0]?.control[0]?.address).toBe("127.0.0.1");
    expect(code).toBe(0);
  });

  it("of a host that is called like what every object has", async () => {
    const target = (await server()).replace("127.0.0.1", "constructor");
    const { code, run } = await probeJson(target, "--resolve", "constructor:127.0.0.1");
    expect(run.verdict).toBe("healthy");
    expect(code).toBe(0);
  });

  it("listens and connects where it is told", async () => {
    const { run } = await probeJson(await server(), "--active-ports", "47000-47099", "--source-address", "127.0.0.1");
    const offered = run.reports[0]?.modes.map((row) => row.offered).filter((text) => text !== null) ?? [];
    expect(offered).toHaveLength(2);
    for (const endpoint of offered) expect(endpoint).toMatch(/:470\d\d$/);
  });

  it("does not try active modes where the address to be called at is of the other family", async () => {
    const target = (await server()).replace("127.0.0.1", "h");
    const { run } = await probeJson(
      ...[target, "--resolve", "h:127.0.0.1", "--resolve", "h:::1"],
      ...["--active-address", "::1", "--require", "epsv"],
    );
    const [report] = run.reports;
    expect(report?.findings.map(({ id }) => id)).not.toContain("eprt-unsupported");
    expect(report?.findings.map(({ id }) => id)).not.toContain("mode-unexplained");
    const rows = report?.modes.filter(({ address }) => address === "127.0.0.1") ?? [];
    expect(rows.map(({ mode, result }) => [mode, result])).toEqual([
      ["epsv", "works"],
      ["pasv", "works"],
      ["eprt", "unsupported"],
      ["port", "unsupported"],
    ]);
    expect(JSON.stringify(report)).not.toContain("itself failed");
  });

  it("logs in as the user named, with the password of the environment", async () => {
    const target = await server();
    const io = fakeIo({ env: { FTP_DOCTOR_PASSWORD: "demo" } });
    const { code, stdout } = await runMain([`demo@${target}`, "--format", "json"], io);
    expect((JSON.parse(stdout) as Run).reports[0]?.target.user).toBe("demo");
    expect(code).toBe(0);
    expect(io.hidden).toBe(false);
  });

  it("warns of a password in the target and hides the command line", async () => {
    const target = await server();
    const io = fakeIo();
    const { code, stdout, stderr } = await runMain([`ftp://demo:demo@${target}`], io);
    expect(code).toBe(0);
    expect(io.hidden).toBe(true);
    expect(stderr).toMatch(/^ftp-doctor: warning: [^\n]*password[^\n]*\n$/);
    expect(stdout).not.toContain(":demo@");
  });

  it("keeps within its time and says that it is incomplete", async () => {
    const began = performance.now();
    const { code, run } = await probeJson(await server("no-greeting"), "--deadline", "0.5");
    expect(run.reports[0]).toMatchObject({
      complete: false,
      evidence: { stoppedBy: "deadline" },
      summary: expect.stringContaining("The deadline of 500 ms (--deadline) ended the run."),
    });
    expect(code).toBe(3);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it("stops at the first Ctrl+C with what it knows, and ends with 130", async () => {
    const target = await server("no-greeting");
    const io = fakeIo();
    setTimeout(() => io.send("SIGINT"), 300);
    const { code, stdout } = await runMain([target, "--format", "json"], io);
    const run = JSON.parse(stdout) as Run;
    expect(run.reports[0]).toMatchObject({
      complete: false,
      verdict: "undetermined",
      evidence: { stoppedBy: "user" },
      summary: expect.stringContaining("Ctrl+C"),
    });
    expect(run.reports[0]?.control).toHaveLength(1);
    expect(code).toBe(130);
  });

  it("shows progress on a terminal alone, and on stderr alone", async () => {
    const target = await server("slow-replies=80");
    const terminal = await runMain([target], fakeIo({ terminal: true, env: { NO_COLOR: "1" } }));
    expect(terminal.stderr).toContain("logging in to 127.0.0.1");
    expect(terminal.stdout).not.toContain("\x1b");
    const silent = await runMain([target, "--no-progress"], fakeIo({ terminal: true }));
    expect(silent.stderr).toBe("");
    const quiet = await runMain([target, "--quiet"], fakeIo({ terminal: true }));
    expect(quiet.stderr).toBe("");
    expect(quiet.stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  it("writes every report where it is told, and colours none but the terminal's", async () => {
    const target = await server();
    const path = (name: string) => join(folder, name);
    const { code, stdout } = await runMain(
      [
        target,
        "--report",
        `json=${path("a.json")}`,
        "--report",
        `table=${path("a.txt")}`,
        "--output",
        path("b.ndjson"),
        "--format",
        "ndjson",
      ],
      fakeIo({ terminal: true }),
    );
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect((JSON.parse(readFileSync(path("a.json"), "utf8")) as Run).verdict).toBe("healthy");
    expect(readFileSync(path("a.txt"), "utf8")).toMatch(/HEALTHY/);
    expect(readFileSync(path("a.txt"), "utf8")).not.toContain("\x1b");
    expect((JSON.parse(readFileSync(path("b.ndjson"), "utf8")) as Report).reportVersion).toBe(1);
  });
});

describe("saved runs", () => {
  const path = (name: string) => join(folder, name);

  it("are judged again, whatever they were saved as, with the same result", async () => {
    const target = await server("zero-address");
    const formats = ["json", "ndjson", "evidence"];
    const saved = await runMain([
      target,
      target,
      ...formats.flatMap((name) => ["--report", `${name}=${path(name)}`]),
      "--quiet",
    ]);
    expect(saved.code).toBe(1);
    const original = JSON.parse(readFileSync(path("json"), "utf8")) as Run;
    for (const name of formats) {
      const { code, stdout } = await runMain(["diagnose", path(name), "--format", "json"]);
      expect(code).toBe(1);
      expect((JSON.parse(stdout) as Run).reports).toEqual(original.reports);
    }
    const all = await runMain(["diagnose", ...formats.map(path), "--format", "json", "--fail-on", "broken"]);
    expect((JSON.parse(all.stdout) as Run).reports).toHaveLength(6);
    expect(all.code).toBe(0);
  });

  it("are printed in another format as they were judged", async () => {
    const target = await server("too-many-clients");
    const printed = await runMain([
      target,
      "--report",
      `json=${path("run.json")}`,
      "--report",
      `ndjson=${path("run.ndjson")}`,
    ]);
    expect(printed.code).toBe(2);
    for (const name of ["run.json", "run.ndjson"]) {
      const { code, stdout } = await runMain(["render", path(name)]);
      expect(stdout).toBe(printed.stdout);
      expect(code).toBe(0);
    }
    const evidence = await runMain(["render", path("run.json"), "--format", "evidence"]);
    expect((JSON.parse(evidence.stdout) as Evidence).evidenceVersion).toBe(1);
  });

  it.each([
    [
      "another run version",
      (run: Run) => ({ ...run, runVersion: 2 }),
      /has runVersion 2, and this ftp-doctor reads runVersion 1/,
    ],
    ["another report version", (run: Run) => ({ ...run.reports[0], reportVersion: 7 }), /has reportVersion 7/],
    [
      "another evidence version",
      (run: Run) => ({ ...run.reports[0]?.evidence, evidenceVersion: 2 }),
      /has evidenceVersion 2/,
    ],
    [
      "another evidence version inside",
      (run: Run) => ({
        ...run,
        reports: run.reports.map((report) => ({ ...report, evidence: { evidenceVersion: 9 } })),
      }),
      /has evidenceVersion 9/,
    ],
    ["a missing field", (run: Run) => ({ ...run, verdict: undefined }), /is no run of ftp-doctor: .*verdict/],
    [
      "a wrong value deep inside",
      (run: Run) => ({ ...run, reports: run.reports.map((report) => ({ ...report, verdict: "fine" })) }),
      /reports\[0\]\.verdict must be .*healthy/,
    ],
    [
      "an evidence record of no kind",
      (run: Run) => ({ ...run.reports[0]?.evidence, experiments: [{ experiment: "nonsense" }] }),
      /is no evidence of ftp-doctor: experiments\[0\]/,
    ],
    [
      "a date that is none",
      (run: Run) => ({ ...run.reports[0]?.evidence, startedAt: "yesterday" }),
      /: startedAt of the evidence in it is no date/,
    ],
    ["a list", () => [], /neither a run nor a report nor evidence/],
    ["null", () => null, /neither a run nor a report nor evidence/],
    ["a run without reports", (run: Run) => ({ ...run, reports: [] }), /nothing to judge/],
  ])("with %s are refused in one line", async (_name, change, says) => {
    const { run } = await probeJson(await server("too-many-clients"));
    writeFileSync(path("changed.json"), JSON.stringify(change(run)));
    const { code, stdout, stderr } = await runMain(["diagnose", path("changed.json")]);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^ftp-doctor: [^\n]+\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(3);
  });

  it.each([
    ["nothing", "", /is empty/],
    ["no JSON", "hello\n", /is not JSON/],
    ["a broken line", '{"evidenceVersion":1}\n{"evidence', /line 2 is not JSON/],
    ["control characters", "\x1b[2J{", /is not JSON/],
  ])("with %s are refused in one line", async (_name, text, says) => {
    writeFileSync(path("bad.json"), text);
    const { code, stderr } = await runMain(["diagnose", path("bad.json")]);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^ftp-doctor: [^\n\x1b]+\n$/);
    expect(code).toBe(3);
  });
});

describe("what needs no server", () => {
  it("explain tells what a finding means", async () => {
    const { code, stdout } = await runMain(["explain", "pasv-private-address"]);
    expect(stdout).toMatch(/^pasv-private-address\n/);
    expect(stdout).toContain("pasv_address");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("explain without id lists every finding", async () => {
    const { code, stdout } = await runMain(["explain"]);
    const { rules } = await import("../../src/index.ts");
    for (const { id } of rules) expect(stdout).toContain(id);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("explain has a page for every finding", async () => {
    const { rules } = await import("../../src/index.ts");
    for (const { id, title } of rules) {
      const { code, stdout } = await runMain(["explain", id]);
      expect(code, id).toBe(0);
      expect(stdout.replace(/\s+/g, " "), id).toContain(title);
    }
  });

  it("simulate --list names every fault and its finding", async () => {
    const { code, stdout } = await runMain(["simulate", "--list"]);
    expect(stdout).toMatch(/^private-address +.*finding: pasv-private-address/ms);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("simulate says where it listens, as JSON without a terminal, until it is stopped", async () => {
    const io = fakeIo();
    const ended = runMain(["simulate", "private-address", "pasv-two-lines"], io);
    await expect.poll(() => io.printed().stdout).toContain("\n");
    const { port, fault } = JSON.parse(io.printed().stdout) as { port: number; fault: string };
    expect(fault).toBe("private-address+pasv-two-lines");
    const { run } = await probeJson(`127.0.0.1:${port}`, "--modes", "epsv");
    expect(run.verdict).toBe("healthy");
    io.send("SIGINT");
    expect((await ended).code).toBe(0);
  });

  it("simulate speaks to people on a terminal", async () => {
    const io = fakeIo({ terminal: true });
    const ended = runMain(["simulate"], io);
    await expect.poll(() => io.printed().stdout).toMatch(/Listening on 127\.0\.0\.1:\d+, healthy.*\n.*ftp-doctor 127/);
    io.send("SIGTERM");
    expect((await ended).code).toBe(0);
  });

  it("help comes as an option, as a word, and for a command", async () => {
    const { stdout } = await runMain(["--help"]);
    for (const args of [["-h"], ["help"]]) expect((await runMain(args)).stdout).toBe(stdout);
    const command = await runMain(["render", "--help"]);
    expect((await runMain(["help", "render"])).stdout).toBe(command.stdout);
    expect(command.stdout).toMatch(/^ftp-doctor render/);
    expect(command.code).toBe(0);
  });
});
