import { describe, expect, it } from "vitest";
import { beside, displayWidth, flow, labelled, wrap } from "../../src/reporters/wrap.ts";

describe("wrap", () => {
  it("breaks at blanks and loses nothing else", () => {
    expect(wrap("The server names an address", 12)).toEqual(["The server", "names an", "address"]);
  });

  it("keeps a number with its unit", () => {
    expect(wrap("no answer in 3.5 s there", 18)).toEqual(["no answer in 3.5 s", "there"]);
    expect(wrap("no answer in 3.5 s there", 16)).toEqual(["no answer in", "3.5 s there"]);
  });

  it("keeps a command in backquotes together where it fits on a line", () => {
    expect(wrap("see `ftp-doctor explain x` for more", 25)).toEqual(["see", "`ftp-doctor explain x`", "for more"]);
    expect(wrap("see `ftp-doctor explain x` for more", 12)).toEqual(["see", "`ftp-doctor", "explain x`", "for more"]);
  });

  it("breaks a word that fits on no line behind a separator, otherwise anywhere", () => {
    expect(wrap("/usr/local/cpanel/scripts", 12)).toEqual(["/usr/local/", "cpanel/", "scripts"]);
    expect(wrap("abcdefghijkl", 8)).toEqual(["abcdefgh", "ijkl"]);
  });

  it("never tears an escaped character", () => {
    for (let width = 12; width < 40; width += 1) {
      const lines = wrap("aaaaaaaaaaaa\\x1b\\u202e\\x9bbbbbbbbbbbbbbb\\u2028cccc", width);
      expect(lines.join("")).toBe("aaaaaaaaaaaa\\x1b\\u202e\\x9bbbbbbbbbbbbbbb\\u2028cccc");
      for (const line of lines) expect(line).not.toMatch(/\\(?:x[0-9a-f]?|u[0-9a-f]{0,3})?$/);
    }
  });

  it("keeps runs of blanks inside a line", () => {
    expect(wrap("drwxr-xr-x    2 ftp", 40)).toEqual(["drwxr-xr-x    2 ftp"]);
  });

  it("parts paragraphs at line ends and has one line for nothing", () => {
    expect(wrap("one\ntwo", 20)).toEqual(["one", "two"]);
    expect(wrap("", 20)).toEqual([""]);
  });

  it("never makes a line wider than asked, whatever the text", () => {
    const texts = [
      "你好".repeat(40),
      "x".repeat(200),
      `${"1".repeat(90)} ms`,
      "a ".repeat(100),
      "- ".repeat(50),
      "`a b`".repeat(30),
    ];
    for (const text of texts) {
      for (const width of [8, 13, 20, 61]) {
        for (const line of wrap(text, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(wrap(text, width).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }
    }
  });

  it("is quick on hostile lines", () => {
    for (const text of ["1".repeat(20_000), "` ".repeat(10_000), "1,".repeat(10_000), "`".repeat(20_000)])
      wrap(text, 40);
  }, 5000);
});

describe("lines beside a label", () => {
  const place = { indent: 1, label: 5, width: 16 };

  it("hang under the first", () => {
    expect(labelled("seen", "one two three four", place)).toEqual([" seen one two", "      three four"]);
  });

  it("have no blanks at their ends", () => {
    expect(beside("a", ["", "b"], place)).toEqual([" a", "      b"]);
  });
});

describe("flow", () => {
  it("puts chunks side by side as far as they fit, each in one piece", () => {
    expect(flow(["connected in 12 ms", "vsftpd 3.0.3", "anonymous"], 34)).toEqual([
      "connected in 12 ms   vsftpd 3.0.3",
      "anonymous",
    ]);
  });
});
