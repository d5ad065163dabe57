import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { oneLine } from "../../src/cli/one-line.ts";
import { writeText } from "../../src/cli/output-text.ts";
import { wantsColor, widthOf } from "../../src/cli/terminal.ts";
import { SAMPLES } from "../support/report.ts";
import { fakeIo, runMain } from "./run-cli.ts";

describe("colour", () => {
  const terminal = fakeIo({ terminal: true }).stdout;
  const pipe = fakeIo().stdout;
  it.each([
    ["a terminal", terminal, {}, false, true],
    ["a pipe", pipe, {}, false, false],
    ["--no-color", terminal, { FORCE_COLOR: "1" }, true, false],
    ["NO_COLOR", terminal, { NO_COLOR: "1" }, false, false],
    ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, false, true],
    ["FORCE_COLOR on a pipe", pipe, { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false, false],
    ["NO_COLOR and FORCE_COLOR", pipe, { NO_COLOR: "1", FORCE_COLOR: "1" }, false, false],
    ["a dumb terminal", terminal, { TERM: "dumb" }, false, false],
  ])("%s", (_name, stream, env, noColor, wanted) => {
    expect(wantsColor(stream, env, noColor)).toBe(wanted);
  });
});

it.each([
  [undefined, undefined, 80],
  [72, undefined, 72],
  [300, undefined, 100],
  [10, undefined, 40],
  [72, "60", 72],
  [undefined, "60", 60],
  [undefined, "10", 40],
  [undefined, "100000", 100],
  [undefined, "", 80],
  [undefined, "0", 80],
  [undefined, "-5", 80],
  [undefined, "wide", 80],
  // What a pseudo-terminal says of itself that nobody gave a size.
  [0, undefined, 80],
  [0, "60", 60],
])("where stdout has %s columns and COLUMNS is %j, %i are written for", (columns, told, width) => {
  const env = told === undefined ? {} : { COLUMNS: told };
  expect(widthOf(fakeIo({ env, ...(columns === undefined ? {} : { columns }) }))).toBe(width);
});

it.each(["table", "message"])("the %s is ASCII where the locale tells of no more", async (format) => {
  const args = ["render", `${SAMPLES}range-filtered.json`, "--format", format];
  const shown = (env: Record<string, string>) => runMain(args, fakeIo({ env }));
  expect((await shown({ LC_ALL: "C" })).stdout).toMatch(/^[\n -~]+$/);
  expect((await shown({ LC_ALL: "C.UTF-8" })).stdout).toMatch(/[─“]/);
});

it.each([[["explain"]], [["explain", "ctl-dns"]]])("%j keeps to a terminal of 40 columns", async (args) => {
  const { stdout } = await runMain(args, fakeIo({ columns: 40 }));
  expect(stdout.split("\n").filter((line) => line.length > 40)).toEqual([]);
});

describe("writeText", () => {
  it("waits until a slow reader has taken everything", async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    const text = "x".repeat(100_000);
    let read = 0;
    setTimeout(
      () =>
        stream.on("data", (chunk: Buffer) => {
          read += chunk.length;
        }),
      20,
    );
    await writeText(stream, text);
    expect(read).toBe(text.length);
  });

  it("ends quietly where the reader has gone", async () => {
    const stream = new PassThrough();
    stream.on("error", () => {});
    stream.destroy(Object.assign(new Error("gone"), { code: "EPIPE" }));
    await expect(writeText(stream, "x")).resolves.toBeUndefined();
  });
});

describe("oneLine", () => {
  it.each([
    ["line\nends\r\n", "line ends"],
    ["\x1b[2Jgone", "\\x1b[2Jgone"],
    ["ftp://u:hunter2@h/", "ftp://u:[secret]@h/"],
    ["cannot read u:hunt@er2@h: no such file", "cannot read u:[secret]@h: no such file"],
    ["http://user:hunter2@proxy:3128 is set", "http://user:[secret]@proxy:3128 is set"],
    ["[2001:db8::1]:21 and 10:30 stay", "[2001:db8::1]:21 and 10:30 stay"],
  ])("%j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("shortens what is too long", () => {
    expect(oneLine("x".repeat(10_000)).length).toBeLessThan(700);
  });
});
