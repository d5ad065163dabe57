/** @typedef {import("../../../src/model/report.ts").Report} Report */

/**
 * Whether a client did what the forecast says. That it hangs where it is said to fail is the same to its user. A forecast that does not
 * tell is neither right nor wrong. Not comparable: there is no forecast, or the listing failed for a reason that no mode can mend.
 * @param {import("./ask.mjs").ClientForecast | null} forecast
 * @param {import("./ask.mjs").Reality} reality
 * @returns {import("./ask.mjs").Asked["agreement"]}
 */
export function agreementOf(forecast, reality) {
  if (forecast === null || reality.outcome === "flags-refused") return "not comparable";
  if (forecast.outcome === "unknown") return "unknown";
  const outcome = reality.outcome === "hangs" ? "fails" : reality.outcome;
  if (forecast.outcome !== outcome) return "DISAGREES";
  return outcome === "fails" || forecast.mode === reality.mode ? "agrees" : "DISAGREES";
}

/**
 * What the server takes by itself, in milliseconds: a client that waits for a slow greeting, login or listing waits for nothing to fail.
 * @param {Report} report
 */
export function ownMs({ control, modes, evidence }) {
  const greeting = control.flatMap(({ outcome, greetingMs }) => (outcome === "ready" ? [greetingMs ?? 0] : []));
  const logins = evidence.experiments.flatMap((record) =>
    record.experiment === "login" ? [record.exchanges.reduce((sum, { ms }) => sum + ms, 0)] : [],
  );
  const listings = modes.flatMap(({ result, ms }) => (result === "works" ? [ms] : []));
  return Math.max(0, ...greeting) + Math.max(0, ...logins) + Math.min(...(listings.length > 0 ? listings : [0]));
}
