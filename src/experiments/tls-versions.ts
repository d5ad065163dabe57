import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import { isIpLiteral } from "../model/address.ts";
import type { HandshakeRecord, RecordOf, TlsRange, TlsTrial, TlsVersion } from "../model/evidence.ts";
import { type AddressContext, addressed, ask, QUIT, type RunContext } from "./context.ts";
import { connectWithin } from "./dial.ts";
import { noHandshake, shakeHands } from "./handshake.ts";
import { connectionsLeft, greet, type Visit } from "./opening.ts";
import { accepted } from "./secure.ts";

/** What one trial offers. */
export type Offered = Pick<TlsTrial, "versions" | "weak" | "named">;

/** Handshakes to make, and where. */
export interface VersionsContext extends Omit<AddressContext, "ordinal"> {
  /** The address, and how many connections it has cost. */
  visit: Visit;
  /** Argument of AUTH. */
  mechanism: string;
  /** In the order in which they are to be made. */
  offered: Offered[];
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** A server that speaks a version answers within a round trip and some arithmetic. */
const ANSWER_MS = 4_000;
const ROUND_TRIPS = 4;

const only = (version: TlsVersion): TlsRange => ({ from: version, to: version });
const old = (version: TlsVersion): Offered => ({ versions: only(version), weak: true, named: true });
const TLS_1_3: Offered = { versions: only("TLSv1.3"), weak: false, named: true };
const TLS_1_2: Offered = { versions: only("TLSv1.2"), weak: false, named: true };
const UNNAMED: Offered = { versions: null, weak: false, named: false };
/** Each version once, TLS 1.2 with every suite there is: a name for every server that speaks TLS at all. */
const EACH_VERSION = [old("TLSv1.2"), old("TLSv1.1"), old("TLSv1"), TLS_1_3];

/**
 * What to try behind a handshake that failed, the most telling first. An alert is about versions or suites; an end or a
 * silence without one may also be the work of a device that minds the size of the ClientHello or the name in it.
 */
export function versionsBehind(failed: HandshakeRecord, host: string): Offered[] {
  const plan = failed.alert === null && failed.outcome !== "tls-failed" ? [TLS_1_2, UNNAMED] : [];
  if (failed.alert === "unrecognized_name") plan.push(UNNAMED);
  return withoutNames([...plan, ...EACH_VERSION], host);
}

/** What shows whether the server asks for a certificate of the client. */
export function onlyTls12(host: string): Offered[] {
  return withoutNames([TLS_1_2], host);
}

/** Everything there is to try. */
export function allVersions(host: string): Offered[] {
  return withoutNames([TLS_1_2, TLS_1_3, old("TLSv1.1"), old("TLSv1"), old("TLSv1.2"), UNNAMED], host);
}

/** No name is sent for an address anyhow. */
function withoutNames(plan: Offered[], host: string): Offered[] {
  return isIpLiteral(host)
    ? plan.filter((offered) => offered !== UNNAMED).map((offered) => ({ ...offered, named: false }))
    : plan;
}

/** Which versions of TLS does the control connection speak? Each is offered on a connection of its own, without a login. */
export const tlsVersions = defineExperiment<"tls-versions", VersionsContext, void>({
  name: "tls-versions",
  blank: (context) => ({
    ...addressed(context),
    how: context.visit.implicit ? "implicit" : "explicit",
    trials: [],
  }),
  async run(context, record): Promise<void> {
    const { visit, offered, untilMs } = context;
    const run = hasty(visit.run, connectMs(visit));
    run.progress(`trying versions of TLS at ${visit.address}`);
    for (const each of offered) {
      const why = reasonToStop(visit, untilMs);
      if (why !== null) {
        record.note = `ended after ${record.trials.length} of ${offered.length}: ${why}`;
        break;
      }
      const trial: TlsTrial = { ...each, session: null, auth: null, handshake: null };
      record.trials.push(trial);
      await (visit.implicit ? tryAtOnce(context, run, trial) : tryBehindAuth(context, run, trial));
      if (visit.implicit ? trial.handshake === null : trial.session === null) {
        record.note = `ended after ${record.trials.length} of ${offered.length}: no further control connection could be had`;
        break;
      }
    }
    if (record.trials.length === 0) record.status = "skipped";
  },
});

function reasonToStop(visit: Visit, untilMs: number): string | null {
  if (visit.run.signal.aborted) return "the run was stopped, or its time for one address was used up";
  if (connectionsLeft(visit) < 1) return "that many control connections are enough for one address";
  if (visit.run.clock.now() + ANSWER_MS > untilMs) return "the time for one address was used up";
  return null;
}

async function tryBehindAuth(context: VersionsContext, run: RunContext, trial: TlsTrial): Promise<void> {
  const greeted = await greet(context.visit, "clear");
  if (greeted === null) return;
  const { open } = greeted;
  trial.session = open.id;
  trial.auth = await ask({ ...greeted, run }, command("AUTH", context.mechanism));
  const answer = trial.auth.replies.at(-1);
  const before = answer === undefined ? undefined : open.session.behind(answer);
  const secured = accepted(trial.auth)
    ? await shake({ ...greeted, run }, open.session.connection, trial, before)
    : null;
  if (secured === null) {
    open.session.close();
    return;
  }
  open.session.upgrade(secured);
  open.log.protection = "tls";
  await open.session.quit(QUIT, run.limits.quitMs, run.signal);
}

async function tryAtOnce({ visit }: VersionsContext, run: RunContext, trial: TlsTrial): Promise<void> {
  visit.opened += 1;
  const at = { run, address: visit.address, protection: "tls" as const, ordinal: visit.opened };
  const { connection } = await connectWithin(run, { address: visit.address, port: run.port }, run.limits.stepMs);
  if (connection === null) return;
  (await shake(at, connection, trial))?.close();
}

function shake(
  context: AddressContext,
  connection: Parameters<typeof shakeHands>[1],
  trial: TlsTrial,
  before: Uint8Array = new Uint8Array(),
) {
  const { versions, weak, named } = trial;
  trial.handshake = noHandshake(context, versions);
  return shakeHands(context, connection, {
    session: null,
    versions,
    weak,
    named,
    certificates: 1,
    before,
    record: trial.handshake,
  });
}

/** The time it took to connect, which shows the way's own delay. */
function connectMs({ run, address }: Visit): number {
  const controls = run.recorder.records().filter((record) => record.experiment === "control");
  return controls.find((record: RecordOf<"control">) => record.address === address)?.connect.ms ?? 0;
}

/** The same run with less patience: what a whole step may take was shown by the handshake that failed. */
function hasty(run: RunContext, roundTripMs: number): RunContext {
  const stepMs = Math.min(run.limits.stepMs, Math.round(ANSWER_MS + ROUND_TRIPS * roundTripMs));
  return { ...run, limits: { ...run.limits, stepMs } };
}
