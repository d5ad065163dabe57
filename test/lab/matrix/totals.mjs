/** @typedef {import("./matrix.mjs").Row} Row */

/**
 * @typedef {object} Totals
 * @property {number} scenarios
 * @property {number} verdictsRight
 * @property {number} withCause scenarios in which there is a fault to be named
 * @property {number} firstRight of these, how many have the right cause in first place
 * @property {number} causes how many there are to be named
 * @property {number} causesNamed
 * @property {Named[]} missed
 * @property {Named[]} invented
 * @property {Named[]} inventedOnHealthy of these, what was named as warning or worse where nothing is wrong
 * @property {number} rivalsWithTruth missed causes, and truths that cannot be told from the cause named, that stand among the rivals
 * @property {number} rivalsWithoutTruth the same, where they do not
 * @property {number} twoFaults scenarios with two faults or more
 * @property {number} twoFaultsNamed of these, how many have them all named
 * @property {{ proven: number, wrong: number }} attempts remedies tried, in all scenarios
 * @property {RemedyTotal[]} remedies
 * @property {{ works: number, fails: number }} advice commands for clients
 * @property {number} right scenarios and remedies with nothing wrong
 * @property {number} wrong
 * @property {number} seconds
 *
 * @typedef {{ scenario: string, cause: string }} Named
 *
 * One remedy over all scenarios: one product's for one cause.
 * @typedef {object} RemedyTotal
 * @property {string} cause
 * @property {string} product
 * @property {"proven" | "wrong" | "unproven" | "words"} outcome `words`: it has nothing that a machine could carry out
 * @property {string[]} because why it is not proven
 * @property {number} scenarios in which it was tried
 */

/**
 * @param {readonly Row[]} rows
 * @param {number} ms
 * @returns {Totals}
 */
export function totalsOf(rows, ms) {
  const withCause = rows.filter(({ expected }) => expected.causes.length > 0);
  const twoFaults = rows.filter(({ expected }) => expected.causes.length > 1);
  const missed = rows.flatMap((row) => missedIn(row).map((cause) => ({ scenario: row.name, cause })));
  const invented = rows.flatMap((row) => inventedIn(row).map((cause) => ({ scenario: row.name, cause })));
  const rivals = rows.flatMap((row) =>
    [...missedIn(row), ...(row.expected.rivals ?? [])].map((cause) => row.found?.rivals.includes(cause) ?? false),
  );
  const proofs = rows.flatMap((row) => row.proofs);
  const advice = rows.flatMap((row) => row.advice);
  const attempts = { proven: count(proofs, "proven"), wrong: count(proofs, "wrong") };
  const failing = advice.filter(({ works }) => !works).length;
  const rightRows = rows.filter(({ complaints }) => complaints.length === 0).length;
  const causes = rows.flatMap(({ expected }) => expected.causes).length;
  return {
    scenarios: rows.length,
    verdictsRight: rows.filter(verdictIsRight).length,
    withCause: withCause.length,
    firstRight: withCause.filter(({ expected, found }) => found?.causes[0] === expected.causes[0]).length,
    causes,
    causesNamed: causes - missed.length,
    missed,
    invented,
    inventedOnHealthy: invented.filter(({ scenario, cause }) => isWorseThanNotice(rows, scenario, cause)),
    rivalsWithTruth: rivals.filter(Boolean).length,
    rivalsWithoutTruth: rivals.filter((named) => !named).length,
    twoFaults: twoFaults.length,
    twoFaultsNamed: twoFaults.filter((row) => missedIn(row).length === 0).length,
    attempts,
    remedies: remedyTotals(proofs),
    advice: { works: advice.length - failing, fails: failing },
    right: rightRows + attempts.proven + advice.length - failing,
    wrong: rows.length - rightRows + attempts.wrong + failing,
    seconds: Math.round(ms / 1000),
  };
}

/** @param {Row} row */
function verdictIsRight({ expected, found }) {
  return found !== null && [expected.verdict].flat().some((verdict) => verdict === found.verdict);
}

/** @param {Row} row */
function missedIn({ expected, found }) {
  return expected.causes.filter((id) => !found?.causes.includes(id));
}

/** @param {Row} row */
function inventedIn({ expected, found }) {
  return (found?.causes ?? []).filter((id) => !expected.causes.includes(id));
}

/**
 * @param {readonly Row[]} rows
 * @param {string} scenario
 * @param {string} cause
 */
function isWorseThanNotice(rows, scenario, cause) {
  const row = rows.find(({ name }) => name === scenario);
  return row?.expected.verdict === "healthy" && row.found?.severities[cause] !== "notice";
}

/**
 * @param {readonly import("../proving/prove.mjs").Proof[]} proofs
 * @param {string} wanted
 */
function count(proofs, wanted) {
  return proofs.filter(({ outcome }) => outcome === wanted).length;
}

/**
 * @param {readonly import("../proving/prove.mjs").Proof[]} proofs
 * @returns {RemedyTotal[]}
 */
function remedyTotals(proofs) {
  /** @type {Map<string, import("../proving/prove.mjs").Proof[]>} */
  const byRemedy = new Map();
  for (const proof of proofs) {
    for (const part of proof.parts) {
      const key = `${proof.cause}\n${part}`;
      byRemedy.set(key, [...(byRemedy.get(key) ?? []), proof]);
    }
  }
  return [...byRemedy].map(([key, all]) => {
    const [cause = "", product = ""] = key.split("\n");
    const tried = all.filter(({ outcome }) => outcome !== "unproven");
    const outcome = tried.some((proof) => proof.outcome === "wrong")
      ? "wrong"
      : tried.length > 0
        ? "proven"
        : untried(all);
    const because =
      outcome === "proven" ? [] : [...new Set(all.map((proof) => proof.because).filter((text) => text !== ""))];
    return { cause, product, outcome, because, scenarios: tried.length };
  });
}

/**
 * @param {readonly import("../proving/prove.mjs").Proof[]} proofs
 * @returns {"words" | "unproven"}
 */
function untried(proofs) {
  const words = /^(?:words only|its commands only show|advice for a client)/;
  return proofs.every(({ because }) => words.test(because)) ? "words" : "unproven";
}
