import { expect, test } from "vitest";
import { dialLimitMs, limitsOf } from "../../src/engine/limits.ts";
import { defaultOptions, policyOf } from "../../src/engine/options.ts";
import { Secret } from "../../src/model/secret.ts";

test("greeting and PASS have 30 s where nobody said otherwise", () => {
  expect(limitsOf(defaultOptions)).toMatchObject({ stepMs: 10_000, patientMs: 30_000 });
});

test("a limit that was given is everybody's, in both directions", () => {
  expect(limitsOf({ ...defaultOptions, timeoutMs: 2_000, timeoutGiven: true })).toMatchObject({
    stepMs: 2_000,
    patientMs: 2_000,
  });
  expect(limitsOf({ ...defaultOptions, timeoutMs: 60_000, timeoutGiven: true }).patientMs).toBe(60_000);
});

test("the farewell is never waited for longer than a step", () => {
  expect(limitsOf({ ...defaultOptions, timeoutMs: 100 }).quitMs).toBe(100);
  expect(limitsOf(defaultOptions).quitMs).toBeLessThanOrEqual(500);
});

test.each([
  [0, 3_500],
  [10.4, 3_542],
  [200, 4_300],
  [5_000, 10_000],
])("a dial after a connect of %d ms has %i ms: two retransmissions and some round trips", (connectMs, limitMs) => {
  expect(dialLimitMs(connectMs, defaultOptions)).toBe(limitMs);
});

test("a dial has no more than a step", () => {
  expect(dialLimitMs(10, { ...defaultOptions, timeoutMs: 1_000 })).toBe(1_000);
});

test("the policy holds no secret", () => {
  const policy = policyOf({ ...defaultOptions, user: "bob", password: new Secret("s3cret!") });
  expect(policy.credentials).toBe("given");
  expect(JSON.stringify(policy)).not.toMatch(/s3cret|password/);
});
