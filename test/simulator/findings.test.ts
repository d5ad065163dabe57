import { expect, it } from "vitest";
import { rules } from "../../src/diagnosis/rules/index.ts";
import { diagnose, type ProbeOptions, parseTarget, probe } from "../../src/index.ts";
import type { Report } from "../../src/model/report.ts";
import { Secret } from "../../src/model/secret.ts";
import { simulatorFaults } from "../../src/simulator/faults/index.ts";
import { TLS_DEMANDERS } from "../../src/simulator/faults/login.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { simWorld } from "../support/sim-network.ts";

const LOGIN: Partial<ProbeOptions> = { user: "demo", password: new Secret("demo"), allowCleartext: true };

/** Faults that show only to those who ask for it. */
const ASKING: Readonly<Record<string, { target?: string; options?: Partial<ProbeOptions>; value?: string }>> = {
  ...Object.fromEntries(
    simulatorFaults.filter(({ name }) => name.startsWith("tls-")).map(({ name }) => [name, { options: {} }]),
  ),
  "tls-implicit": { target: "ftps://203.0.113.5:21", options: { security: "implicit" } },
  "tls-required": {},
  "no-anonymous": { options: {} },
  "directory-refused": { target: "ftp://203.0.113.5/pub" },
  "active-calls-from-elsewhere": { value: "203.0.113.6" },
};

/** More than one cause, because several things are wrong at once from where the client stands. */
const SEVERAL_CAUSES: readonly string[] = ["endless-replies", "unanswered"];

async function report(fault: string) {
  const { target = "ftp://203.0.113.5", options = LOGIN, value } = ASKING[fault] ?? {};
  const world = simWorld();
  const client = world.host("client", ["198.51.100.10"]);
  const server = world.host("server", ["203.0.113.5", "203.0.113.6"]);
  world.rule({ to: "server", ports: 45_000, action: "drop" });
  const simulator = await startSimulator({
    network: server.network,
    clock: world.clock,
    fault: value === undefined ? fault : `${fault}=${value}`,
    host: "203.0.113.5",
    port: 21,
    openSilentPort: async () => ({ port: 45_000, close: async () => {} }),
  });
  const parsed = parseTarget(target);
  if (!parsed.ok) throw new Error("a bad target");
  const evidence = await probe(parsed.target, options, {}, client.machine);
  await simulator.stop();
  // A connection under TLS says goodbye before it is closed.
  await world.clock.sleep(10_000);
  expect(world.open()).toEqual([]);
  const judged = diagnose(evidence);
  expectFounded(judged);
  return judged;
}

/** A verdict is never worse than the causes that are named for it. */
function expectFounded({ verdict, findings }: Report): void {
  const severities = findings.filter(({ role }) => role === "cause").map(({ severity }) => severity);
  const grave = severities.some((severity) => severity === "critical" || severity === "error");
  if (verdict === "broken") expect(grave).toBe(true);
  if (verdict === "degraded") expect([grave, severities.includes("warning")]).toEqual([false, true]);
}

const FOUND = simulatorFaults.filter(({ finding }) => finding !== null);
/** What a fault is to be found as before there is a rule for it; shown as skipped. */
const WITHOUT_RULE = FOUND.filter(({ finding }) => rules.every(({ id }) => id !== finding));

it.skip.each(WITHOUT_RULE)("$name waits for the rule $finding", () => {});

it.each(FOUND.filter((fault) => !WITHOUT_RULE.includes(fault)))("$name is found to be $finding", async (fault) => {
  const { findings } = await report(fault.name);
  const causes = findings.filter(({ role }) => role === "cause").map(({ id }) => id);
  // Nobody vouches for the simulator's certificates, whatever else is wrong with its TLS.
  const several = SEVERAL_CAUSES.includes(fault.name) || /^tls(?!-required)/.test(fault.name);
  if (several) expect(causes).toContain(fault.finding);
  else expect(causes).toEqual([fault.finding]);
});

it.each(TLS_DEMANDERS)("tls-required=%s is understood", async (product) => {
  const { findings } = await report(`tls-required=${product}`);
  expect(findings.map(({ id }) => id)).toEqual(["auth-tls-required"]);
});

// A flood has no pauses in which simulated time could pass: it takes real time until the listing's limit.
const FLOODS: readonly string[] = ["endless-listing"];
const HARMLESS = simulatorFaults.filter(({ name, finding }) => finding === null && !FLOODS.includes(name));

it.each(HARMLESS)("$name is no finding", async ({ name }) => {
  const { findings, verdict } = await report(name);
  expect(findings.map(({ id }) => id)).toEqual([]);
  expect(verdict).toBe("healthy");
});
