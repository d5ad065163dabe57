import { expect, test } from "vitest";
import { isResetLimit } from "../../src/experiments/sweep-reset-limit.ts";

const turns = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

test.each([
  ["every second port, until the limit", turns(1, 39, 2), turns(2, 40, 2).concat(turns(41, 200)), true],
  ["every port, until the limit", turns(1, 20), turns(21, 200), true],
  ["too few to tell", turns(1, 17, 2), turns(2, 200), false],
  ["some to the end", turns(1, 199, 10), turns(2, 200, 10), false],
  ["all in one moment", turns(41, 60), [...turns(1, 40), ...turns(61, 200)], false],
  ["all in two moments", [...turns(11, 20), ...turns(71, 80)], [...turns(1, 10), ...turns(21, 70)], false],
])("who sent resets is told by what was silent before: %s", (_where, late, prompt, expected) => {
  expect(isResetLimit(late, prompt, 200)).toBe(expected);
});
