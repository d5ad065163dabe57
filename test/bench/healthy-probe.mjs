// A healthy probe of all four modes against curl doing the same four transfers as four processes, in the lab, in one run.
// `npm run bench -- healthy-probe` (root and Linux, as the lab).
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Accounts } from "../lab/accounts.mjs";
import { SERVER } from "../lab/addresses.mjs";
import { Certificates } from "../lab/certificates.mjs";
import { cleanUpOnEveryExit } from "../lab/clean-up.mjs";
import { runOrFail } from "../lab/processes.mjs";
import { SCENARIOS } from "../lab/scenarios/index.mjs";
import { setUp } from "../lab/setup.mjs";
import { onStage } from "../lab/stage.mjs";
import { EMPTY_NODE, median, PROGRAM, runTimed, timeOf } from "./measure.mjs";

const ROUNDS = 15;
const SERVERS = ["vsftpd-healthy", "proftpd-healthy", "pure-ftpd-healthy"];
const URL_OF_SERVER = `ftp://${SERVER}/`;
/** What makes curl use each mode. */
const CURL_MODES = [[], ["--disable-epsv"], ["--ftp-port", "-"], ["--ftp-port", "-", "--disable-eprt"]];

if (process.argv[2] === "--inside") process.stdout.write(JSON.stringify(measure()));
else process.exitCode = await bench();

/** Where the client stands: takes the times, in turns so that a busy moment of the machine hits all alike. */
function measure() {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const empty = timeOf(EMPTY_NODE.program, EMPTY_NODE.args);
    const curl = CURL_MODES.reduce((sum, options) => sum + timeOf("curl", ["-s", ...options, URL_OF_SERVER]), 0);
    const probe = runTimed(process.execPath, [PROGRAM, "probe", SERVER, "--format", "json"]);
    const report = JSON.parse(probe.stdout).reports[0];
    if (report.verdict !== "healthy") throw new Error(`the probe found ${report.verdict}`);
    return { empty, curl, whole: probe.ms, duration: report.durationMs, connections: report.evidence.sessions.length };
  });
  const of = (/** @type {"empty" | "curl" | "whole" | "duration" | "connections"} */ name) =>
    rounds.map((round) => round[name]);
  return {
    empty: median(of("empty")),
    curl: median(of("curl")),
    whole: median(of("whole")),
    duration: median(of("duration")),
    connections: Math.max(...of("connections")),
  };
}

async function bench() {
  cleanUpOnEveryExit();
  const packages = await setUp((line) => process.stderr.write(`bench: ${line}\n`));
  const folder = await mkdtemp(join(tmpdir(), "ftp-doctor-bench-"));
  await chmod(folder, 0o755);
  const accounts = await Accounts.make();
  const certificates = new Certificates(join(folder, "certificates"));
  let missed = false;
  process.stdout.write(`medians of ${ROUNDS} rounds, Node ${process.version}\n`);
  process.stdout.write(
    "server              curl x 4   durationMs   ratio (goal <= 1)   whole process   over curl (goal <= 2 empty Nodes)\n",
  );
  try {
    for (const name of SERVERS) {
      const scenario = SCENARIOS.find((candidate) => candidate.name === name);
      if (scenario === undefined) throw new Error(`the lab has no scenario ${name}`);
      const stdout = await onStage(scenario, { packages, folder, accounts, certificates }, ({ asClient }) =>
        runOrFail(asClient([process.execPath, fileURLToPath(import.meta.url), "--inside"])),
      );
      const { empty, curl, whole, duration, connections } = JSON.parse(stdout);
      const ratio = duration / curl;
      const extra = (whole - curl) / empty;
      missed ||= ratio > 1 || extra > 2 || connections > 2;
      process.stdout.write(
        `${name.padEnd(20)}${ms(curl)}${ms(duration).padStart(13)}${ratio.toFixed(2).padStart(8)}${ms(whole).padStart(28)}` +
          `${extra.toFixed(2).padStart(12)} Nodes of ${ms(empty).trim()}; ${connections} control connections\n`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return missed ? 1 : 0;
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(1)} ms`.padStart(8);
}
