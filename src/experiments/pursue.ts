import { observe, skip } from "../engine/experiment.ts";
import type { SessionPool } from "../ftp/session-pool.ts";
import type { DialRecord, ExperimentRecord, OffersRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import { ccc } from "./ccc.ts";
import { type AddressContext, type OpenSession, QUIT, type RunContext } from "./context.ts";
import { alikeModes, type FollowUp, type FurtherMode, followUps } from "./follow-up.ts";
import { hold } from "./hold.ts";
import { ladder } from "./ladder.ts";
import { offers } from "./offers.ts";
import { openFurther, type Visit } from "./opening.ts";
import { otherPorts, portsNear, unlikelyPorts, wellKnownPorts } from "./other-ports.ts";
import { VERDICT_MS } from "./time-bounds.ts";
import { type TlsFollowUp, tlsFollowUps } from "./tls-follow-up.ts";
import { tlsMatrix } from "./tls-matrix.ts";
import { tlsVersions } from "./tls-versions.ts";
import { Turns } from "./turns.ts";

/** An address whose modes have been tried. */
export interface Visited extends Omit<AddressContext, "ordinal"> {
  /** What it has cost so far. */
  visit: Visit;
  /** Its sessions; null where none could be had. */
  pool: SessionPool<OpenSession> | null;
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** A port that answers does so at once; a lost SYN of three is no matter. */
const OTHER_PORTS_MS = 700;
const ROUND_TRIPS = 4;

/** A host whose round trip is not known gets one retransmission (after 1 s), and a moment for its answer. */
const SILENT_HOST_MS = 1_500;
/** How a control port does not open. */
const CLOSED: readonly Outcome[] = ["refused", "timed-out", "unreachable"];

/** What the records of an address under one protection leave open; `asked` is the other protection, whose questions go first. */
export function openQuestions(at: Place, asked: Place | null = null): Question[] {
  const records = recordsAt(at);
  const { options, host } = at.run;
  const alike = asked === null ? [] : alikeModes(records, recordsAt(asked));
  const about = followUps(records, options, alike);
  const aboutTls = tlsFollowUps(records, { options, host, protection: at.protection, first: asked === null });
  return options.tlsMatrix || options.ccc ? [...about, ...aboutTls] : [...aboutTls, ...about];
}

/** An address under one protection. */
type Place = Pick<Visited, "run" | "address" | "protection">;
/** One question that is still open. */
type Question = FollowUp | TlsFollowUp;

/**
 * Asks one question after the other, on one session at a time. The one that needs no session is asked beside them: where two
 * listings were silent for their whole limits, its own would take what time is left for transfers that grow.
 */
export async function pursue(visited: Visited, questions: readonly Question[]): Promise<void> {
  const besides = questions.filter(({ kind }) => kind === "tarpit-control");
  await Promise.all([
    inTurn(visited, besides),
    inTurn(
      visited,
      questions.filter((each) => !besides.includes(each)),
    ),
  ]);
}

async function inTurn(visited: Visited, questions: readonly Question[]): Promise<void> {
  for (const question of questions) {
    if (visited.run.signal.aborted) return;
    await ask(visited, question);
  }
}

/** Where the control port is closed at every address: is the host there at all, and is FTP elsewhere on it? */
export async function seekLife(run: RunContext): Promise<void> {
  const controls = run.recorder.records().filter((record) => record.experiment === "control");
  if (!controls.every(({ connect }) => CLOSED.includes(connect.outcome))) return;
  const ports = wellKnownPorts(run.port);
  const hosts = controls.map(async ({ address, protection, connect }) => {
    const answered = connect.outcome === "refused";
    const limitMs = answered ? briefLimitMs(run, connect.ms) : Math.min(run.options.timeoutMs, SILENT_HOST_MS);
    const leftMs = VERDICT_MS - run.recorder.now() - limitMs;
    const patientMs = Math.min(run.limits.patientMs, Math.max(0, leftMs));
    await observe(run, otherPorts, { run, address, protection, purpose: "host-alive", ports, limitMs, patientMs });
  });
  await Promise.all(hosts);
}

async function ask(visited: Visited, question: Question): Promise<void> {
  switch (question.kind) {
    case "tarpit-control":
      return tryPorts(visited, question.kind, unlikelyPorts(visited.run, portsKnown(visited)));
    case "near-offer":
      return nearOffer(visited);
    case "offers":
      if (question.rested && !question.modes.every(({ mode }) => isMixed(visited, mode))) return;
      return onSession(visited, async (open) => {
        const had = (mode: OffersRecord["mode"]) => question.unlessHad?.includes(mode) && isHad(visited, mode);
        const modes = question.modes.filter(({ mode }) => !had(mode));
        const asked = { ...question, modes };
        const turns = new Turns<OffersRecord["mode"]>(modes.map(({ mode }) => mode));
        const context = { ...visited, ordinal: 0, open, asked, turns, dialledPorts: new Set<number>() };
        await Promise.all(modes.map((further) => observe(visited.run, offers, { ...context, further })));
      });
    case "download":
      return onSession(visited, async (open) => {
        const records = recordsAt(visited);
        const context = { ...visited, ordinal: 0, open, further: question.mode, records };
        await observe(visited.run, ladder, { ...context, direction: "download" });
      });
    case "upload":
      return upload(visited, question.mode);
    case "tls-versions":
      await observe(visited.run, tlsVersions, { ...visited, ...question });
      return;
    case "tls-matrix":
      return compare(visited, question);
    case "ccc":
      return clearCommands(visited, question.mode);
  }
}

/** Whether all the offers of the mode that were wanted were had one by one. */
function isHad(visited: Visited, mode: OffersRecord["mode"]): boolean {
  return recordsAt(visited).some(
    (record) =>
      record.experiment === "offers" &&
      record.mode === mode &&
      record.order === "one-by-one" &&
      record.samples.length > 0 &&
      // A note would say why it ended before its time.
      record.note === null,
  );
}

/** Whether some of the offers of the mode opened, one by one, and some did not. */
function isMixed(visited: Visited, mode: OffersRecord["mode"]): boolean {
  const outcomes = recordsAt(visited).flatMap((record) =>
    record.experiment === "offers" && record.mode === mode && record.order === "one-by-one"
      ? record.samples.flatMap(({ dialled }) => dialled.map(({ outcome }) => outcome))
      : [],
  );
  return outcomes.includes("connected") && outcomes.includes("refused");
}

/** A session to ask on, where one can be had. */
async function onSession(visited: Visited, question: (open: OpenSession) => Promise<void>): Promise<void> {
  const open = (await visited.pool?.lease()) ?? null;
  if (open === null) return;
  await question(open);
  await open.session.settle(visited.run.signal);
  visited.pool?.release(open);
}

/** The sessions that are compared are made for it: what was transferred before may have used their tickets up. */
async function compare(visited: Visited, question: Extract<TlsFollowUp, { kind: "tls-matrix" }>): Promise<void> {
  const { run, visit, pool } = visited;
  if (run.options.maxSessions === 1 && pool !== null) await goodbye(run, pool.drain());
  for (const versions of question.versions) {
    const context = {
      ...visited,
      ...question,
      further: question.mode,
      versions,
      lease: () => openFurther(visit, "tls", versions),
      release: (open: OpenSession) => goodbye(run, [open]),
    };
    await observe(run, tlsMatrix, context);
  }
}

/** On a session of its own, which can be used for nothing else afterwards. */
async function clearCommands(visited: Visited, further: FurtherMode): Promise<void> {
  const { run, visit, pool } = visited;
  if (run.options.maxSessions === 1 && pool !== null) await goodbye(run, pool.drain());
  const open = await openFurther(visit, "tls");
  const context = { ...visited, ordinal: 0, further };
  if (open === null) return skip(run, ccc, context, "no session could be had for it");
  await observe(run, ccc, { ...context, open });
  await goodbye(run, [open]);
}

/** Takes leave of sessions. */
export async function goodbye(run: RunContext, sessions: readonly OpenSession[]): Promise<void> {
  await Promise.all(sessions.map((open) => open.session.quit(QUIT, run.limits.quitMs, run.signal)));
}

/** Leaves one session idle, and keeps another one busy where a second can be had. */
export async function holdOpen(visited: Visited & { pool: SessionPool<OpenSession> }, holdMs: number): Promise<void> {
  const { run, pool } = visited;
  const open = await pool.lease();
  const context = { ...visited, ordinal: 0, holdMs };
  if (open === null) {
    skip(run, hold, { ...context, busy: null }, "no session could be had for it");
    return;
  }
  // Where one is the most, waiting for a second would never end.
  const busy = run.options.maxSessions > 1 ? await pool.lease() : null;
  await observe(run, hold, { ...context, open, busy });
  pool.release(open);
  if (busy !== null) pool.release(busy);
}

/** The user asked for it: where it cannot be made, a record says why. */
async function upload(visited: Visited, further: FurtherMode | null): Promise<void> {
  const { pool, run } = visited;
  const directory = run.options.writeDirectory;
  if (pool === null || directory === null) return;
  const context = {
    ...visited,
    ordinal: 0,
    direction: "upload" as const,
    further: further ?? { mode: "epsv" as const, role: "advertised" as const },
    directory,
    lease: () => pool.lease(),
    release: (open: OpenSession) => pool.release(open),
  };
  if (further === null) skip(run, ladder, context, "no passive mode works that could carry an upload");
  else await observe(run, ladder, context);
}

/**
 * Only where the very last offer was of a mode all of whose offers were refused: its listener still stands, wherever it is,
 * while any offer before it has been replaced.
 */
async function nearOffer(visited: Visited): Promise<void> {
  const asked = recordsAt(visited).flatMap((record) =>
    record.experiment === "offers" ? [record.samples.flatMap(({ dialled }) => dialled)] : [],
  );
  const last = asked
    .flat()
    .reduce<DialRecord | null>(
      (latest, dial) => (latest === null || dial.startedMs >= latest.startedMs ? dial : latest),
      null,
    );
  const ofItsMode = asked.find((dialled) => last !== null && dialled.includes(last)) ?? [];
  if (last === null || ofItsMode.some(({ outcome }) => outcome !== "refused")) return;
  await tryPorts(visited, "near-offer", portsNear(last.endpoint.port));
}

async function tryPorts(visited: Visited, purpose: "tarpit-control" | "near-offer", ports: number[]): Promise<void> {
  const connectMs = recordsAt(visited).find((record) => record.experiment === "control")?.connect.ms ?? 0;
  const limitMs = briefLimitMs(visited.run, connectMs);
  await observe(visited.run, otherPorts, { ...visited, purpose, ports, limitMs });
}

/** Follows the measured round trip as the limits of data connections do, never beyond `--timeout`. */
export function briefLimitMs(run: RunContext, connectMs: number): number {
  return Math.min(run.options.timeoutMs, Math.round(OTHER_PORTS_MS + ROUND_TRIPS * connectMs));
}

function recordsAt({ run, address, protection }: Place): ExperimentRecord[] {
  return run.recorder.records().filter(
    (record) =>
      record.experiment !== "resolve" &&
      record.address === address &&
      // The control connection was in clear before it was under TLS, and how a login ended there tells of TLS.
      (record.protection === protection || ["control", "secure", "login"].includes(record.experiment)),
  );
}

/** The control port and every port that was offered. */
function portsKnown(visited: Visited): number[] {
  const passive = recordsAt(visited).filter((record) => record.experiment === "passive");
  return [visited.run.port, ...passive.flatMap(({ dialled }) => dialled.map(({ endpoint }) => endpoint.port))];
}
