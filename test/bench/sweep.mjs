// Sweeps of passive ranges against nmap's connect scan, in the lab, each pair in one run: `npm run bench -- sweep`
// (root and Linux, as the lab; nmap from the package of that name). Classification is compared port by port with what
// the firewall really does.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { SERVER } from "../lab/addresses.mjs";
import { cleanUpOnEveryExit } from "../lab/clean-up.mjs";
import { buildWorld } from "../lab/net.mjs";
import { runToEnd } from "../lab/processes.mjs";
import { PROGRAM } from "./measure.mjs";

/** @typedef {{ from: number, to: number }} Range */
/** @typedef {{ name: string, range: Range, firewall: string, truth: (port: number) => string, peers: ("tuned" | "plain")[] }} Case */
/** @typedef {{ ms: number, states: Map<number, string>, peakMb: number, sweepMs: number, slowdowns: number }} Measured */

/** The range that IANA leaves to everybody, as most guides declare it. */
const RANGE = { from: 49_152, to: 65_534 };
/** Those below answer. */
const DROPPED_FROM = 50_152;
/** Nothing here takes longer; what does is ended. */
const LIMIT_MS = 240_000;
/** Peak memory, at most. */
const MEMORY_GOAL_MB = 200;
/** Of the tuned peer's time, at most. */
const TIME_GOAL = 0.5;
/** Dial limits until the verdict, at most. */
const VERDICT_GOAL = 2;
/** The listener behind redirected ports. */
const BEHIND = 2_100;

const PEERS = {
  tuned: ["-T5", "--max-retries", "1", "--min-rate", "5000"],
  plain: [],
};

const filtering = (/** @type {string} */ ...rules) =>
  `table inet filtering {\nchain input {\ntype filter hook input priority 0\n${rules.join("\n")}\n}\n}\n`;
const dropping = (/** @type {number} */ from, /** @type {number} */ to) => `tcp dport ${from}-${to} drop`;
const half = (/** @type {number} */ port) => (port < DROPPED_FROM ? "closed" : "filtered");

/** @type {Case[]} */
const CASES = [
  {
    name: "15,383 of 16,383 dropped",
    range: RANGE,
    firewall: filtering(dropping(DROPPED_FROM, 65_535)),
    truth: half,
    peers: ["tuned", "plain"],
  },
  { name: "all refused", range: RANGE, firewall: "", truth: () => "closed", peers: ["tuned"] },
  {
    name: "all open (redirected to one listener)",
    range: RANGE,
    firewall: `table inet nat {\nchain prerouting {\ntype nat hook prerouting priority -100\ntcp dport ${RANGE.from}-${RANGE.to} redirect to :${BEHIND}\n}\n}\n`,
    truth: () => "open",
    peers: ["tuned"],
  },
  {
    name: "15,383 dropped, 500 SYNs/s at most",
    range: RANGE,
    firewall: filtering(
      "tcp flags syn / fin,syn,rst,ack limit rate over 500/second burst 100 packets drop",
      dropping(DROPPED_FROM, 65_535),
    ),
    truth: half,
    peers: ["tuned"],
  },
];

/** Ranges that grow fourfold; a sixteenth answers. */
const GROWTH = [1_024, 4_096, 16_384, 64_512].map((size) => ({ from: 65_536 - size, to: 65_535 }));

/** Hosts whose data ports are all dropped: by a firewall that knows its own connections, as nearly all do, and by one that does not. */
const SILENT = [
  {
    name: "passive ports dropped, active modes work",
    rules: ["ct state established,related accept", "tcp dport 1024-65535 drop"],
  },
  { name: "everything dropped in both directions", rules: ["tcp dport 1024-65535 drop"] },
];

process.exitCode = await bench();

async function bench() {
  cleanUpOnEveryExit();
  if ((await runToEnd(["sh", "-c", "command -v nmap"])).code !== 0) {
    process.stderr.write("bench: there is no nmap here; on Debian: apt-get install nmap\n");
    return 3;
  }
  let missed = false;
  print(`${"case".padEnd(40)}who                 time    ratio   wrong ports   slowdowns   peak`);
  for (const one of CASES) missed = (await compare(one)) || missed;
  print(`\ngrowth (a sixteenth answers)${"".padEnd(12)}time     per port      peak (goal: under ${MEMORY_GOAL_MB} MB)`);
  for (const range of GROWTH) missed = (await grow(range)) || missed;
  print("");
  for (const one of SILENT) missed = (await verdict(one)) || missed;
  return missed ? 1 : 0;
}

/** @param {Case} one */
async function compare({ name, range, firewall, truth, peers }) {
  return inWorld(firewall, async (asClient) => {
    const own = await swept(asClient, range);
    const wrong = wrongOf(own.states, range, truth);
    row(name, "ftp-doctor", own.ms, null, wrong, own);
    row("", "  its sweep alone", own.sweepMs, null, wrong, own);
    let missed = wrong > 0 || own.peakMb > MEMORY_GOAL_MB;
    for (const peer of peers) {
      const scanned = await scan(asClient, range, PEERS[peer]);
      const ratio = own.ms / scanned.ms;
      row("", `nmap ${peer}`, scanned.ms, ratio, wrongOf(scanned.states, range, truth), null);
      // Where packets are lost on purpose, right goes before fast.
      if (peer === "tuned" && name.startsWith("15,383 of")) missed ||= ratio > TIME_GOAL;
    }
    return missed;
  });
}

/** @param {Range} range */
async function grow(range) {
  const size = range.to - range.from + 1;
  const answering = size / 16;
  const border = range.from + answering;
  return inWorld(filtering(dropping(border, range.to)), async (asClient) => {
    const own = await swept(asClient, range);
    const wrong = wrongOf(own.states, range, (port) => (port < border ? "closed" : "filtered"));
    const each = ((own.sweepMs / size) * 1_000).toFixed(0);
    print(
      `${`${size.toLocaleString("en-US")} ports`.padEnd(40)}${seconds(own.sweepMs)}   ${each.padStart(6)} us   ${own.peakMb.toFixed(0).padStart(6)} MB${wrong > 0 ? `   ${wrong} wrong` : ""}`,
    );
    return wrong > 0 || own.peakMb > MEMORY_GOAL_MB;
  });
}

/**
 * How soon a probe judges a host whose data ports are all dropped.
 * @param {typeof SILENT[number]} one
 */
async function verdict({ name, rules }) {
  return inWorld(filtering(...rules), async (asClient) => {
    const ended = await run(asClient([process.execPath, PROGRAM, "probe", SERVER, "--format", "json"]));
    const [report] = JSON.parse(ended.stdout).reports;
    const limits = report.evidence.experiments
      .filter((/** @type {{ experiment: string }} */ { experiment }) => experiment === "passive")
      .flatMap((/** @type {{ dialled: { limitMs: number }[] }} */ { dialled }) =>
        dialled.map(({ limitMs }) => limitMs),
      );
    const ratio = report.durationMs / Math.max(...limits);
    print(
      `verdict ${report.verdict}, ${name}: ${seconds(report.durationMs).trim()}, ${ratio.toFixed(2)} dial limits (goal: ${VERDICT_GOAL})`,
    );
    return report.verdict !== "broken" || ratio > VERDICT_GOAL;
  });
}

/**
 * Client and server in namespaces of their own, with an FTP server at port 21 whose passive ports lie outside all ranges.
 * @template T
 * @param {string} firewall nft text of the server
 * @param {(asClient: (argv: string[]) => string[]) => Promise<T>} use
 */
async function inWorld(firewall, use) {
  const ephemeral = ["sh", "-c", "echo 1024 1999 > /proc/sys/net/ipv4/ip_local_port_range"];
  const world = await buildWorld({}, firewall === "" ? {} : { server: firewall }, { server: [ephemeral] });
  try {
    const listener = `require("node:net").createServer((s) => s.on("error", () => {})).listen({ port: ${BEHIND}, backlog: 65535 })`;
    const servers = [[process.execPath, PROGRAM, "simulate", "--host", SERVER, "--port", "21"]];
    if (firewall.includes("redirect")) servers.push([process.execPath, "-e", listener]);
    for (const argv of servers) {
      const [program = "", ...args] = world.argvIn("server", argv);
      // The world ends what still runs in it.
      const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
      if (argv.includes("simulate")) await new Promise((resolve) => server.stdout.once("data", resolve));
      else await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    return await use((argv) => world.argvIn("client", argv));
  } finally {
    world.close();
  }
}

/**
 * @param {(argv: string[]) => string[]} asClient
 * @param {Range} range
 * @returns {Promise<Measured>}
 */
async function swept(asClient, range) {
  const asked = ["ports", SERVER, "--range", `${range.from}-${range.to}`, "--rate", "max", "--format", "json"];
  const { ms, stdout, peakMb } = await run(asClient([process.execPath, PROGRAM, ...asked]));
  const [report] = JSON.parse(stdout).reports;
  const record = report.evidence.experiments.find(
    (/** @type {{ experiment: string }} */ { experiment }) => experiment === "sweep",
  );
  /** @type {Map<number, string>} */
  const states = new Map();
  for (const { from, to, state } of record.intervals)
    for (let port = from; port <= to; port += 1) states.set(port, state);
  return { ms, states, peakMb, sweepMs: record.durationMs, slowdowns: record.slowdowns.length };
}

/**
 * @param {(argv: string[]) => string[]} asClient
 * @param {Range} range
 * @param {string[]} options
 */
async function scan(asClient, range, options) {
  const asked = ["-sT", "-Pn", "-n", ...options, "-p", `${range.from}-${range.to}`, "-oX", "-", SERVER];
  const { ms, stdout } = await run(asClient(["nmap", ...asked]));
  /** @type {Map<number, string>} */
  const states = new Map();
  for (const [, port, state] of stdout.matchAll(/<port protocol="tcp" portid="(\d+)"><state state="([^"]+)"/g)) {
    states.set(Number(port), state ?? "");
  }
  for (const [, state, inside] of stdout.matchAll(/<extraports state="([^"]+)"[^>]*>([\s\S]*?)<\/extraports>/g)) {
    for (const [, list = ""] of (inside ?? "").matchAll(/ports="([^"]+)"/g)) {
      for (const part of list.split(",")) {
        const [from = 0, to = from] = part.split("-").map(Number);
        for (let port = from; port <= to; port += 1) states.set(port, state ?? "");
      }
    }
  }
  return { ms, states };
}

/**
 * @param {Map<number, string>} states
 * @param {Range} range
 * @param {(port: number) => string} truth
 */
function wrongOf(states, range, truth) {
  let wrong = 0;
  for (let port = range.from; port <= range.to; port += 1) if (states.get(port) !== truth(port)) wrong += 1;
  return wrong;
}

/**
 * Runs a program to its end, whatever its exit code, and watches its memory.
 * @param {string[]} argv
 * @returns {Promise<{ ms: number, stdout: string, peakMb: number }>}
 */
function run(argv) {
  const [program = "", ...args] = argv;
  const begun = performance.now();
  // `ip netns exec` becomes the program it runs: the number stays.
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  let peakKb = 0;
  const watching = setInterval(() => {
    peakKb = Math.max(peakKb, peakOf(child.pid));
  }, 100);
  const limit = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    peakKb = Math.max(peakKb, peakOf(child.pid));
    stdout += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_code, signal) => {
      clearInterval(watching);
      clearTimeout(limit);
      const ms = performance.now() - begun;
      if (signal !== null) reject(new Error(`${args.join(" ")} was ended after ${seconds(ms)}`));
      else resolve({ ms, stdout, peakMb: peakKb / 1_024 });
    });
  });
}

/** @param {number | undefined} pid */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    // It has ended.
    return 0;
  }
}

/**
 * @param {string} name
 * @param {string} who
 * @param {number} ms
 * @param {number | null} ratio of our time to this one
 * @param {number} wrong
 * @param {Measured | null} own
 */
function row(name, who, ms, ratio, wrong, own) {
  const last = own === null ? "" : `${String(own.slowdowns).padStart(12)}${own.peakMb.toFixed(0).padStart(7)} MB`;
  const share = ratio === null ? "" : ratio.toFixed(2);
  print(`${name.padEnd(40)}${who.padEnd(17)}${seconds(ms)}${share.padStart(9)}${String(wrong).padStart(14)}${last}`);
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(8);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
