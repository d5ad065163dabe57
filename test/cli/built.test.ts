import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "../../src/cli/options.ts";
import type { Run } from "../../src/model/report.ts";
import { TOOL } from "../../src/model/tool.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { plainEnv, program, root, runCli, startCli } from "./run-cli.ts";

const running: Simulator[] = [];
afterAll(async () => {
  await Promise.all(running.map((simulator) => simulator.stop()));
});

async function server(...fault: string[]): Promise<string> {
  const simulator = await startSimulator({ ...realMachine, fault });
  running.push(simulator);
  return `127.0.0.1:${simulator.endpoint.port}`;
}

describe("the built program", () => {
  it.each(["--version", "-V"])("%s", async (option) => {
    expect(await runCli([option])).toEqual({ code: 0, signal: null, stdout: `${TOOL.version}\n`, stderr: "" });
  });

  it.each(readdirSync(join(root, "dist/help")))("%s is what yargs prints, plain ASCII and at most 80 wide", (file) => {
    const command = file.replace(".txt", "");
    const args = command === "ftp-doctor" ? ["--help"] : [command, "--help"];
    const text = readFileSync(join(root, "dist/help", file), "utf8");
    expect(parseCommandLine(args)).toEqual({ command: "print", text });
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^[\n -~]+$/);
  });

  it("is loaded as V8 has it compiled, and is plain ASCII, as which it is read", async () => {
    const { codeCache } = await import(join(root, "dist/command-line.js"));
    expect(codeCache().taken).toBe(true);
    expect(readFileSync(join(root, "dist/command-line.cjs")).some((byte) => byte > 127)).toBe(false);
  });

  it("runs without what V8 has compiled, as another Node does that refuses it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-built-"));
    try {
      cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true, filter: (name) => !/\.cjs\.v/.test(name) });
      cpSync(join(root, "package.json"), join(folder, "package.json"));
      const script = `const { main } = await import(${JSON.stringify(join(folder, "dist/main.js"))}); process.exit(await main(["explain", "ctl-refused"]));`;
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain("ctl-refused");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("help speaks English whatever the locale", async () => {
    const { stdout } = await runCli(["--help", "--verbose"], { env: { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" } });
    expect(stdout).toBe(readFileSync(join(root, "dist/help/ftp-doctor.txt"), "utf8"));
  });

  it("prints the schema that it was built with", async () => {
    const { code, stdout } = await runCli(["schema"]);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(root, "dist/schema.json"), "utf8"));
  });

  it("probes, and judges what comes from a pipe", async () => {
    const probed = await runCli([await server("zero-address"), "--format", "ndjson"]);
    expect(probed.code).toBe(1);
    const again = await runCli(["diagnose", "-", "--format", "json"], { input: probed.stdout });
    expect(again.code).toBe(1);
    expect((JSON.parse(again.stdout) as Run).reports[0]).toEqual(JSON.parse(probed.stdout));
  });

  it("reads the password from standard input", async () => {
    const { code, stdout, stderr } = await runCli([`demo@${await server()}`, "--password-file", "-", "--quiet"], {
      input: "demo\nmore",
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/healthy/i);
  });

  it("ends quietly where the reader goes away", async () => {
    const target = await server();
    const saved = await runCli([target, "--format", "json"]);
    // The reader takes ten bytes and leaves, while the report is bigger than a pipe holds.
    const child = startCli(["diagnose", "-", "--format", "json"]);
    child.stdin?.end(`${JSON.stringify(JSON.parse(saved.stdout))}\n`.repeat(20));
    child.stdout?.once("data", () => child.stdout?.destroy());
    expect(await child.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  });

  it("loses nothing of a big report in a pipe that is read slowly", async () => {
    const saved = await runCli([await server(), "--format", "json"]);
    const many = `${JSON.stringify(JSON.parse(saved.stdout))}\n`.repeat(40);
    const child = startCli(["diagnose", "-", "--format", "json"]);
    child.stdin?.end(many);
    child.stdout?.pause();
    setTimeout(() => child.stdout?.resume(), 1500);
    const { stdout } = await child.ended;
    expect((JSON.parse(stdout) as Run).reports).toHaveLength(40);
  });

  it("stops at Ctrl+C, prints what it knows and ends with 130", async () => {
    const child = startCli([await server("no-greeting"), "--format", "json"]);
    setTimeout(() => child.kill("SIGINT"), 1500);
    const { code, stdout } = await child.ended;
    expect((JSON.parse(stdout) as Run).reports[0]?.complete).toBe(false);
    expect(code).toBe(130);
  });

  it("a watch that is stopped in its first run prints what it knows of it and ends with 130", async () => {
    const child = startCli(["watch", await server("no-greeting"), "--interval", "10"]);
    setTimeout(() => child.kill("SIGINT"), 1500);
    const { code, stdout, stderr } = await child.ended;
    expect(stdout).toMatch(
      /undetermined: .*\n.*Stopped after .* Not finished: control connection\..*\nno run came to its end\n$/s,
    );
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
  });

  it("simulate announces its port, and SIGTERM ends it in order", async () => {
    const child = startCli(["simulate", "pasv-refused"]);
    child.stdout?.once("data", (line: Buffer) => {
      expect(JSON.parse(line.toString())).toMatchObject({ fault: "pasv-refused", address: "127.0.0.1" });
      child.kill("SIGTERM");
    });
    expect(await child.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  });

  it("the demo recognises a healthy server and three sick ones", async () => {
    const { code, stdout, stderr } = await runCli(["demo"]);
    expect(stdout.match(/HEALTHY|DEGRADED|BROKEN/g)).toEqual(["HEALTHY", "DEGRADED", "BROKEN", "BROKEN"]);
    for (const id of ["pasv-private-address", "pasv-ports-filtered", "auth-chroot-writable-root"]) {
      expect(stdout).toContain(id);
    }
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("shows no password in the list of processes", async () => {
    const child = startCli([`ftp://demo:hunter2@${await server("no-greeting")}`, "--deadline", "4"]);
    const commandLine = () => readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    await expect.poll(commandLine, { timeout: 3500 }).toMatch(/^ftp-doctor\0*$/);
    child.kill("SIGINT");
    expect((await child.ended).stderr).not.toContain("hunter2");
  });
});

describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-pack-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files: string[] = [];

  beforeAll(() => {
    const packed = spawnSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const [info] = JSON.parse(packed.stdout) as { filename: string; files: { path: string }[] }[];
    files = info?.files.map(({ path }) => path) ?? [];
    spawnSync("tar", ["-xzf", join(folder, info?.filename ?? ""), "-C", folder]);
  }, 60_000);

  it("has what a user needs and nothing else", () => {
    const places = new Set(
      files.map((path) => (path.startsWith("dist/") ? path.split("/").slice(0, 2).join("/") : path)),
    );
    const wanted = [
      "LICENSE",
      "bin/ftp-doctor.js",
      "dist/command-line.cjs",
      "dist/command-line.cjs.NODE",
      "dist/command-line.js",
      "dist/help",
      "dist/index.js",
      "dist/licenses.txt",
      "dist/main.js",
      "dist/progress.cjs",
      "dist/schema-check.cjs",
      "dist/schema.json",
      "dist/types",
      "package.json",
    ];
    const thisNode = `${process.version}-${process.platform}-${process.arch}`;
    expect(
      [...places]
        .map((path) => path.replace(thisNode, "NODE"))
        .filter((path) => path !== "README.md" && path !== "CHANGELOG.md")
        .sort(),
    ).toEqual(wanted);
    expect(files.filter((path) => /\.(test|map)\b|(^|\/)(src|test|fixtures)\//.test(path))).toEqual([]);
  });

  it("runs where nothing else is installed", async () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(folder, "package/bin/ftp-doctor.js"), ...args], {
        encoding: "utf8",
        cwd: folder,
        env: plainEnv(),
      });
    expect(run("--version").stdout).toBe(`${TOOL.version}\n`);
    expect(run("render", "--help").stdout).toMatch(/^ftp-doctor render/);
    expect(run("explain", "ctl-dns").status).toBe(0);
    expect(run("schema").status).toBe(0);
    expect(run("127.0.0.1:1", "--timeout", "1", "--format", "json").status).toBe(2);
  });

  it("is a program on the systems that mark one", () => {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8", env: plainEnv() });
    if (process.platform === "win32") return;
    expect(stdout).toBe(`${TOOL.version}\n`);
    expect(status).toBe(0);
  });

  it("gives its functions to other programs", () => {
    const use = `import { probe, diagnose, parseTarget, rules } from "${join(folder, "package/dist/index.js")}"; console.log(typeof probe, typeof diagnose, typeof parseTarget, rules.length > 0)`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", use], { encoding: "utf8" });
    expect(stdout).toBe("function function function true\n");
  });
});
