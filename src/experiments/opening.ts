import { observe, resume, skip } from "../engine/experiment.ts";
import { offersAuth } from "../ftp/feat.ts";
import { DEFAULTS } from "../model/defaults.ts";
import type { IdentifyRecord, SecureRecord, TlsRange } from "../model/evidence.ts";
import type { Protection, Security } from "../model/mode.ts";
import { type AddressContext, type OpenSession, QUIT, type RunContext } from "./context.ts";
import { control } from "./control.ts";
import { directory } from "./directory.ts";
import { type AskedAgain, identify, identifyFurther, mayGoInClear } from "./identify.ts";
import { login } from "./login.ts";
import { protectData, secure } from "./secure.ts";

/** Control connections per address that an ordinary run may cost a sick server. */
export const CONNECTIONS_AT_MOST = 6;

/** What is found out about an address while it is being visited. */
export interface Visit {
  /** The run it is part of. */
  run: RunContext;
  /** IP literal. */
  address: string;
  /** When the first login was begun to be worked for, on the run's clock; null as soon as a further session is opened. */
  beganMs: number | null;
  /** Control connections opened so far. */
  opened: number;
  /** The control port speaks TLS from the first byte: told by the user, or found out. */
  implicit: boolean;
  /** A session was lost at CWD: the next ones stay where the login landed. */
  staysAtLogin: boolean;
  /**
   * Whether the server answers PBSZ and PROT, whatever it says. Where it left them without an answer they are not sent
   * again: each time would cost a session, a login and a whole limit.
   */
  answersProt: "unasked" | "yes" | "no";
  /** What was asked under TLS, where nobody but the server can answer, and is still to be asked in clear. */
  asksAgain: readonly AskedAgain[];
  /** Feature lines of the server; null where it told none. */
  features: readonly string[] | null;
}

/** A visit that begins. */
export function beginVisit(run: RunContext, address: string): Visit {
  const implicit = run.options.security === "implicit";
  const unknown = { answersProt: "unasked", asksAgain: [], features: null } as const;
  return { run, address, beganMs: run.clock.now(), opened: 0, implicit, staysAtLogin: false, ...unknown };
}

/** The first session at an address, and what it showed to be worth measuring. */
export interface Opening {
  /** Null where none could be had, or no login. */
  open: OpenSession | null;
  /** Protections to measure, the one of the session first; empty where nothing more is to be tried. */
  protections: Protection[];
  /** A handshake failed: connections are kept for finding out why. */
  sparing?: boolean;
}

/**
 * Opens the first session, as secure as can be had and is asked for: under TLS where the server offers it. What is to
 * be measured in clear beside that is only what puts no credentials at risk.
 */
export async function openFirst(visit: Visit): Promise<Opening> {
  const { run } = visit;
  const { security } = run.options;
  if (security !== "implicit") return openGreeting(visit, security);
  const open = await openImplicit(visit);
  // Real credentials are for the kind of TLS that was asked for.
  if (open !== null || run.options.user !== null || !greetedInClear(visit)) return alone(open, "tls");
  visit.implicit = false;
  return openGreeting(visit, "auto");
}

/** What came in place of a handshake was the greeting of an FTP server. */
function greetedInClear({ run, address }: Visit): boolean {
  return run.recorder
    .records()
    .some(
      (record) =>
        record.experiment === "secure" &&
        record.address === address &&
        /^220[ -]/.test(record.handshake?.foreign ?? ""),
    );
}

/** The first session at a port that greets in clear. */
async function openGreeting(visit: Visit, security: Exclude<Security, "implicit">): Promise<Opening> {
  const { run } = visit;
  const { greeted, implicit } = await greetEitherWay(visit, security);
  if (implicit !== null) {
    // Real credentials are for the kind of TLS that was asked for.
    if (security === "explicit" && run.options.user !== null) return alone(await leave(visit, implicit.open), "tls");
    visit.implicit = true;
    const { open } = implicit;
    const identified = await observe(run, identify, implicit);
    await open.session.settle(run.signal);
    return alone(await enter(visit, implicit, identified, open.securing), "tls");
  }
  if (greeted === null) return { open: null, protections: [] };
  const identified = await observe(run, identify, greeted);
  await greeted.open.session.settle(run.signal);
  const alsoClear: Protection[] = security === "auto" && mayGoInClear(run.options) ? ["clear"] : [];
  // A device on the way can take AUTH out of the features: before a password goes in clear the server is asked itself.
  const doubted = security === "auto" && alsoClear.length === 0 && identified?.authOffered === false;
  if (doubted) identified.authOffered = null;
  const wanted = security === "explicit" || (security === "auto" && identified?.authOffered !== false);
  visit.features = identified?.features ?? null;
  const asked = { ...greeted, features: visit.features };
  const record = wanted && greeted.open.session.usable ? await observe(run, secure, asked) : null;
  if (identified !== null && identified.authOffered === null) learn(identified, record);
  if (greeted.open.secured !== null) {
    const open = await enter(visit, { ...greeted, protection: "tls" }, identified, record);
    return { open, protections: open === null ? alsoClear : ["tls", ...alsoClear] };
  }
  if (security === "explicit") return { open: await leave(visit, greeted.open), protections: [] };
  // A handshake that failed has ended the session: another one may do without. A refused AUTH leaves it as it was.
  if (record?.handshake != null) {
    return { open: await leave(visit, greeted.open), protections: alsoClear, sparing: true };
  }
  return alone(await enter(visit, greeted, identified), "clear");
}

/** A port that keeps silent may be waiting for a TLS handshake (tls-mode-mismatch): where TLS is allowed, it gets one. */
async function greetEitherWay(visit: Visit, security: Security) {
  if (security === "none") return { greeted: await greet(visit, "clear"), implicit: null };
  let implicit: Greeted | null = null;
  const greeted = await greet(visit, "clear", {
    onSilence: async () => {
      const { limits } = visit.run;
      // Over before the patience with the silence is.
      const stepMs = Math.min(limits.stepMs, KNOCK_MS, limits.patientMs / 2);
      const brief = { stepMs, patientMs: Math.min(limits.patientMs, limits.stepMs) };
      implicit = await greet(visit, "tls", { knock: true, run: { ...visit.run, limits: { ...limits, ...brief } } });
      return implicit !== null;
    },
  });
  // Whoever greets in clear after all is taken at that word.
  const spare = implicit as Greeted | null;
  if (greeted !== null && spare !== null) await leave(visit, spare.open);
  return { greeted, implicit: greeted === null && spare !== null ? { ...spare, run: visit.run } : null };
}

/** A server of implicit TLS answers a handshake within a round trip and some arithmetic. */
const KNOCK_MS = 3_000;

/** A session that decides alone: where it failed, nothing else is tried. */
function alone(open: OpenSession | null, protection: Protection): Opening {
  return { open, protections: open === null ? [] : [protection] };
}

/** How many control connections may still be opened at this address; who asks for everything about TLS wants more of them. */
export function connectionsLeft({ run, opened }: Visit): number {
  const { tlsMatrix, calledAt, maxLogins } = run.options;
  // Each port of ours that nobody calls costs a session: who wants more of them than a guest takes says so.
  const forCalls = calledAt === null ? 0 : Math.max(0, maxLogins - DEFAULTS.maxLogins);
  const wanted = (tlsMatrix ? CONNECTIONS_FOR_MATRIX : 0) + forCalls;
  return CONNECTIONS_AT_MOST + wanted - opened;
}

/** One for each trial of versions and one for each version of the matrix. */
const CONNECTIONS_FOR_MATRIX = 8;

/**
 * Opens a further session under this protection; null where that fails or the guest's limits are reached. `versions`
 * are what is offered under TLS, null for the ordinary ones.
 */
export async function openFurther(
  visit: Visit,
  protection: Protection,
  versions: TlsRange | null = null,
): Promise<OpenSession | null> {
  const { run } = visit;
  visit.beganMs = null;
  if (run.signal.aborted || connectionsLeft(visit) < 1) return null;
  if (protection === "clear") {
    const greeted = await greet(visit, "clear");
    return greeted === null ? null : enter(visit, greeted, null);
  }
  if (visit.implicit) return openImplicit(visit, versions);
  const greeted = await greet(visit, "clear");
  if (greeted === null) return null;
  greeted.open.versions = versions;
  const record = await observe(run, secure, { ...greeted, versions, features: visit.features });
  return greeted.open.secured === null
    ? leave(visit, greeted.open)
    : enter(visit, { ...greeted, protection: "tls" }, null, record);
}

/** An address, and a session there that was greeted. */
export type Greeted = AddressContext & { open: OpenSession };

/** Opens a control connection and hears its greeting; null where none came. */
export async function greet(
  visit: Visit,
  protection: Protection,
  how: { versions?: TlsRange | null; run?: RunContext; knock?: boolean; onSilence?(): Promise<boolean> } = {},
): Promise<Greeted | null> {
  visit.opened += 1;
  const { run = visit.run, ...rest } = how;
  const context: AddressContext = { run, address: visit.address, protection, ordinal: visit.opened };
  const open = await observe(run, control, { ...context, ...rest });
  return open === null ? null : { ...context, open };
}

async function openImplicit(visit: Visit, versions: TlsRange | null = null): Promise<OpenSession | null> {
  const greeted = await greet(visit, "tls", { versions });
  if (greeted === null) return null;
  const identified = greeted.ordinal === 1 ? await observe(visit.run, identify, greeted) : null;
  await greeted.open.session.settle(visit.run.signal);
  return enter(visit, greeted, identified, greeted.open.securing);
}

/** Whether AUTH was accepted, where FEAT did not tell. */
function learn(identified: IdentifyRecord, record: SecureRecord | null): void {
  const exchange = record?.auth.at(-1);
  if (exchange === undefined || exchange.outcome !== "ok") return;
  identified.auth = exchange;
  identified.authOffered = record?.handshake !== null;
}

/**
 * Logs in, enters the directory and asks what is only told then; null where the login fails. A session that was lost
 * at a question the run can do without comes back unusable: another one may do better without it.
 */
async function enter(
  visit: Visit,
  greeted: Greeted,
  identified: IdentifyRecord | null,
  record: SecureRecord | null = null,
): Promise<OpenSession | null> {
  const { run, open, protection } = greeted;
  // Real credentials stay here where it is not known whether they would be safe elsewhere.
  const safe = protection === "tls" || mayGoInClear(run.options) || identified?.authOffered === false;
  if (!open.session.usable && safe && !open.session.turnedAway) return open;
  const context = { ...greeted, identified, beganMs: visit.beganMs };
  const entry = await run.logins.enter(protection, () => observe(run, login, context));
  if (!entry.entered) skip(run, login, context, `the login was ${entry.because} on another connection`);
  if (!entry.entered || entry.result !== "logged-in") return leave(visit, open);
  if (record !== null) await askForPrivacy(visit, greeted, record);
  if (run.path !== null && !visit.staysAtLogin) {
    await observe(run, directory, { ...greeted, path: run.path });
    await open.session.settle(run.signal);
    visit.staysAtLogin = !open.session.usable;
  }
  if (identified !== null) {
    // In clear; behind the login it may be told under TLS.
    const { features } = identified;
    await resume(run, identified, () => identifyFurther(greeted, identified));
    if (protection === "tls") visit.asksAgain = await compared(visit, greeted, { ...identified, features });
  } else if (protection === "clear" && visit.asksAgain.length > 0 && open.session.usable && run.repeats !== true) {
    const again = visit.asksAgain;
    visit.asksAgain = [];
    await observe(run, identify, { ...greeted, again });
  }
  await open.session.settle(run.signal);
  return open;
}

/**
 * What is worth asking in clear as well: SYST, and FEAT, which is asked here again, under TLS and behind the login, where it will be in
 * clear. Where the list in clear did not name AUTH, the one under TLS shows whether somebody took it out.
 */
async function compared(visit: Visit, greeted: Greeted, { syst, features }: IdentifyRecord): Promise<AskedAgain[]> {
  const { run, open } = greeted;
  const asked: AskedAgain[] = syst?.outcome === "ok" ? ["SYST"] : [];
  const alsoClear = run.options.security === "auto" && mayGoInClear(run.options);
  const isOfUse = !visit.implicit && features !== null && (alsoClear || !offersAuth(features));
  if (!isOfUse || run.repeats === true || !open.session.usable) return asked;
  const record = await observe(run, identify, { ...greeted, again: ["FEAT"] });
  return record?.features == null ? asked : [...asked, "FEAT"];
}

/** Asks for protected data connections, unless it is known that there is no answer to that. */
async function askForPrivacy(visit: Visit, greeted: Greeted, record: SecureRecord): Promise<void> {
  if (visit.answersProt === "no") {
    record.note = "PBSZ and PROT were not sent: the server left them without an answer before";
    return;
  }
  greeted.open.protectsData = (await resume(visit.run, record, () => protectData(greeted, record))) === true;
  const last = record.prot ?? record.pbsz;
  if (last?.outcome === "ok") visit.answersProt = "yes";
  else if (last !== null && last.outcome !== "cancelled" && visit.answersProt === "unasked") visit.answersProt = "no";
}

/** Says goodbye. */
async function leave({ run }: Visit, open: OpenSession): Promise<null> {
  await open.session.quit(QUIT, run.limits.quitMs, run.signal);
  return null;
}
