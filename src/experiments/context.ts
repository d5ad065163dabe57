import type { Observation } from "../engine/experiment.ts";
import type { Limits } from "../engine/limits.ts";
import type { ProbeOptions } from "../engine/options.ts";
import { type Command, command } from "../ftp/commands.ts";
import type { Session } from "../ftp/session.ts";
import { type Family, familyOf } from "../model/endpoint.ts";
import type { LoginRecord, TimelineEvent } from "../model/evidence.ts";
import type { Protection } from "../model/mode.ts";
import type { Clock, Network } from "../system/ports.ts";

/** What every experiment of a run shares. */
export interface RunContext extends Observation {
  network: Network;
  clock: Clock;
  options: ProbeOptions;
  limits: Limits;
  host: string;
  port: number;
  path: string | null;
  logins: LoginGate;
  /** Tells the user what is being done. */
  progress(text: string): void;
  /** Chance, for choosing a local port. */
  random(): number;
}

/** One address under one protection. */
export interface AddressContext {
  run: RunContext;
  address: string;
  protection: Protection;
  /** Number of the control connection at this address, from 1. */
  ordinal: number;
}

/** A control connection that is open. */
export interface OpenSession {
  id: string;
  session: Session;
  /** Measured TCP connect time, the yardstick of the data connections' limits. */
  connectMs: number;
}

/** One address, and a session to ask on. */
export interface SessionContext extends AddressContext {
  open: OpenSession;
}

/** The part of a record that says where the question was asked. */
export function addressed(context: Pick<AddressContext, "address" | "protection">): {
  address: string;
  family: Family;
  protection: Protection;
  session: string | null;
} {
  return { address: context.address, family: familyOf(context.address), protection: context.protection, session: null };
}

/** Sends a command on the session under the ordinary limit. */
export function ask(context: SessionContext, sent: Command, limitMs = context.run.limits.stepMs) {
  return context.open.session.exchange(sent, limitMs, context.run.signal);
}

/** Adds an event to an attempt's timeline. */
export function note(context: AddressContext, timeline: TimelineEvent[], what: TimelineEvent["what"], text: string) {
  timeline.push({ atMs: context.run.recorder.now(), what, text: context.run.recorder.redact(text) });
}

/** The farewell. */
export const QUIT: Command = command("QUIT");

/** What became of a login: its result (null where it crashed or the run was stopped), or that it was not let in. */
export type Entry =
  | { entered: true; result: LoginRecord["result"] | null }
  /** How another login ended that forbids this one. */
  | { entered: false; because: "rejected" | "withheld" };

/**
 * Lets one login go first, and none after a refusal: a wrong password must be tried once in a run, not once per address,
 * because servers and their guards count.
 */
export class LoginGate {
  #leader: Promise<void> | null = null;
  #shut: "rejected" | "withheld" | null = null;

  /** Runs `attempt`, after the first login has ended where this is not the first; not at all behind a refusal. */
  async enter(attempt: () => Promise<LoginRecord["result"] | null>): Promise<Entry> {
    if (this.#leader !== null) await this.#leader;
    if (this.#shut !== null) return { entered: false, because: this.#shut };
    const login = attempt();
    this.#leader ??= login.then(
      () => {},
      () => {},
    );
    const result = await login;
    if (result === "rejected" || result === "withheld") this.#shut ??= result;
    return { entered: true, result };
  }
}
