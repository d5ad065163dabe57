import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { foundIn } from "../compare.mjs";
import { probe } from "../probe.mjs";
import { LabProblem } from "../problem.mjs";
import { runToEnd } from "../processes.mjs";
import { onStage } from "../stage.mjs";
import { applyConfig, runCommands, wasRestarted } from "./apply.mjs";
import { INSTALLED, layAccounts } from "./installed.mjs";
import { trialsOf } from "./trials.mjs";
import { buildWall, wallOf } from "./walls.mjs";
import { Workshop } from "./workshop.mjs";

/** @typedef {import("../scenario.mjs").Scenario} Scenario */
/** @typedef {import("../stage.mjs").Context} Context */
/** @typedef {import("../topology.mjs").HostName} HostName */
/** @typedef {import("./trials.mjs").Trial} Trial */
/** @typedef {import("../../../src/model/report.ts").Report} Report */

/**
 * What became of one remedy in one scenario.
 * @typedef {object} Proof
 * @property {string} cause
 * @property {string} product
 * @property {string[]} parts the products whose lines were applied: a server and a firewall where a change has two halves
 * @property {"proven" | "wrong" | "unproven"} outcome `unproven`: not tried, or its world could not be built
 * @property {string} because empty where it is proven
 * @property {string[]} lines what was applied, as the report has it
 * @property {string[]} takenAsDone what the harness did in the machine's place
 */

/**
 * One remedy to be tried in one scenario.
 * @typedef {object} Task
 * @property {Scenario} scenario
 * @property {import("../compare.mjs").Found} before what was found there
 * @property {Trial} trial
 */

/**
 * What is to be tried of a report's remedies, and what cannot be.
 * @param {Scenario} scenario
 * @param {Report} report of that world
 * @param {Set<string>} seen what is tried once in a run for each cause, by key
 * @returns {{ tasks: Task[], untried: Proof[] }}
 */
export function plan(scenario, report, seen) {
  /** @type {Task[]} */
  const tasks = [];
  /** @type {Proof[]} */
  const untried = [];
  const before = foundIn(report);
  for (const finding of report.findings.filter(({ role }) => role === "cause")) {
    const all = trialsOf(finding, scenario);
    untried.push(...all.untried.map((remedy) => ({ ...remedy, parts: [remedy.product], ...UNTRIED })));
    for (const trial of all.trials) {
      const because = trial.wall === null ? null : noWall(trial.wall, scenario);
      if (because !== null)
        untried.push({ cause: trial.cause, product: trial.product, parts: [trial.product], because, ...UNTRIED });
      else if (claim(trial, seen)) tasks.push({ scenario, before, trial });
    }
  }
  return { tasks, untried };
}

const UNTRIED = { outcome: /** @type {const} */ ("unproven"), lines: [], takenAsDone: [] };

/**
 * @param {import("./walls.mjs").WallProduct} product
 * @param {Scenario} scenario
 */
function noWall(product, scenario) {
  const wall = wallOf(product, scenario);
  return typeof wall === "string" ? wall : null;
}

/**
 * A firewall that needs a world of its own is tried once for each cause: its lines are the same in every scenario.
 * @param {Trial} trial
 * @param {Set<string>} seen
 */
function claim({ cause, product, wall, host }, seen) {
  if (wall === null) return true;
  const key = `${cause} ${product} ${host}`;
  return !seen.has(key) && Boolean(seen.add(key));
}

/**
 * Applies a remedy on a stage of its own and asks again.
 * @param {Task} task
 * @param {Context} shared
 * @param {number} number of the task in this run
 * @returns {Promise<Proof>}
 */
export async function prove({ trial, scenario, before }, shared, number) {
  const context = { ...shared, folder: join(shared.folder, `proof-${number}`) };
  await mkdir(context.folder);
  const { cause, product, server, firewall } = trial;
  const lines = [server, firewall].flatMap((remedy) => [
    ...(remedy?.config ?? []).map(({ file, line }) => `${file}: ${line}`),
    ...(remedy?.commands ?? []),
  ]);
  /** @type {Map<HostName, Workshop>} */
  const workshops = new Map();
  let alone = false;
  const onlyServer = () => {
    alone = true;
  };
  /** @type {(outcome: Proof["outcome"], because: string) => Promise<Proof>} */
  const proof = async (outcome, because) => {
    const takenAsDone = (await Promise.all([...workshops.values()].map((workshop) => workshop.takenAsDone()))).flat();
    const parts = (alone ? [server] : [server, firewall]).flatMap((remedy) => remedy?.product ?? []);
    return { cause, product, parts, outcome, because, lines, takenAsDone };
  };
  try {
    const wrong = await play(trial, scenario, before, context, workshops, onlyServer);
    return await proof(wrong === null ? "proven" : "wrong", wrong ?? "");
  } catch (error) {
    if (error instanceof WorldDiffers) return proof("unproven", error.message);
    if (error instanceof LabProblem) return proof("wrong", `the lab itself: ${error.message}`);
    throw error;
  }
}

/** The world that a trial needs cannot be built, or does not show the fault. */
class WorldDiffers extends Error {}

/**
 * @param {Trial} trial
 * @param {Scenario} scenario
 * @param {import("../compare.mjs").Found} before
 * @param {Context} context
 * @param {Map<HostName, Workshop>} workshops
 * @param {() => void} onlyServer told where the server's half of a change has mended all
 * @returns {Promise<string | null>} what is wrong with the remedy; null where it is proven
 */
async function play(trial, scenario, before, context, workshops, onlyServer) {
  const { cause, server, firewall, host } = trial;
  const wall = trial.wall === null ? null : wallOf(trial.wall, scenario);
  if (typeof wall === "string") throw new WorldDiffers(wall);
  const installation = server === null ? null : (INSTALLED[server.product] ?? null);
  /** @type {string | null} */
  let failed = null;
  /** @type {(world: import("../net.mjs").World, host: HostName) => Promise<Workshop>} */
  const workshopOn = async (world, on) => {
    const open =
      workshops.get(on) ?? (await Workshop.open(world, on, context.packages, join(context.folder, scenario.name)));
    workshops.set(on, open);
    return open;
  };
  /** @type {(world: import("../net.mjs").World) => import("../servers.mjs").Install} */
  const installer = (world) => async (laid) => {
    const workshop = await workshopOn(world, "server");
    await layAccounts(laid, workshop);
    if (server === null || installation === null) return workshop.argv(laid.argv);
    await installation.installed.lay(laid, workshop);
    const old = await installation.installed.argv(laid, workshop);
    for (const { value } of server.config ?? []) {
      // A certificate has to be had from an authority first.
      if (/^\/[\w./-]+\.(?:pem|crt|key)$/.test(value) && (await workshop.read(value)) === "") {
        throw new WorldDiffers(`there is no ${value} here`);
      }
    }
    const changed = await applyConfig(server.config ?? [], workshop);
    const settingsOnly = (server.commands ?? []).every((line) => line.startsWith("systemctl "));
    if ((server.config ?? []).length > 0 && !changed && settingsOnly) {
      throw new WorldDiffers("the server has these settings already");
    }
    failed ??= await runCommands(server.commands ?? [], workshop, false);
    const { service } = installation.installed;
    // A list of who may connect is read anew for every session; all else needs a new start.
    const needsRestart = (server.config ?? []).some(({ file }) => file !== "/etc/hosts.allow");
    if (needsRestart && !(await wasRestarted(service, workshop))) failed ??= `nothing restarts ${service}`;
    return workshop.argv(failed === null ? await installation.installed.argv(laid, workshop) : old);
  };
  const played = {
    ...scenario,
    ...(wall === null ? {} : { firewall: {} }),
    ...(trial.product === "iptables" ? { topology: { ...scenario.topology, natTable: "topology_nat" } } : {}),
    ...(scenario.server === null && installation !== null ? { server: { product: installation.product } } : {}),
  };
  const whole = server === null ? undefined : installer;
  return onStage(
    played,
    context,
    async (stage) => {
      if (wall !== null) await buildWall(wall, await workshopOn(stage.world, wall.host));
      if (wall !== null || (server !== null && firewall !== null)) {
        // The fault must be there with this firewall too. Where the server's half of the change mends all, the other half proves nothing.
        const now = await judged(played, stage, context);
        if (server !== null && remains(cause, before, now, scenario) === null) {
          onlyServer();
          return failed;
        }
        const there = now.causes.join(", ") || "nothing";
        if (wall !== null && !now.causes.includes(cause)) {
          throw new WorldDiffers(`with ${trial.wall} this world shows ${there}`);
        }
      }
      if (firewall !== null) {
        const forwards = host === "router" && !firewall.commands?.some((line) => /\bforward\b|FORWARD/.test(line));
        failed ??= await runCommands(firewall.commands ?? [], await workshopOn(stage.world, host), forwards);
      }
      return failed ?? remains(cause, before, await judged(played, stage, context), scenario);
    },
    whole,
  );
}

/**
 * @param {Scenario} scenario
 * @param {import("../stage.mjs").Stage} stage
 * @param {Context} context
 */
async function judged(scenario, stage, { accounts }) {
  const { run, complaints } = await probe(scenario, stage, accounts.password);
  const report = run?.reports?.[0];
  if (report === undefined) throw new LabProblem(`no report: ${complaints.join("; ")}`);
  return foundIn(report);
}

/**
 * What speaks against a remedy, after it was applied: the cause is still there, or something new is.
 * @param {string} cause
 * @param {import("../compare.mjs").Found} before
 * @param {import("../compare.mjs").Found} after
 * @param {Scenario} scenario one fault may hide another until it is mended
 * @returns {string | null}
 */
function remains(cause, before, after, { expect }) {
  if (after.causes.includes(cause)) return `${cause} is still there`;
  const known = [...before.causes, ...expect.causes, ...(expect.rivals ?? [])];
  const worse = after.causes.filter((id) => !known.includes(id) && after.severities[id] !== "notice");
  if (worse.length > 0) return `now there is ${worse.join(", ")}`;
  const only = [...before.causes, ...expect.causes].every((id) => id === cause);
  return only && after.verdict !== "healthy" ? `${cause} is gone, but the verdict is ${after.verdict}` : null;
}

/**
 * Runs the commands that the report gives to whoever uses a client: they must succeed in this very world.
 * @param {Report} report
 * @param {import("../stage.mjs").Stage} stage
 * @returns {Promise<{ command: string, works: boolean, words: string }[]>}
 */
export async function tryAdvice(report, stage) {
  const commands = report.findings.flatMap(({ remedies }) =>
    remedies
      .filter(({ who, product }) => who === "client-user" && product === "any")
      .flatMap((remedy) => remedy.commands ?? []),
  );
  const tried = [];
  // curl would ask for a password, or refuse the lab's own certificate where the probe itself was not given the lab's authority.
  const runnable = (/** @type {string} */ line) =>
    line.startsWith("curl ") && !line.includes("--user") && (!line.includes("--ssl") || line.includes("--cacert"));
  const folder = await stage.handedOut();
  for (const command of new Set(commands.filter(runnable))) {
    const { code, stderr } = await runToEnd(
      stage.asClient(["timeout", "30", "sh", "-c", `cd '${folder}' && ${command} --noproxy '*' -sS`]),
    );
    tried.push({ command, works: code === 0, words: stderr.trim().split("\n").at(-1) ?? "" });
  }
  return tried;
}
