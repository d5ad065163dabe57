import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run } from "../../src/model/report.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { fakeIo, runMain } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-destinations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const saved = at("saved.json");

beforeAll(async () => {
  const simulator = await startSimulator(realMachine);
  await runMain([`127.0.0.1:${simulator.endpoint.port}`, "--modes", "epsv", "--format", "json", "--output", saved]);
  await simulator.stop();
});

/** A standard output that takes nothing, and either says so later or at once, as Node 20 does of a file. */
function fullIo(atOnce: boolean, code = "ENOSPC") {
  const io = fakeIo();
  const error = Object.assign(new Error(`${code}: no`), { code });
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done(error) });
  stdout.on("error", () => {});
  if (atOnce) {
    stdout.write = () => {
      throw error;
    };
  }
  return { ...io, stdout };
}

describe("several reports", () => {
  it.skipIf(!existsSync("/dev/full"))("are all tried, and one that fails is told afterwards", async () => {
    const good = at("good.json");
    const { code, stderr } = await runMain(["render", saved, "--output", "/dev/full", "--report", `json=${good}`]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: "ftp-doctor: cannot write /dev/full: the disk is full; free some space or choose another place\n",
    });
    expect((JSON.parse(readFileSync(good, "utf8")) as Run).reports).toHaveLength(1);
  });

  it("are refused before any is begun where a file cannot be written, and no empty file stays", async () => {
    const first = at("first.json");
    const old = at("old-and-empty.json");
    writeFileSync(old, "");
    const { code, stderr } = await runMain([
      "render",
      saved,
      "--output",
      first,
      "--report",
      `json=${old}`,
      "--report",
      `json=${at("none/x")}`,
    ]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^ftp-doctor: cannot write .*no such file or folder; check the path\n$/);
    expect(existsSync(first)).toBe(false);
    expect(existsSync(old)).toBe(true);
  });

  it.each([
    ["another spelling", (name: string) => join(folder, ".", "x", "..", name).replace(folder, `${folder}/.`), () => {}],
    ["a symbolic link", () => at("symbolic"), (name: string) => symlinkSync(at(name), at("symbolic"))],
    ["a hard link", () => at("hard"), (name: string) => linkSync(at(name), at("hard"))],
  ])("cannot go to one file by %s", async (title, other, prepare) => {
    const name = `one by ${title}`;
    writeFileSync(at(name), "as it was");
    prepare(name);
    const { code, stderr } = await runMain(["render", saved, "--output", at(name), "--report", `json=${other(name)}`]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^ftp-doctor: .* are the same file; name a file for each report\n$/);
    expect(readFileSync(at(name), "utf8")).toBe("as it was");
  });

  it.skipIf(!existsSync("/dev/null"))("may share a device", async () => {
    symlinkSync("/dev/null", at("null"));
    const { code, stderr } = await runMain([
      "render",
      saved,
      "--output",
      "/dev/null",
      "--report",
      `json=${at("null")}`,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe.each([
  ["at once", true],
  ["later", false],
])("a full standard output that says so %s", (_when, atOnce) => {
  it.each([
    [["--version"]],
    [["--help"]],
    [["explain"]],
    [["explain", "ctl-dns"]],
    [["schema"]],
    [["simulate", "--list"]],
    [["simulate"]],
    [["render", saved]],
    [["diagnose", saved]],
    [["demo"]],
  ])("%j says so in one line", async (args) => {
    const { code, stderr } = await runMain(args, fullIo(atOnce));
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: "ftp-doctor: cannot write standard output: the disk is full; free some space or choose another place\n",
    });
  });

  it("a reader that went away is no error", async () => {
    const { code, stderr } = await runMain(["explain"], fullIo(atOnce, "EPIPE"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("saved files", () => {
  const read = async (name: string, content: string | Buffer, command = "diagnose") => {
    writeFileSync(at(name), content);
    return runMain([command, at(name)]);
  };
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

  it.each([
    ["the version", (nested: string) => `{"runVersion":${nested}}`],
    ["an answer", (nested: string) => `{"evidenceVersion":1,"tool":${nested}}`],
    ["the whole", (nested: string) => nested],
  ])("nested too deeply in %s are refused", async (_where, around) => {
    const { code, stderr } = await read("deep.json", around(deep(3_000)));
    expect(code).toBe(3);
    expect(stderr).toMatch(/^ftp-doctor: \S+deep\.json is nested too deeply; [^\n]+\n$/);
  });

  it("without reports have nothing to show", async () => {
    const run = { ...(JSON.parse(readFileSync(saved, "utf8")) as Run), reports: [] };
    const { code, stdout, stderr } = await read("empty-run.json", JSON.stringify(run), "render");
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/empty-run\.json is a run without reports; there is nothing to show\n$/);
  });

  it("with millions of lines of something else are told by the first one", async () => {
    const { code, stderr } = await read("numbers.ndjson", "1\n".repeat(3 * 1024 * 1024));
    expect(code).toBe(3);
    expect(stderr).toMatch(/^[^\n]+ is neither a run nor a report nor evidence of ftp-doctor [^\n]+\n$/);
  });

  it("with a line that is not JSON are told what would be right", async () => {
    const { code, stderr } = await read("lines.ndjson", "{}\n{\n");
    expect(code).toBe(3);
    expect(stderr).toMatch(/line 2 is not JSON; it must be .* as --format json, ndjson or evidence wrote it\n$/);
  });

  it.each([
    ["UTF-16, little end first", (bytes: Buffer) => bytes],
    ["UTF-16, big end first", (bytes: Buffer) => bytes.swap16()],
  ])("of %s are read", async (_name, order) => {
    const text = `\uFEFF${readFileSync(saved, "utf8")}`;
    const { code, stderr } = await read("utf-16.json", order(Buffer.from(text, "utf16le")));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("progress", () => {
  it.each([
    ["cannot move its cursor", { env: { TERM: "dumb" } }],
    // To ora every line on it is endlessly many.
    ["has no width", { columns: 0, env: { NO_COLOR: "1" } }],
  ])("shows nothing on a terminal that %s", async (_what, terminal) => {
    const simulator = await startSimulator(realMachine);
    const target = `127.0.0.1:${simulator.endpoint.port}`;
    const io = fakeIo({ terminal: true, ...terminal });
    const { stdout, stderr } = await runMain([target, "--modes", "epsv"], io);
    await simulator.stop();
    expect(stderr).toBe("");
    expect(stdout).not.toContain("\x1b");
  });
});
