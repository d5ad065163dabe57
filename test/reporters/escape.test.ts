import { describe, expect, it } from "vitest";
import { safeJson, visible, visibleDeep } from "../../src/reporters/escape.ts";

describe("visible", () => {
  it.each([
    ["\x1b[31m", "\\x1b[31m"],
    ["a\0b", "a\\x00b"],
    ["a\r\n\tb", "a\\r\\n\\tb"],
    ["\x7f\x80\x9b", "\\x7f\\x80\\x9b"],
    ["\u202eevil", "\\u202eevil"],
    ["\u2066x\u2069", "\\u2066x\\u2069"],
    ["zero\u200bwidth\ufeff\u00ad", "zero\\u200bwidth\\ufeff\\xad"],
    ["\u2028\u2029", "\\u2028\\u2029"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["lone \ud83d", "lone \\ud83d"],
    ["filler \u3164\uffa0\u034f\ufe0f", "filler \\u3164\\uffa0\\u034f\\ufe0f"],
  ])("makes %j visible", (text, shown) => expect(visible(text)).toBe(shown));

  it("leaves readable text of any language alone", () => {
    const text = "Grüße, 你好, שלום, ok 👍 C:\\inetpub";
    expect(visible(text)).toBe(text);
  });

  it("says how much it leaves out, and counts characters, not halves of them", () => {
    expect(visible("abcdef", 4)).toBe("abcd… (2 more characters)");
    expect(visible("👍👍👍", 3)).toBe("👍👍👍");
    expect(visible("👍👍👍", 2)).toBe("👍👍… (1 more characters)");
  });

  it("is quick on a megabyte of nothing but escapes", () => {
    expect(visible("\x1b".repeat(1_000_000)).length).toBeLessThan(10_000);
  });
});

describe("visibleDeep", () => {
  it("reaches every string and leaves the rest", () => {
    expect(visibleDeep({ a: ["\x1b", { b: "\u202e" }], n: 1, t: true, z: null })).toEqual({
      a: ["\\x1b", { b: "\\u202e" }],
      n: 1,
      t: true,
      z: null,
    });
  });
});

describe("safeJson", () => {
  it("escapes what JSON.stringify lets through, and parses back to the same", () => {
    const value = { text: "\x1b\x7f\x9b\u2028\u202e\u{e0041}\n", list: ["a"] };
    for (const indent of [0, 2]) {
      const text = safeJson(value, indent);
      expect(text).not.toMatch(/[^\P{C}\n]/u);
      expect(JSON.parse(text)).toEqual(value);
    }
    expect(safeJson("\u2028\x7f\u{e0041}")).toBe('"\\u2028\\u007f\\udb40\\udc41"');
  });

  it("keeps one line where no indent is asked for", () => {
    expect(safeJson({ a: "1\n2" })).toBe('{"a":"1\\n2"}');
  });
});
