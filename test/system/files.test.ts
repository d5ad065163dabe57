import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realFiles } from "../../src/system/files.ts";
import { FileProblem } from "../../src/system/ports.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FileProblem)) throw new Error(`expected a FileProblem, got ${error}`);
  return error.message;
}

describe("files", () => {
  it("gives back what was written", async () => {
    const path = join(folder, "report.json");
    const text = `{"words": "ä€😀"}\n`.repeat(20_000);
    await realFiles.write(path, text);
    expect(await readFile(path, "utf8")).toBe(text);
    expect(await realFiles.read(path)).toBe(text);
  });

  it("says in one line what to do about a path that is wrong", async () => {
    const missing = join(folder, "missing", "file");
    expect(await problemOf(realFiles.read(missing))).toBe(
      `cannot read ${missing}: no such file or folder; check the path`,
    );
    expect(await problemOf(realFiles.write(missing, ""))).toBe(
      `cannot write ${missing}: no such file or folder; check the path`,
    );
    expect(await problemOf(realFiles.read(folder))).toBe(`cannot read ${folder}: this is a folder; name a file in it`);
    expect(await problemOf(realFiles.write(folder, ""))).toMatch(/this is a folder/);
  });

  it("reads no more than it may", async () => {
    const path = join(folder, "large");
    await writeFile(path, "x".repeat(1000));
    expect(await realFiles.read(path, 1000)).toHaveLength(1000);
    expect(await problemOf(realFiles.read(path, 999))).toBe(
      `cannot read ${path}: it is larger than 999 bytes; is it the right file?`,
    );
    if (process.platform === "linux") {
      expect(await problemOf(realFiles.read("/dev/zero", 2 ** 20))).toBe(
        "cannot read /dev/zero: it is larger than 1 MiB; is it the right file?",
      );
    }
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("says when it may not read", async () => {
    const path = join(folder, "secret");
    await writeFile(path, "x");
    await chmod(path, 0);
    expect(await problemOf(realFiles.read(path))).toBe(`cannot read ${path}: permission denied; check who may use it`);
  });
});
