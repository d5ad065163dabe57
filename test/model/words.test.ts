import { describe, expect, it } from "vitest";
import { duration, listed, size } from "../../src/model/words.ts";

describe("numbers as a person says them", () => {
  it.each([
    [0.3, "under 1 ms"],
    [11.6, "12 ms"],
    [994, "994 ms"],
    [997, "1 s"],
    [3500, "3.5 s"],
    [10_020, "10 s"],
    [119_000, "119 s"],
    [125_000, "2 min"],
  ])("%d ms are %s", (ms, words) => expect(duration(ms)).toBe(words));

  it.each([
    [1, "1 byte"],
    [65, "65 bytes"],
    [12_345, "12 kB"],
    [1_200_000, "1.2 MB"],
  ])("%d are %s", (bytes, words) => expect(size(bytes)).toBe(words));

  it("lists names", () => {
    expect([listed([]), listed(["a"]), listed(["a", "b", "c"])]).toEqual(["none", "a", "a, b and c"]);
    expect(listed(["a", "b"], "or")).toBe("a or b");
  });
});
