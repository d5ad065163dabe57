import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { probe } from "../probe.mjs";
import { LabProblem } from "../problem.mjs";
import { runOrFail, runToEnd } from "../processes.mjs";
import { credentialsOf } from "../scenario.mjs";
import { onStage } from "../stage.mjs";
import { agreementOf, ownMs } from "./agreement.mjs";
import { LOG, PROGRAMS } from "./programs.mjs";

/**
 * A client that waited this much longer than the server itself takes has waited for something to fail. It lies well above what starting a
 * program takes on a busy machine, and well below the shortest wait for a packet that is dropped (`SYN_RETRIES`).
 */
const DELAY_MS = 5000;
/**
 * How often a SYN is repeated on the lab's hosts while clients run: an unanswered connection then fails after 7 s instead of more than a
 * minute. The clients see the same error from the same call, only earlier; none of them has a limit of its own below 7 s.
 */
const SYN_RETRIES = 2;
/** A client that is still at it then hangs. It lets a client wait out four connections that nobody answers. */
const LIMIT_MS = 40_000;

/** A listing with flags that the server takes for a file's name, or that it does not know: it gets as far as a mode can get it. */
const FLAGS_REFUSED = /\b(?:LIST|NLST) -\w+'?\s+\S*\s*(?:[-\d]+ [:\d]+ +)?(?:5\d\d|45[01])[: ]/;

/**
 * What a client really did. `hangs`: no end within the limit, which to its user is a failure. `flags-refused`: the server refuses how the
 * client asks for a listing, on which a forecast about connections has nothing to say.
 * @typedef {object} Reality
 * @property {"works" | "works-after-delay" | "fails" | "hangs" | "flags-refused"} outcome
 * @property {string | null} mode the mode of its last attempt; null where it never came to one
 * @property {number} ms
 * @property {string} lastWords
 */

/** @typedef {import("../../../src/model/report.ts").ClientForecast} ClientForecast */

/**
 * @typedef {object} Asked
 * @property {string} client
 * @property {ClientForecast | null} forecast null where the report has none for this client
 * @property {Reality} reality
 * @property {"agrees" | "DISAGREES" | "unknown" | "not comparable"} agreement
 */

/**
 * @typedef {object} Answer
 * @property {import("../scenario.mjs").Scenario} scenario
 * @property {Asked[]} asked empty where the clients were not asked
 * @property {string | null} leftOut why they were not
 */

/**
 * Probes one scenario, then lets every client list the same target from the same place, one after the other: some servers allow one
 * session only.
 * @param {import("../scenario.mjs").Scenario} scenario
 * @param {import("../stage.mjs").Context} context
 * @param {string} basicFtp
 * @param {string | null} keep folder for the clients' transcripts
 * @returns {Promise<Answer>}
 */
export async function askClients(scenario, context, basicFtp, keep) {
  try {
    return await onStage(scenario, context, async (stage) => {
      const { run } = await probe(scenario, stage, context.accounts.password);
      const report = run?.reports?.[0];
      if (report === undefined) return { scenario, asked: [], leftOut: "the probe gave no report" };
      const { host, port, security } = report.target;
      await failSooner(stage);
      const login = credentialsOf(scenario.login, context.accounts.password);
      const tls = security === "explicit" || security === "implicit" ? security : null;
      // What the forecast knows of certificates is what the probe was given to verify them with.
      const authority = scenario.trustsLab ? stage.authority : null;
      const errand = { host, port, folder: report.evidence.target.path ?? "", login, tls, authority };
      const asked = [];
      for (const program of PROGRAMS) {
        const { ended, output, reality } = await send(program, program.call(errand, basicFtp), stage, ownMs(report));
        if (keep !== null) await keepTranscript(join(keep, scenario.name), program.id, ended, output);
        const forecast = report.clients?.find(({ client }) => client === program.id) ?? null;
        asked.push({ client: program.id, forecast, reality, agreement: agreementOf(forecast, reality) });
      }
      return { scenario, asked, leftOut: null };
    });
  } catch (error) {
    if (!(error instanceof LabProblem)) throw error;
    return { scenario, asked: [], leftOut: `the lab itself: ${error.message}` };
  }
}

/** After the probe, which has limits of its own. @param {import("../stage.mjs").Stage} stage */
async function failSooner({ world }) {
  for (const host of Object.keys(world.namespaces)) {
    const setting = `echo ${SYN_RETRIES} > /proc/sys/net/ipv4/tcp_syn_retries`;
    await runOrFail(world.argvIn(/** @type {import("../topology.mjs").HostName} */ (host), ["sh", "-c", setting]));
  }
}

/**
 * @param {import("./programs.mjs").Program} program
 * @param {import("./programs.mjs").Call} call
 * @param {import("../stage.mjs").Stage} stage
 * @param {number} serverMs what the server itself takes
 */
async function send({ id, sent, listed }, { argv, input }, stage, serverMs) {
  // A home of its own, so that nobody's .netrc or settings take part, and no proxies.
  const home = join(stage.folder, "clients", id);
  await mkdir(home, { recursive: true });
  const env = { PATH: process.env["PATH"], HOME: home, LC_ALL: "C.UTF-8", TERM: "dumb" };
  const ended = await runToEnd(stage.asClient(argv), { env, cwd: home, limitMs: LIMIT_MS, ...(input && { input }) });
  const log = await readFile(join(home, LOG), "utf8").catch(() => "");
  const output = `${ended.stdout}\n${log}\n${ended.stderr}`;
  if (ended.code === 127 || output.includes("ERR_MODULE_NOT_FOUND")) throw new LabProblem(`${id} is not installed`);
  const done = !ended.overdue && (listed === undefined ? ended.code === 0 : listed(output));
  const mode = [...output.matchAll(sent)].at(-1)?.[1]?.toLowerCase() ?? null;
  const late = ended.ms - serverMs > DELAY_MS;
  /** @type {Reality["outcome"]} */
  const outcome = done ? (late ? "works-after-delay" : "works") : failureOf(ended, output);
  return { ended, output, reality: { outcome, mode, ms: ended.ms, lastWords: lastWords(output) } };
}

/**
 * @param {import("../processes.mjs").Ended} ended
 * @param {string} output
 */
function failureOf({ overdue }, output) {
  if (FLAGS_REFUSED.test(output)) return "flags-refused";
  return overdue ? "hangs" : "fails";
}

/** The last line that looks like a failure or a reply. @param {string} output */
function lastWords(output) {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  return (
    lines.findLast((line) => /\b[45]\d\d[ :]|error|fail|refused|timed? ?out|unreachable|cannot|can't/i.test(line)) ?? ""
  );
}

/**
 * @param {string} folder
 * @param {string} client
 * @param {import("../processes.mjs").Ended} ended
 * @param {string} output
 */
async function keepTranscript(folder, client, { code, ms }, output) {
  await mkdir(folder, { recursive: true });
  const head = `exit ${code} after ${(ms / 1000).toFixed(1)} s`;
  await writeFile(join(folder, `client-${client}.txt`), `${head}\n\n${output}`);
}
