/** @typedef {import("./compare.mjs").Found} Found */
/** @typedef {import("../../src/model/report.ts").Report} Report */

/** What a report says of a mode that fails in a way no known fault explains. */
const UNEXPLAINED = "mode-unexplained";

/**
 * Servers that now and then fail by themselves, whatever world they stand in. pyftpdlib does (ioloop.py, del_channel; its pull request
 * 657 of 2024): what opened an active data connection gives the connection's number back twice, and where a passive one of another
 * session has got that number by then, the server hears nothing of it any more.
 * @type {readonly string[]}
 */
const PRONE = ["pyftpdlib"];

/**
 * What was found, without an accident of the server's own that the report tells rightly: of a passive mode that it stalled once, and
 * worked each time it was tried again. All else must be as expected.
 * @param {Found} found
 * @param {Report} report
 * @param {string | undefined} product
 * @returns {Found}
 */
export function lessAccidents(found, report, product) {
  const told = report.findings.find(({ id }) => id === UNEXPLAINED);
  if (!PRONE.includes(product ?? "") || told?.args["once"] !== true) return found;
  const rows = report.modes.filter(({ record }) => told.evidence.includes(record));
  const others = (/** @type {string[]} */ ids) => ids.filter((id) => id !== UNEXPLAINED);
  const { [UNEXPLAINED]: _, ...severities } = found.severities;
  return {
    ...found,
    causes: others(found.causes),
    named: others(found.named),
    severities,
    modes: {
      ...found.modes,
      ...Object.fromEntries(rows.map(({ mode, protection, family }) => [`${mode}/${protection}/${family}`, "works"])),
    },
  };
}
