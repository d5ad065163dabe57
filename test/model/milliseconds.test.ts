import { expect, test } from "vitest";
import { tenth } from "../../src/model/milliseconds.ts";

test("times are rounded to a tenth", () => {
  expect([tenth(0.04), tenth(0.05), tenth(12.3456)]).toEqual([0, 0.1, 12.3]);
});
