import { expect, it } from "vitest";
import { totalsOf } from "./totals.mjs";

/**
 * @param {string} name
 * @param {string[]} expected
 * @param {string[]} found
 * @param {Partial<import("./matrix.mjs").Row>} [more]
 * @returns {import("./matrix.mjs").Row}
 */
function row(name, expected, found, more = {}) {
  const verdict = expected.length > 0 ? "broken" : "healthy";
  return {
    name,
    title: "",
    expected: { verdict, causes: expected, modes: {} },
    found: {
      verdict,
      causes: found,
      named: found,
      rivals: ["c"],
      severities: Object.fromEntries(found.map((id) => [id, "warning"])),
      control: {},
      modes: {},
      advertised: null,
      product: null,
    },
    complaints: expected.join() === found.join() ? [] : ["causes differ"],
    proofs: [],
    advice: [],
    ms: 0,
    ...more,
  };
}

it("counts what was right, missed and invented, and what became of each product's remedy", () => {
  const proof = { cause: "a", lines: [], takenAsDone: [] };
  const totals = totalsOf(
    [
      row("right", ["a", "b"], ["a", "b"], {
        proofs: [
          { ...proof, product: "nftables", parts: ["vsftpd", "nftables"], outcome: "proven", because: "" },
          { ...proof, product: "CSF", parts: ["CSF"], outcome: "unproven", because: "CSF is not in the lab" },
        ],
      }),
      row("missed", ["c"], ["a"], {
        proofs: [{ ...proof, product: "ufw", parts: ["ufw"], outcome: "wrong", because: "a is still there" }],
      }),
      row("healthy", [], ["d"]),
    ],
    0,
  );
  expect(totals).toMatchObject({
    scenarios: 3,
    withCause: 2,
    firstRight: 1,
    causes: 3,
    causesNamed: 2,
    missed: [{ scenario: "missed", cause: "c" }],
    invented: [
      { scenario: "missed", cause: "a" },
      { scenario: "healthy", cause: "d" },
    ],
    inventedOnHealthy: [{ scenario: "healthy", cause: "d" }],
    rivalsWithTruth: 1,
    twoFaults: 1,
    twoFaultsNamed: 1,
    attempts: { proven: 1, wrong: 1 },
    right: 2,
    wrong: 3,
  });
  expect(totals.remedies.map(({ product, outcome }) => `${product} ${outcome}`)).toEqual([
    "vsftpd proven",
    "nftables proven",
    "CSF unproven",
    "ufw wrong",
  ]);
});
