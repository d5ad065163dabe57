/**
 * What one probe found, in the terms of a scenario's expectation.
 * @typedef {object} Found
 * @property {string} verdict
 * @property {string[]} causes
 * @property {string[]} named ids of all findings
 * @property {string[]} rivals ids of what else the causes may be
 * @property {Record<string, string>} severities by finding
 * @property {Record<string, string>} control outcome by address
 * @property {Record<string, string>} modes result by `mode/protection/family`
 * @property {string | null} advertised address in 227; in clear, where both protections were measured
 * @property {string | null} advertisedUnderTls
 * @property {string | null} product
 * @property {Record<string, string>} rates of a repeated run
 * @property {string[]} changes of a repeated run
 * @property {{ min: number, max: number } | null} observed smallest and largest port offered
 * @property {import("../../src/model/report.ts").PortEstimate | null} estimate
 * @property {Record<string, string[]>} swept by family, the runs of equal answers
 * @property {Record<string, string[]>} called by family, the runs of equal outcome
 * @property {string | null} fromPort20 over IPv4
 * @property {string} summary
 */

/**
 * @param {import("../../src/model/report.ts").Report} report
 * @returns {Found}
 */
export function foundIn(report) {
  const offers = report.modes
    .filter(({ mode }) => mode === "pasv")
    .map(({ protection, advertised }) => ({ protection, address: advertised?.replace(/:\d+$/, "") ?? null }));
  return {
    verdict: report.verdict,
    causes: report.findings.filter(({ role }) => role === "cause").map(({ id }) => id),
    named: report.findings.map(({ id }) => id),
    rivals: report.findings.flatMap(({ role, rivals }) => (role === "cause" ? rivals.map(({ cause }) => cause) : [])),
    severities: Object.fromEntries(report.findings.map(({ id, severity }) => [id, severity])),
    control: Object.fromEntries(report.control.map(({ address, outcome }) => [address, outcome])),
    modes: Object.fromEntries(report.modes.map((row) => [`${row.mode}/${row.protection}/${row.family}`, row.result])),
    advertised: offers.find(({ protection }) => protection === "clear")?.address ?? offers[0]?.address ?? null,
    advertisedUnderTls: offers.find(({ protection }) => protection === "tls")?.address ?? null,
    swept: Object.fromEntries(
      (report.ports.sweeps ?? []).map((sweep) => [familyOf(sweep.address), intervalsOf(sweep)]),
    ),
    called: Object.fromEntries((report.ports.active ?? []).map((reach) => [reach.family, intervalsOf(reach)])),
    fromPort20: report.ports.active?.find(({ family }) => family === "ipv4")?.fromPort20 ?? null,
    observed: report.ports.observed,
    estimate: report.ports.estimate ?? null,
    summary: report.summary,
    product: report.control.find(({ product }) => product !== null)?.product?.name ?? null,
    rates: Object.fromEntries(
      (report.steadiness?.modes ?? []).map(({ mode, protection, family, works, of }) => [
        `${mode}/${protection}/${family}`,
        `${works} of ${of}`,
      ]),
    ),
    changes: (report.steadiness?.changes ?? []).map(({ what }) => what),
  };
}

/** @param {string | undefined} address */
function familyOf(address) {
  return address?.includes(":") ? "ipv6" : "ipv4";
}

/** @param {{ intervals: { from: number, to: number, state: string }[], untried?: number }} sweep */
function intervalsOf({ intervals, untried = 0 }) {
  const runs = intervals.map(({ from, to, state }) => `${from === to ? from : `${from}-${to}`} ${state}`);
  return untried === 0 ? runs : [...runs, `${untried} untried`];
}

/**
 * What differs, one line each; empty when everything is as it should be.
 * @param {import("./scenario.mjs").Expected} expected
 * @param {Found} found
 * @returns {string[]}
 */
export function differences(expected, found) {
  const lines = [
    ...differ("verdict", expected.verdict, found.verdict),
    ...differ("causes", expected.causes.join(", ") || "none", found.causes.join(", ") || "none"),
    ...(expected.notCauses ?? []).filter((id) => found.named.includes(id)).map((id) => `${id}: must not be named`),
  ];
  for (const id of expected.rivals ?? []) {
    if (!found.rivals.includes(id)) lines.push(`${id}: is the truth, and not among the rivals`);
  }
  for (const [id, severity] of Object.entries(expected.severities ?? {})) {
    // A finding that is missing was told of already.
    if (id in found.severities) lines.push(...differ(`severity of ${id}`, severity, found.severities[id]));
  }
  for (const [address, outcome] of Object.entries(expected.control ?? {})) {
    lines.push(...differ(`control connection to ${address}`, outcome, found.control[address]));
  }
  for (const [row, result] of Object.entries(expected.modes)) lines.push(...differ(row, result, found.modes[row]));
  for (const [row, result] of Object.entries(found.modes)) {
    const quiet = result === "skipped" || result === "unsupported";
    if (!(row in expected.modes) && !quiet) lines.push(...differ(row, "no row", result));
  }
  if (expected.advertised !== undefined) lines.push(...differ("address in 227", expected.advertised, found.advertised));
  if (expected.advertisedUnderTls !== undefined) {
    lines.push(...differ("address in 227 under TLS", expected.advertisedUnderTls, found.advertisedUnderTls));
  }
  for (const [row, rate] of Object.entries(expected.rates ?? {})) {
    lines.push(...differ(`rate of ${row}`, rate, found.rates[row]));
  }
  if (expected.changes !== undefined) {
    lines.push(...differ("changes", expected.changes.join(", ") || "none", found.changes.join(", ") || "none"));
  }
  if (expected.product !== undefined) lines.push(...differ("product", expected.product, found.product));
  for (const [family, runs] of Object.entries(expected.swept ?? {})) {
    lines.push(...differ(`ports over ${family}`, runs.join(", "), found.swept[family]?.join(", ")));
  }
  for (const [family, runs] of Object.entries(expected.called ?? {})) {
    lines.push(...differ(`called over ${family}`, runs.join(", "), found.called[family]?.join(", ")));
  }
  if (expected.fromPort20 !== undefined) {
    const any = [expected.fromPort20].flat();
    if (!any.includes(found.fromPort20))
      lines.push(`from port 20: expected ${any.join(" or ")}, found ${found.fromPort20}`);
  }
  if (expected.estimate !== undefined) lines.push(...misjudged(expected.estimate, found));
  for (const words of expected.says ?? []) {
    if (!found.summary.includes(words)) lines.push(`summary: does not say "${words}", but: ${found.summary}`);
  }
  return lines;
}

/**
 * @param {import("./scenario.mjs").Estimated} expected
 * @param {Found} found
 */
function misjudged({ allocation, truth, remarks }, { estimate, observed }) {
  if (estimate === null || observed === null) return ["estimate: none was made"];
  const { likely } = estimate;
  const shared = likely === null ? 0 : Math.min(likely.to, truth.to) - Math.max(likely.from, truth.from) + 1;
  const widest = likely === null ? 1 : Math.max(likely.to - likely.from, truth.to - truth.from) + 1;
  const inside = observed.min >= truth.from && observed.max <= truth.to;
  return [
    ...differ("allocation", allocation, estimate.allocation),
    ...(inside ? [] : [`ports offered: expected ${truth.from}-${truth.to}, found ${observed.min}-${observed.max}`]),
    ...(shared / widest >= 0.75 ? [] : [`likely range: ${JSON.stringify(likely)}, and is ${JSON.stringify(truth)}`]),
    ...differ("remarks", remarks.join(", ") || "none", estimate.remarks.map(({ kind }) => kind).join(", ") || "none"),
  ];
}

/**
 * @param {string} what
 * @param {import("./scenario.mjs").OneOf<string>} expected
 * @param {string | null | undefined} found
 */
function differ(what, expected, found) {
  const any = /** @type {readonly (string | null | undefined)[]} */ ([expected].flat());
  return any.includes(found) ? [] : [`${what}: expected ${any.join(" or ")}, found ${found ?? "nothing"}`];
}
