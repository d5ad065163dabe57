import type { Observation } from "../engine/experiment.ts";
import type { Limits } from "../engine/limits.ts";
import type { ProbeOptions } from "../engine/options.ts";
import { type Command, command } from "../ftp/commands.ts";
import type { Session } from "../ftp/session.ts";
import { type Family, familyOf } from "../model/endpoint.ts";
import type { Exchange, LoginRecord, SecureRecord, SessionRecord, TimelineEvent, TlsRange } from "../model/evidence.ts";
import type { Protection } from "../model/mode.ts";
import type { Clock, Network, SecureConnection } from "../system/ports.ts";

/** What every experiment of a run shares. */
export interface RunContext extends Observation {
  /** The way out; the real one or a simulated one. */
  network: Network;
  /** Time, real or simulated. */
  clock: Clock;
  /** What the run was told to do. */
  options: ProbeOptions;
  /** Limits of its steps, which follow from the options. */
  limits: Limits;
  /** Host name or IP literal to probe. */
  host: string;
  /** Control port. */
  port: number;
  /** Directory to list; null for the one the login lands in. */
  path: string | null;
  /** Lets no login follow a refused one, on whatever address. */
  logins: LoginGate;
  /**
   * Takes the deadline away, for what the user asked to take long; the signal it gives is the user's alone, or was
   * aborted already.
   */
  withoutDeadline(): AbortSignal;
  /** A further round of a repeated run: only the modes are tried again, and nothing is asked about what fails. */
  repeats?: boolean;
  /** Tells the user what is being done. */
  progress(text: string): void;
  /** Chance, from 0 up to 1, for choosing a local port. */
  random(): number;
}

/** One address under one protection. */
export interface AddressContext {
  /** The run it is part of. */
  run: RunContext;
  /** IP literal to probe. */
  address: string;
  /** Whether the control connection is secured. */
  protection: Protection;
  /** Number of the control connection at this address, from 1. */
  ordinal: number;
}

/** A control connection that is open. */
export interface OpenSession {
  /** Id of its record in the evidence. */
  id: string;
  /** Its record. */
  log: SessionRecord;
  /** The conversation on it. */
  session: Session;
  /** Measured TCP connect time in milliseconds, the yardstick of the data connections' limits. */
  connectMs: number;
  /** The control connection under TLS, whose data connections are to be so as well; null where both are in clear. */
  secured: SecureConnection | null;
  /** The record of how it came under TLS; null where it did not, or the session does not need it any more. */
  securing: SecureRecord | null;
  /** Whether the server agreed to protect data connections (PROT P). */
  protectsData: boolean;
  /** The one version of TLS it was made with; null where it was an ordinary one. */
  versions: TlsRange | null;
  /** Data connections that were put under TLS on this session. */
  transfers: number;
}

/** One address, and a session to ask on. */
export interface SessionContext extends AddressContext {
  /** The session, logged in where the question needs that. */
  open: OpenSession;
}

/** The part of a record that says where the question was asked; the session is filled in where there is one. */
export function addressed(context: Pick<AddressContext, "address" | "protection">): {
  address: string;
  family: Family;
  protection: Protection;
  session: string | null;
} {
  return { address: context.address, family: familyOf(context.address), protection: context.protection, session: null };
}

/** Sends a command on the session and waits for its final reply, under the ordinary limit where none is given. */
export function ask(context: SessionContext, sent: Command, limitMs = context.run.limits.stepMs): Promise<Exchange> {
  return context.open.session.exchange(sent, limitMs, context.run.signal);
}

/** Adds an event to an attempt's timeline, secrets hidden in its text. */
export function note(
  context: AddressContext,
  timeline: TimelineEvent[],
  what: TimelineEvent["what"],
  text: string,
): void {
  timeline.push({ atMs: context.run.recorder.now(), what, text: context.run.recorder.redact(text) });
}

/** The farewell. */
export const QUIT: Command = command("QUIT");

/** How a login ended, as far as other logins depend on it. */
export interface LoginEnd {
  /** As in the record. */
  result: LoginRecord["result"];
  /** The refusal speaks of encryption: what it says of this protection it does not say of the other one. */
  aboutProtection: boolean;
}

/** What became of a login: its result (null where it crashed or the run was stopped), or that it was not let in. */
export type Entry =
  | { entered: true; result: LoginRecord["result"] | null }
  /** How another login ended that forbids this one. */
  | { entered: false; because: "rejected" | "withheld" };

/**
 * Lets one login go first, and none after a refusal: a wrong password must be tried once in a run, not once per address,
 * because servers and their guards count. What was withheld, or refused for want or presence of TLS, stands for its
 * protection alone.
 */
export class LoginGate {
  #leader: Promise<void> | null = null;
  readonly #shut = new Map<Protection, "rejected" | "withheld">();

  /** Runs `attempt`, after the first login has ended where this is not the first; not at all behind a refusal. */
  async enter(protection: Protection, attempt: () => Promise<LoginEnd | null>): Promise<Entry> {
    if (this.#leader !== null) await this.#leader;
    const shut = this.#shut.get(protection);
    if (shut !== undefined) return { entered: false, because: shut };
    const login = attempt();
    this.#leader ??= login.then(
      () => {},
      () => {},
    );
    const end = await login;
    if (end?.result === "rejected" || end?.result === "withheld") {
      const shuts: Protection[] = end.result === "withheld" || end.aboutProtection ? [protection] : ["clear", "tls"];
      for (const each of shuts) if (!this.#shut.has(each)) this.#shut.set(each, end.result);
    }
    return { entered: true, result: end?.result ?? null };
  }
}
