import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { SERVER } from "./addresses.mjs";
import { LabProblem } from "./problem.mjs";
import { runToEnd } from "./processes.mjs";
import { credentialsOf } from "./scenario.mjs";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const COMMAND = `${PROJECT}bin/ftp-doctor.js`;
const SCHEMA = `${PROJECT}dist/schema.json`;
/** Far above what any probe may take; a probe that hangs must not hang the lab. */
const LIMIT_MS = 90_000;

/** @throws {LabProblem} where there is no built command line to test */
export function assertBuilt() {
  if (!existsSync(COMMAND) || !existsSync(SCHEMA)) throw new LabProblem("the command line is not built: npm run build");
}

/**
 * What the command line said about a scenario.
 * @typedef {object} Probed
 * @property {import("./processes.mjs").Ended} ended
 * @property {string[]} argv as it was run in the client's namespace
 * @property {any} run the parsed run object; null where standard output was none
 * @property {string[]} complaints what is wrong with the output itself, whatever it says
 */

/**
 * Runs the built command line where the client stands.
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {import("./stage.mjs").Stage} stage
 * @param {string} password
 * @returns {Promise<Probed>}
 */
export async function probe({ command = "probe", target = SERVER, login, options = [], trustsLab }, stage, password) {
  const credentials = credentialsOf(login, password);
  const user = credentials === null ? [] : ["--user", credentials.user];
  const trust = trustsLab ? ["--ca-file", stage.authority] : [];
  const argv = [
    process.execPath,
    COMMAND,
    command,
    target,
    "--format",
    "json",
    "--no-progress",
    ...user,
    ...trust,
    ...options,
  ];
  const env = {
    ...withoutProxies(process.env),
    ...(credentials === null ? {} : { FTP_DOCTOR_PASSWORD: credentials.password }),
  };
  const ended = await runToEnd(stage.asClient(argv), { env, limitMs: LIMIT_MS });
  const { run, complaints } = read(ended);
  if (`${ended.stdout}${ended.stderr}`.includes(password)) complaints.push("the password stands in the output");
  return { ended, argv, run, complaints };
}

/** The machine's proxy settings are of no use in the lab, and the command line refuses them. @param {NodeJS.ProcessEnv} env */
function withoutProxies(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/_proxy$/i.test(name)));
}

/** @param {import("./processes.mjs").Ended} ended */
function read({ code, stdout, stderr, overdue }) {
  if (overdue) return { run: null, complaints: [`it did not end within ${LIMIT_MS / 1000} s`] };
  try {
    const run = JSON.parse(stdout);
    return { run, complaints: [...schemaComplaints(run), ...exitComplaints(run, code)] };
  } catch {
    const words = stderr.trim().split("\n").at(-1) ?? "";
    return { run: null, complaints: [`exit code ${code} and no JSON: ${words}`] };
  }
}

/** @type {import("ajv").ValidateFunction | undefined} */
let validate;

/** @param {unknown} run */
function schemaComplaints(run) {
  validate ??= new Ajv({ allowUnionTypes: true, strict: false }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
  if (validate(run)) return [];
  return (validate.errors ?? []).slice(0, 3).map(({ instancePath, message }) => `schema: ${instancePath} ${message}`);
}

/**
 * @param {any} run
 * @param {number | null} code
 */
function exitComplaints(run, code) {
  const expected = ["healthy", "degraded", "broken", "undetermined"].indexOf(run?.verdict);
  return code === expected ? [] : [`exit code ${code} for the verdict ${run?.verdict}`];
}
