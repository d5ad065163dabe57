import { type Panel, recognise, recognisePanel } from "../../fingerprint/recognise.ts";
import { type Family, familyOf } from "../../model/endpoint.ts";
import type {
  ActivePortsRecord,
  ActiveRecord,
  CccRecord,
  ControlRecord,
  DirectoryRecord,
  Evidence,
  Exchange,
  ExperimentRecord,
  HoldRecord,
  IdentifyRecord,
  LadderRecord,
  LoginRecord,
  OffersRecord,
  OtherPortsRecord,
  PassiveRecord,
  RecordOf,
  RemappedPortsRecord,
  ReplyRecord,
  ResolveRecord,
  SecureRecord,
  SweepRecord,
  TlsMatrixRecord,
  TlsVersionsRecord,
} from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import type { ControlSummary, ModeSummary, Product } from "../../model/report.ts";
import { revivedCalls } from "./called-ports.ts";
import { controlOutcome } from "./control-outcome.ts";
import { withoutDoubtedSilence } from "./doubted-silence.ts";
import { modeRows, summariseAttempt } from "./mode-table.ts";
import { type PassiveAttempt, passiveAttempt } from "./passive-facts.ts";
import { type RoundFacts, roundsOf } from "./rounds.ts";

/** A data-channel attempt beside what came of it. */
export interface Attempt {
  /** The evidence. */
  record: PassiveRecord | ActiveRecord;
  /** The row of the mode table. */
  summary: ModeSummary;
}

/** What was seen at one address. */
export interface AddressFacts {
  /** IP literal. */
  address: string;
  /** Its family. */
  family: Family;
  /** Control connections in order; the first is what the address is judged by. */
  controls: ControlRecord[];
  /** Outcome of the first control connection; null where none was tried. */
  control: ControlSummary["outcome"] | null;
  /** What the server says it is; null where it was not asked. */
  identify: IdentifyRecord | null;
  /** SYST asked again in clear, where the first time it was asked under TLS; null where it was not. */
  systAgain: IdentifyRecord | null;
  /** Attempts to put a control connection under TLS that were made, in order. */
  secures: SecureRecord[];
  /** Logins that were tried or withheld, in order (those skipped or stopped are left out); the first is what the address is judged by. */
  logins: LoginRecord[];
  /** Entering the target's path; null where it names none, or it did not come to that. */
  directory: DirectoryRecord | null;
  /** Data-channel attempts that were made (skipped ones included). */
  attempts: Attempt[];
  /** Repeated passive offers. */
  offers: OffersRecord[];
  /** Connects to ports that were not offered. */
  otherPorts: OtherPortsRecord[];
  /** Transfers of growing size. */
  ladders: LadderRecord[];
  /** Control connections that were left idle. */
  holds: HoldRecord[];
  /** Ranges of which every port was tried, without the silence that proves nothing. */
  sweeps: SweepRecord[];
  /** Declared ranges that were dialled while an offer stood. */
  remaps: RemappedPortsRecord[];
  /** Our own ports that the server was let call. */
  calls: ActivePortsRecord[];
  /** Versions of TLS tried one by one on control connections. */
  tlsVersions: TlsVersionsRecord[];
  /** Data connections under TLS compared with one another, one record per control connection. */
  tlsMatrices: TlsMatrixRecord[];
  /** Sessions that went back to clear text. */
  cccs: CccRecord[];
  /** The server product, where it was recognised. */
  product: Product | null;
  /** The control panel that the greeting names; null for the many that name none. */
  panel: Panel | null;
}

/** Questions that several rules ask, answered once. */
export interface Facts {
  /** What they are derived from. */
  evidence: Evidence;
  /** Look-ups of the host's name, one per family. */
  resolutions: ResolveRecord[];
  /** One entry per address probed, in order. */
  addresses: AddressFacts[];
  /** Every attempt at every address. */
  attempts: Attempt[];
  /** The mode table: one row per mode, protection and address. */
  rows: ModeSummary[];
  /** Every passive attempt that was made (skipped and crashed ones left out). */
  passive: PassiveAttempt[];
  /** Every active attempt that was made (skipped and crashed ones left out), and calls to our own ports that did not come about. */
  active: {
    /** The evidence. */
    record: ActiveRecord;
    /** The row of the mode table. */
    summary: ModeSummary;
  }[];
  /** Whether a login succeeded at any address. */
  loggedIn: boolean;
  /** The first product recognised at any address. */
  product: Product | null;
  /** Whether a mode of this kind works or was repaired anywhere. */
  works(...modes: Mode[]): boolean;
  /** Every round of a repeated run, the run itself first; none where nothing was repeated. */
  rounds: RoundFacts[];
  /** The first record with this id. */
  record(id: string): ExperimentRecord | undefined;
}

/** Derives the shared facts from evidence. */
export function deriveFacts(evidence: Evidence): Facts {
  const of = <E extends ExperimentRecord["experiment"]>(experiment: E): RecordOf<E>[] =>
    evidence.experiments.filter((record): record is RecordOf<E> => record.experiment === experiment);
  const resolutions = of("resolve");
  const known = [...of("control"), ...of("passive"), ...of("active")].map((record) => record.address);
  const addresses = [...new Set([...resolutions.flatMap((record) => record.addresses), ...known])].map((address) =>
    addressFacts(evidence, address),
  );
  const probed = addresses.filter((facts) => facts.controls.length > 0 || facts.attempts.length > 0);
  const attempts = probed.flatMap((facts) => facts.attempts);
  const made = attempts.filter(({ record }) => record.status === "done" || record.status === "cancelled");
  const rows = modeRows(attempts);
  return {
    evidence,
    resolutions,
    addresses: probed,
    attempts,
    rows,
    rounds: roundsOf(evidence, rows),
    passive: made.flatMap(({ record, summary }) =>
      record.experiment === "passive" ? [passiveAttempt(record, summary)] : [],
    ),
    active: [
      ...made.flatMap(({ record, summary }) => (record.experiment === "active" ? [{ record, summary }] : [])),
      ...probed.flatMap((address) => callsInVain(address, evidence)),
    ],
    loggedIn: of("login").some((record) => record.result === "logged-in"),
    product: probed.find((facts) => facts.product !== null)?.product ?? null,
    works: (...modes) =>
      attempts.some(
        ({ summary }) => modes.includes(summary.mode) && (summary.result === "works" || summary.result === "repaired"),
      ),
    record: (id) => evidence.experiments.find((record) => record.id === id),
  };
}

function callsInVain({ calls, controls }: AddressFacts, { policy }: Evidence): Facts["active"] {
  const own = policy.activeAddress ?? controls.find(({ local }) => local !== null)?.local?.address ?? null;
  return revivedCalls(calls, own).map((record) => ({ record, summary: summariseAttempt(record) }));
}

function addressFacts(evidence: Evidence, address: string): AddressFacts {
  const here = evidence.experiments.filter(
    (record): record is Exclude<ExperimentRecord, ResolveRecord> =>
      record.experiment !== "resolve" && record.address === address,
  );
  const pick = <E extends ExperimentRecord["experiment"]>(experiment: E): RecordOf<E>[] =>
    here.filter((record): record is RecordOf<E> & (typeof here)[number] => record.experiment === experiment);
  const controls = pick("control").sort((a, b) => a.ordinal - b.ordinal);
  const logins = pick("login")
    .filter(({ status }) => status === "done")
    .sort((a, b) => a.ordinal - b.ordinal);
  const [identify = null, ...further] = pick("identify");
  const systAgain = further.find(({ protection, syst }) => protection === "clear" && syst !== null) ?? null;
  const finished = <R extends ExperimentRecord>(all: R[]): R[] =>
    all.filter(({ status }) => status === "done" || status === "cancelled");
  const records = here.filter((record) => record.experiment === "passive" || record.experiment === "active");
  const first = controls[0];
  const greeting = first?.greeting?.reply?.lines ?? null;
  const loggedIn = logins.some(({ result }) => result === "logged-in");
  return {
    address,
    family: familyOf(address),
    controls,
    control: first === undefined ? null : controlOutcome(first, loggedIn),
    identify,
    systAgain,
    // That a silent port is no TLS port either is no failure of TLS. Those of the matrix are limited to one version:
    // what fails there fails for that alone.
    secures: finished(pick("secure")).filter(
      ({ handshake, knock }) =>
        (handshake === null || handshake.versions === null) && (knock !== true || handshake?.outcome === "ok"),
    ),
    logins,
    directory: pick("directory")[0] ?? null,
    attempts: records.map((record) => ({ record, summary: summariseAttempt(record) })),
    offers: finished(pick("offers")),
    otherPorts: finished(pick("other-ports")),
    ladders: finished(pick("ladder")),
    holds: finished(pick("hold")),
    sweeps: finished(pick("sweep")).map((record) =>
      withoutDoubtedSilence(record, { passive: pick("passive"), offers: finished(pick("offers")) }),
    ),
    remaps: finished(pick("remapped-ports")),
    calls: finished(pick("active-ports")),
    tlsVersions: finished(pick("tls-versions")),
    tlsMatrices: finished(pick("tls-matrix")),
    cccs: finished(pick("ccc")),
    product: recognise({
      greeting,
      replies: exchangesOf(here).flatMap((exchange) =>
        exchange.replies.map((reply) => ({
          command: exchange.command.split(" ", 1)[0] ?? "",
          code: reply.code,
          lines: reply.lines,
        })),
      ),
      features: identify?.features ?? null,
      host: evidence.target.host,
      syst: lastReply(identify?.syst ?? null)?.lines[0] ?? null,
    }),
    panel: recognisePanel({ greeting }),
  };
}

/**
 * The login that an address is judged by: the first one of either protection, and of these the one that was let in. One in clear that a
 * server refuses because it wants TLS, or the other way round, is no refusal of the user.
 */
export function decisiveLogin({ logins }: Pick<AddressFacts, "logins">): LoginRecord | null {
  const firsts = logins.filter(
    ({ protection }, index) => logins.findIndex((other) => other.protection === protection) === index,
  );
  return firsts.find(({ result }) => result === "logged-in") ?? logins[0] ?? null;
}

/** Every command and its replies in these records. */
export function exchangesOf(records: readonly ExperimentRecord[]): Exchange[] {
  return records.flatMap((record) => exchangesIn(record)).filter((exchange) => exchange !== null);
}

function exchangesIn(record: ExperimentRecord): (Exchange | null)[] {
  switch (record.experiment) {
    case "resolve":
    case "control":
      return [];
    case "identify":
      return [record.feat, record.auth, record.syst];
    case "login":
      return record.exchanges;
    case "secure":
      return [...record.auth, record.pbsz, record.prot];
    case "directory":
      return [record.exchange];
    case "passive":
      return [record.offer?.exchange ?? null, record.transfer?.exchange ?? null];
    case "active":
      return [record.exchange, record.transfer?.exchange ?? null];
    case "offers":
      return record.samples.flatMap(({ offer, transfer }) => [offer.exchange, transfer?.exchange ?? null]);
    case "remapped-ports":
      return record.trials.flatMap(({ offer, transfer }) => [offer.exchange, transfer?.exchange ?? null]);
    case "other-ports":
    case "sweep":
    case "active-ports":
      return [];
    case "ladder":
      return record.steps.flatMap(({ offer, transfer }) => [offer?.exchange ?? null, transfer?.exchange ?? null]);
    case "hold":
      return [record.exchange, record.keptBusy?.last ?? null];
    case "tls-versions":
      return record.trials.map(({ auth }) => auth);
    case "tls-matrix":
      return record.trials.flatMap(({ prot, offer, transfer }) => [
        prot,
        offer?.exchange ?? null,
        transfer?.exchange ?? null,
      ]);
    case "ccc":
      return [record.exchange, record.noop ?? null, record.offer?.exchange ?? null, record.transfer?.exchange ?? null];
  }
}

/** The final reply of an exchange; null where none came. */
export function lastReply(exchange: Exchange | null): ReplyRecord | null {
  return exchange?.outcome === "ok" ? (exchange.replies.at(-1) ?? null) : null;
}
