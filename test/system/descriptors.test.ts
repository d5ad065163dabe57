import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { socketsLeft } from "../../src/system/descriptors.ts";

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-descriptors-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function proc(limit: string, open: number): string {
  mkdirSync(join(folder, "fd"), { recursive: true });
  for (let number = 0; number < open; number += 1) writeFileSync(join(folder, "fd", String(number)), "");
  writeFileSync(
    join(folder, "limits"),
    `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${limit.padEnd(20)} 524288               files\n`,
  );
  return folder;
}

test("what is open, and what others will need, is taken off the limit", () => {
  expect(socketsLeft(proc("1024", 20))).toBe(1_024 - 20 - 64);
});

test("of a tiny limit half is left, and one at least", () => {
  expect(socketsLeft(proc("32", 3))).toBe(14);
  expect(socketsLeft(proc("32", 32))).toBe(1);
});

test("no limit is none", () => {
  expect(socketsLeft(proc("unlimited", 3))).toBe(Number.MAX_SAFE_INTEGER);
});

test("where it cannot be read, few are taken to be left", () => {
  expect(socketsLeft(join(folder, "nowhere"))).toBe(512);
});
