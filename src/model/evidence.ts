import type { ActivePortsRecord } from "./active-ports-evidence.ts";
import type { ActiveRecord, PassiveRecord } from "./channel-evidence.ts";
import type { Endpoint, Family } from "./endpoint.ts";
import type { Outcome } from "./failure.ts";
import type { HoldRecord, LadderRecord, OffersRecord, OtherPortsRecord } from "./follow-up-evidence.ts";
import type { Mode, Protection, Security } from "./mode.ts";
import type { RemappedPortsRecord } from "./remapped-ports-evidence.ts";
import type { RoundRecord } from "./round-evidence.ts";
import type { Exchange, PartialReply, ReplyRecord, SessionRecord } from "./session-evidence.ts";
import type { PortsPlan, SweepRecord } from "./sweep-evidence.ts";
import type { CccRecord, SecureRecord, TlsMatrixRecord, TlsVersionsRecord } from "./tls-evidence.ts";

export type * from "./active-ports-evidence.ts";
export type * from "./channel-evidence.ts";
export type * from "./follow-up-evidence.ts";
export type * from "./remapped-ports-evidence.ts";
export type * from "./round-evidence.ts";
export type * from "./session-evidence.ts";
export type * from "./sweep-evidence.ts";
export type * from "./tls-evidence.ts";

/** Version of the evidence format; a file of another version is refused, never guessed at. */
export const EVIDENCE_VERSION = 1;

/**
 * Everything that was seen in one run against one target, and nothing that was concluded from it.
 * Plain JSON: it can be saved and judged again by a later version. All times are milliseconds since `startedAt`.
 */
export interface Evidence {
  /** Format version, `EVIDENCE_VERSION`. */
  evidenceVersion: 1;
  /** The program that collected it. */
  tool: Tool;
  /** When the run began, ISO 8601 in UTC. */
  startedAt: string;
  /** From the first packet asked for to the last reply, in milliseconds. */
  durationMs: number;
  /** False only when the user or the deadline stopped the run. */
  complete: boolean;
  /** What stopped the run: the deadline of its policy, or the user (Ctrl+C, or another signal to end); missing where nothing did. */
  stoppedBy?: "deadline" | "user";
  /** What was to be probed. */
  target: TargetRecord;
  /** The choices of the run that judgement depends on. */
  policy: PolicyRecord;
  /** What the probing machine knows of itself. */
  client: ClientRecord;
  /** One record per experiment made, in the order in which they were begun. */
  experiments: ExperimentRecord[];
  /** One record per control connection, with its transcript. */
  sessions: SessionRecord[];
  /** The further rounds of a repeated run, in order; missing where nothing was repeated. */
  rounds?: RoundRecord[];
}

/** Name and version of a program. */
export interface Tool {
  /** Always `ftp-doctor` for our own files. */
  name: string;
  /** Semantic version. */
  version: string;
}

/** The target as it may be shown: no password in it. */
export interface TargetRecord {
  /** What the user typed, with any password replaced. */
  input: string;
  /** Host name or IP literal. */
  host: string;
  /** Control port. */
  port: number;
  /** How the control connection is to be secured. */
  security: Security;
  /** Login name; null for an anonymous login. */
  user: string | null;
  /** Directory to list; null for the one the login lands in. */
  path: string | null;
}

/** What `--require` can name. `passive` and `active` mean either mode of the kind. */
export type Requirement = Mode | "passive" | "active" | "tls" | "ipv6" | "upload";

/** Choices of the run that judgement depends on. */
export interface PolicyRecord {
  /** Modes to try. */
  modes: Mode[];
  /** Address families to probe. */
  families: Family[];
  /** What must work, replacing the default (one passive mode); null for the default. */
  required: Requirement[] | null;
  /** Whose login is used: the public anonymous one, or credentials that must be protected. */
  credentials: "anonymous" | "given";
  /** Real credentials may go in clear although TLS is offered. */
  allowCleartext: boolean;
  /** Real credentials may go over TLS that failed verification; missing in files of the first days. */
  insecure?: boolean;
  /** The file of further root certificates (`--ca-file`), as it was given; null or missing for none. */
  caFile?: string | null;
  /** Limit of one step in milliseconds. */
  timeoutMs: number;
  /** True when the user set `timeoutMs`: it then also limits greeting and PASS, which otherwise may take 30 s. */
  timeoutGiven: boolean;
  /** Limit of the whole run in milliseconds; null for none. */
  deadlineMs: number | null;
  /** Address to put into PORT and EPRT instead of the local one; null for the local one. */
  activeAddress: string | null;
  /** Local ports to listen on for active mode; null for any. */
  activePorts: PortRange | null;
  /** Control connections that may be open at once per address. */
  maxSessions: number;
  /** Login attempts per address. */
  maxLogins: number;
  /**
   * Passive offers to make per passive mode, also where nothing failed; null for the default: some, and only after a
   * failure. Like the two below it, missing in files of the first days.
   */
  samples?: number | null;
  /** Directory on the server in which the upload ladder may write and delete; null for no upload. */
  writeDirectory?: string | null;
  /** How long to leave a control connection idle, in seconds; null for no hold. */
  holdSeconds?: number | null;
  /** Everything about TLS is tried, also where nothing failed; missing in files of the first days, as the one below. */
  tlsMatrix?: boolean;
  /** The control connection goes back to clear text after a login under TLS (CCC). */
  ccc?: boolean;
  /** Rounds in all, the run itself included; missing or 1 where nothing was repeated. */
  repeat?: number;
  /** Time between the beginnings of two rounds, in milliseconds; missing in files of the first days. */
  intervalMs?: number;
  /** What the run was to find out about passive ports, in place of all other questions; null or missing for an ordinary probe. */
  ports?: PortsPlan | null;
  /** Our own ports that the server was to be let call, in place of trying the modes; null or missing for an ordinary run. */
  calledAt?: PortRange | null;
}

/** Ports from one to another, both included. */
export interface PortRange {
  /** First port. */
  from: number;
  /** Last port. */
  to: number;
}

/** What the probing machine knows of itself. */
export interface ClientRecord {
  /** Operating system as Node names it, such as `linux`. */
  platform: string;
  /** Its own addresses, loopback left out. */
  addresses: string[];
}

/** What every experiment's record has. */
export interface RecordBase {
  /** Unique in the evidence, such as `passive-2`; findings point at it. */
  id: string;
  /** When the experiment began, in milliseconds since the start of the run. */
  startedMs: number;
  /** How long it took, in milliseconds. */
  durationMs: number;
  /**
   * `done`: it gave an answer, good or bad. `skipped`: it was not made, `note` says why.
   * `cancelled`: the user, the deadline or the time for one address ended it. `crashed`: a bug of this tool, `note` has the message.
   */
  status: "done" | "skipped" | "cancelled" | "crashed";
  /** Why it was skipped, or what was odd; null where there is nothing to say. */
  note: string | null;
}

/** The question every address-bound experiment asks is asked of one address under one protection. */
export interface AddressedRecord extends RecordBase {
  /** The IP literal probed (the control connection's peer). */
  address: string;
  /** Its family. */
  family: Family;
  /** Protection of the control connection at that time. */
  protection: Protection;
  /** Id of the session it used; null where none could be had. */
  session: string | null;
}

/** Which addresses the name has, one record per family. */
export interface ResolveRecord extends RecordBase {
  /** Which experiment it was. */
  experiment: "resolve";
  /** The name asked for, or the literal given. */
  host: string;
  /** The family asked for. */
  family: Family;
  /** `ok`, `not-found`, `lookup-failed`, `timed-out` or `cancelled`. */
  outcome: Outcome;
  /** The resolver's own error code; null on success. */
  code: string | null;
  /** Addresses found; empty unless `ok`. */
  addresses: string[];
}

/** The result of one socket step. */
export interface StepRecord {
  /** What became of it. */
  outcome: Outcome;
  /** The system's error code; null where there was none. */
  code: string | null;
  /** Time it took in milliseconds. */
  ms: number;
  /** The limit it ran under, in milliseconds: what "timed-out" means here. */
  limitMs: number;
}

/** Does the control port answer, and with what greeting? */
export interface ControlRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "control";
  /** Control port dialled. */
  port: number;
  /** 1 for the first control connection to this address, 2 for the next, ... */
  ordinal: number;
  /** The TCP connect. */
  connect: StepRecord;
  /** Our end of the connection; null where it did not connect. */
  local: Endpoint | null;
  /** The first reply; null where TCP did not connect. */
  greeting: GreetingRecord | null;
}

/** The first thing the server said. */
export interface GreetingRecord extends StepRecord {
  /** The greeting if it was an FTP reply; null otherwise. A 120 followed by a 220 gives the 220. */
  reply: ReplyRecord | null;
  /** The first bytes received (at most 256), one character per byte (latin1); empty when none came. */
  firstBytes: string;
  /** What had come of the reply when the waiting for it ended; missing where it came whole, or nothing of it did. */
  partial?: PartialReply;
  /** What a bare CR LF brought out of a server that had kept silent for the whole limit; null or missing where it was not sent. */
  afterNewline?: NudgeRecord | null;
}

/** What came after a bare CR LF: a proxy that waits for the client to speak first answers it. */
export interface NudgeRecord extends StepRecord {
  /** The first bytes received (at most 256), latin1; empty when none came. */
  firstBytes: string;
}

/**
 * What the server says it is: FEAT and SYST. The first one of an address tells; further ones are what was asked again behind a login,
 * under TLS (FEAT) and in clear (FEAT and SYST), where a device on the way can change the answers.
 */
export interface IdentifyRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "identify";
  /** FEAT (RFC 2389), asked before login and again after it where it was refused before; null where not asked. */
  feat: Exchange | null;
  /** SYST, asked after login; null where not asked. */
  syst: Exchange | null;
  /** AUTH TLS, or AUTH SSL behind it, asked only to learn whether TLS is offered where FEAT did not tell; null where not asked. */
  auth: Exchange | null;
  /** Feature lines of FEAT without the surrounding text; null where FEAT gave none. */
  features: string[] | null;
  /**
   * Whether FEAT lists AUTH, or AUTH was accepted, which before a password goes in clear is tried also where FEAT does not list it; null
   * where neither gave an answer.
   */
  authOffered: boolean | null;
}

/** Can we log in? */
export interface LoginRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "login";
  /** 1 for the first login on this address, 2 for the next, ... */
  ordinal: number;
  /**
   * `logged-in`; `rejected`: a negative reply to USER, PASS or ACCT, or a demand for more than USER and PASS; `failed`:
   * no reply or the connection ended;
   * `withheld`: not sent, because real credentials would have gone in clear (`note` says why).
   */
  result: "logged-in" | "rejected" | "failed" | "withheld";
  /** The commands of the login, secrets replaced. */
  exchanges: Exchange[];
}

/** Can the directory asked for be entered? Only made when the target names one. */
export interface DirectoryRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "directory";
  /** The CWD command and its reply. */
  exchange: Exchange;
}

/** The record of any experiment. */
export type ExperimentRecord =
  | ResolveRecord
  | ControlRecord
  | SecureRecord
  | IdentifyRecord
  | LoginRecord
  | DirectoryRecord
  | PassiveRecord
  | ActiveRecord
  | OffersRecord
  | OtherPortsRecord
  | LadderRecord
  | HoldRecord
  | SweepRecord
  | RemappedPortsRecord
  | ActivePortsRecord
  | TlsVersionsRecord
  | TlsMatrixRecord
  | CccRecord;

/** The record type of one experiment, by its name. */
export type RecordOf<E extends ExperimentRecord["experiment"]> = Extract<ExperimentRecord, { experiment: E }>;
