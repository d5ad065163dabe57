import { limitsOf } from "./engine/limits.ts";
import { defaultOptions, type ProbeOptions, policyOf } from "./engine/options.ts";
import { Recorder } from "./engine/recorder.ts";
import { surveyCalls } from "./experiments/call-survey.ts";
import { LoginGate, type RunContext } from "./experiments/context.ts";
import { travel } from "./experiments/itinerary.ts";
import { surveyPorts } from "./experiments/port-survey.ts";
import { makeRounds } from "./experiments/rounds.ts";
import type { Evidence } from "./model/evidence.ts";
import { isAnonymous } from "./model/login.ts";
import { type Target, targetRecord } from "./model/target.ts";
import { TOOL } from "./model/tool.ts";
import { realMachine } from "./system/machine.ts";
import type { Machine } from "./system/ports.ts";

export type { Rule } from "./diagnosis/define-rule.ts";
export { diagnose } from "./diagnosis/diagnose.ts";
export { ruleById, rules } from "./diagnosis/rules/index.ts";
export { runOf } from "./diagnosis/run-of.ts";
export { type ShownBy, UNPROBED_CAUSES, type UnprobedCause, unprobedCause } from "./diagnosis/unprobed/index.ts";
export { exitCode, worstVerdict } from "./diagnosis/verdict/verdict.ts";
export type { ProbeOptions } from "./engine/options.ts";
export { defaultOptions } from "./engine/options.ts";
export type * from "./model/evidence.ts";
export type * from "./model/report.ts";
export { parseTarget, type Target } from "./model/target.ts";
export type { FormatName, RenderOptions } from "./reporters/index.ts";
export { render } from "./reporters/render.ts";

/** Why a run was stopped that took too long. */
const DEADLINE = "deadline";

/** What the caller of a probe may want to know and do while it runs. */
export interface ProbeHooks {
  /** Stops the run; what is known by then is the evidence, with `complete: false`. */
  signal?: AbortSignal;
  /** Called with a few words on what is being done now. */
  onProgress?: (text: string) => void;
}

/**
 * Probes one target and returns what was seen. What the network does is evidence and never throws.
 * The deadline and the signal end the run early; steps under way are then `cancelled`, never "timed out".
 */
export async function probe(
  target: Target,
  options: Partial<ProbeOptions> = {},
  hooks: ProbeHooks = {},
  machine: Machine = realMachine,
): Promise<Evidence> {
  const chosen: ProbeOptions = {
    ...defaultOptions,
    security: target.security,
    user: target.user,
    password: target.password,
    ...options,
  };
  // With a password `ftp` may be somebody's account.
  if (chosen.user !== null && chosen.password === null && isAnonymous(chosen.user)) chosen.user = null;
  const { network, clock } = machine;
  const recorder = new Recorder(clock, chosen.password === null ? [] : [chosen.password]);
  const stop = new AbortController();
  const forward = () => stop.abort("interrupted");
  if (hooks.signal?.aborted) forward();
  hooks.signal?.addEventListener("abort", forward, { once: true });
  const over = new AbortController();
  if (chosen.deadlineMs !== null) {
    void clock.sleep(chosen.deadlineMs, over.signal).then(() => over.signal.aborted || stop.abort(DEADLINE));
  }
  try {
    const run: RunContext = {
      recorder,
      signal: stop.signal,
      network,
      clock,
      options: chosen,
      limits: limitsOf(chosen),
      host: target.host,
      port: target.port,
      path: target.path,
      logins: new LoginGate(),
      withoutDeadline() {
        over.abort();
        return stop.signal;
      },
      progress: (text) => hooks.onProgress?.(text),
      random: machine.random,
    };
    if (chosen.ports === null && chosen.calledAt === null) {
      await travel(run);
      await makeRounds(run);
    } else {
      if (chosen.ports !== null) await surveyPorts(run, chosen.ports);
      if (chosen.calledAt !== null) await surveyCalls(run, chosen.calledAt);
    }
  } finally {
    over.abort();
    hooks.signal?.removeEventListener("abort", forward);
  }
  const evidence = recorder.evidence({
    tool: TOOL,
    target: { ...targetRecord(target), user: chosen.user, security: chosen.security },
    policy: policyOf(chosen),
    client: { platform: machine.platform, addresses: network.addresses() },
    stoppedBy: !stop.signal.aborted ? null : stop.signal.reason === DEADLINE ? "deadline" : "user",
  });
  // Node keeps what was made of a signal by AbortSignal.any for as long as the signal may abort: thousands of probes of
  // one process, as a watch makes them, would leave as many behind.
  stop.abort("over");
  return evidence;
}
