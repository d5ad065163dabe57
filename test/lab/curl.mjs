import { SERVER } from "./addresses.mjs";
import { runToEnd } from "./processes.mjs";
import { credentialsOf } from "./scenario.mjs";

/**
 * A second opinion on a scenario's truth: curl transfers a listing in every mode that the scenario says something of. It holds no
 * judgement of ours, so a scenario that curl disagrees with does not show what it claims.
 */

/** Enough for two repetitions of a SYN. */
const LIMIT_S = 4;
/** curl's options for one mode; `fallback` is the command by which curl shows that the mode itself had failed. */
const MODES = {
  epsv: { options: [], fallback: "> PASV" },
  pasv: { options: ["--disable-epsv", "--no-ftp-skip-pasv-ip"], fallback: null },
  eprt: { options: ["--ftp-port", "-"], fallback: "> PORT" },
  port: { options: ["--ftp-port", "-", "--disable-eprt"], fallback: null },
};

/**
 * @typedef {object} Opinion
 * @property {Record<string, { agrees: boolean, saw: string }>} rows by `mode/protection/family`, or `control` where no mode is expected
 * @property {boolean} agrees
 */

/**
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {import("./stage.mjs").Stage} stage
 * @param {string} password
 * @returns {Promise<Opinion>}
 */
export async function askCurl({ target = SERVER, login, expect, trustsLab }, stage, password) {
  const credentials = credentialsOf(login, password);
  const user = credentials === null ? [] : ["--user", `${credentials.user}:${credentials.password}`];
  /** @param {string[]} options */
  const transfer = async (options) => {
    const argv = [
      "curl",
      "-sS",
      "-v",
      "-m",
      `${LIMIT_S}`,
      "--noproxy",
      "*",
      ...user,
      ...options,
      target.includes("://") ? `${target}/` : `ftp://${target}/`,
    ];
    const { code, stderr } = await runToEnd(stage.asClient(argv), { limitMs: 30_000 });
    return { code, stderr };
  };
  const trust = trustsLab ? ["--cacert", stage.authority] : ["--insecure"];
  /** @type {Opinion["rows"]} */
  const rows = {};
  // One after the other: some servers allow one session only.
  for (const [key, any] of Object.entries(expect.modes)) {
    const expected = [any].flat();
    rows[key] = await askForMode(key, expected, transfer, trust, expect);
  }
  if (Object.keys(rows).length === 0) {
    const { code, stderr } = await transfer([]);
    rows.control = { agrees: code !== 0, saw: inShort(code, stderr) };
  }
  return { rows, agrees: Object.values(rows).every(({ agrees }) => agrees) };
}

/**
 * @param {string} key
 * @param {readonly string[]} expected any of which will do
 * @param {(options: string[]) => Promise<{ code: number | null, stderr: string }>} transfer
 * @param {string[]} trust options for what curl is to make of certificates
 * @param {import("./scenario.mjs").Expected} truth
 */
async function askForMode(key, expected, transfer, trust, truth) {
  const [mode = "", protection, family] = key.split("/");
  const tls = protection === "tls" ? ["--ssl-reqd", ...trust] : [];
  const advertised = (protection === "tls" ? truth.advertisedUnderTls : undefined) ?? truth.advertised;
  const { options, fallback } = MODES[/** @type {keyof typeof MODES} */ (mode)];
  const common = [...tls, ...options, family === "ipv6" ? "-6" : "-4"];
  const { code, stderr } = await transfer(common);
  const named = /^< 227 [^(]*\((\d+),(\d+),(\d+),(\d+),/m.exec(stderr)?.slice(1).join(".");
  if (mode === "pasv" && advertised !== undefined && named !== advertised) {
    return { agrees: false, saw: `227 names ${named ?? "nothing"}` };
  }
  const works = code === 0 && (fallback === null || !stderr.includes(fallback));
  const repaired = !works && mode === "pasv" && (await transfer([...common, "--ftp-skip-pasv-ip"])).code === 0;
  // The first reply after the mode's command: curl prints both in order.
  const reply = new RegExp(`^> ${mode}\\b.*\\r?\\n(?:\\*.*\\n)*< (\\d)`, "im").exec(stderr)?.[1];
  const result = works
    ? "works"
    : repaired
      ? "repaired"
      : reply === "2"
        ? "blocked"
        : reply === "5"
          ? "refused"
          : "unknown";
  return { agrees: expected.includes(result), saw: `${result}, ${inShort(code, stderr)}` };
}

/**
 * The end of curl's transcript: its exit code, the failure of a connection, the last replies.
 * @param {number | null} code
 * @param {string} stderr
 */
function inShort(code, stderr) {
  const lines = stderr.split(/\r?\n/);
  const replies = lines.filter((line) => line.startsWith("< ")).slice(code === 0 ? -1 : -2);
  const failure =
    code === 0 ? [] : lines.filter((line) => /^(\* .*(failed|refused|timed out|unreachable)|curl:)/i.test(line));
  return [`exit ${code}`, ...replies, ...new Set(failure)].join(" | ");
}
