import type { Family } from "./endpoint.ts";
import type { Evidence, Tool } from "./evidence.ts";
import type { Outcome } from "./failure.ts";
import type { Confidence, Finding } from "./finding.ts";
import type { Mode, Protection, Security } from "./mode.ts";
import type { PortsSummary } from "./ports-summary.ts";
import type { Steadiness } from "./steadiness.ts";

export type * from "./active-reach.ts";
export type * from "./finding.ts";
export type * from "./ports-summary.ts";
export type * from "./steadiness.ts";

/** Version of the report format. Fields are added inside a version, never repurposed. */
export const REPORT_VERSION = 1;
/** Version of the run object that wraps the reports of one invocation. */
export const RUN_VERSION = 1;

/**
 * `healthy`: what is required works everywhere. `degraded`: usable, with a warning. `broken`: a cause of severity error or
 * critical. `undetermined`: could not get far enough to say.
 */
export type Verdict = "healthy" | "degraded" | "broken" | "undetermined";

/**
 * One invocation of ftp-doctor: every target's report. Fields may be added within a version; readers ignore those they do not know.
 * @title ftp-doctor run
 */
export interface Run {
  /** Format version, `RUN_VERSION`. */
  runVersion: 1;
  /** The program that made it. */
  tool: Tool;
  /** When the run began, ISO 8601 in UTC. */
  startedAt: string;
  /** Duration of the whole run in milliseconds. */
  durationMs: number;
  /** The worst verdict: broken, undetermined, degraded, healthy. */
  verdict: Verdict;
  /** One report per target, in the order given. */
  reports: Report[];
}

/** What was found out about one target. */
export interface Report {
  /** Format version, `REPORT_VERSION`. */
  reportVersion: 1;
  /** What was probed; no password in it. */
  target: ReportTarget;
  /** When the probe of this target began, ISO 8601 in UTC. */
  startedAt: string;
  /** From the first packet asked for to the last reply, in milliseconds. */
  durationMs: number;
  /** False only after Ctrl+C or the run's deadline. */
  complete: boolean;
  /** The judgement in one word. */
  verdict: Verdict;
  /** One sentence that a person can forward. */
  summary: string;
  /** One entry per address. */
  control: ControlSummary[];
  /** One entry per attempt: mode x protection x address. */
  modes: ModeSummary[];
  /** Passive ports seen. */
  ports: PortsSummary;
  /** How alike the rounds came out; missing where nothing was repeated (`--repeat`). */
  steadiness?: Steadiness;
  /** Faults, causes first, most severe and most certain first. */
  findings: Finding[];
  /** Every rule's answer. */
  checks: Check[];
  /**
   * What common FTP clients would do with this server from here, from the same evidence; empty where no session was had,
   * missing in files of the first days.
   */
  clients?: ClientForecast[];
  /** What works right now and how to use it until the fault is mended; empty when nothing is wrong or nothing works. */
  meanwhile: string[];
  /** The next measurements worth making, as commands to run with a word on what they tell. */
  next: NextStep[];
  /** What all of this rests on. */
  evidence: Evidence;
}

/** The target as the report names it. */
export interface ReportTarget {
  /** What the user typed, with any password replaced. */
  input: string;
  /** Host name or IP literal. */
  host: string;
  /** Control port. */
  port: number;
  /** How the control connection was to be secured. */
  security: Security;
  /** Login name; null for an anonymous login. */
  user: string | null;
}

/** What one FTP client would do with its default settings. */
export interface ClientForecast {
  /** Id that stays, such as `curl` or `curl-before-7.74`. */
  client: string;
  /** Name for people, with the versions it speaks of. */
  name: string;
  /**
   * `works`; `works-after-delay`: after waiting for something that fails first, or for a slow server; `fails`; `unknown`: the
   * evidence does not tell.
   */
  outcome: "works" | "works-after-delay" | "fails" | "unknown";
  /** The mode its transfer would use in the end; null where it fails or is unknown. */
  mode: Mode | null;
  /** One sentence: which habit of the client meets which fact. */
  why: string;
  /** The setting that would make it work or spare it the delay; null where there is none, or none is needed. */
  setting: string | null;
  /** What is known of its habits: read in its source, told by its documentation, or general knowledge alone. */
  basis?: "source" | "documentation" | "general-knowledge";
}

/** A measurement that would tell more. */
export interface NextStep {
  /** The command to run. */
  command: string;
  /** What its answer tells. */
  tells: string;
}

/** How the control connection to one address went. */
export interface ControlSummary {
  /** IP literal. */
  address: string;
  /** Its family. */
  family: Family;
  /** Control port. */
  port: number;
  /**
   * `ready`: greeted with 220. `silent`: connected, no greeting. `not-ftp`: something else answered. `rejected`: greeted with
   * a refusal.
   */
  outcome:
    | "ready"
    | "refused"
    | "timed-out"
    | "unreachable"
    | "reset"
    | "closed"
    | "silent"
    | "not-ftp"
    | "rejected"
    | "cancelled";
  /** TCP connect time in milliseconds; null where it did not connect. */
  connectMs: number | null;
  /** From connect to the greeting in milliseconds; null where none came. */
  greetingMs: number | null;
  /** Protection of the control connection. */
  protection: Protection;
  /** What the login gave; null where it was not tried. */
  login: "logged-in" | "rejected" | "failed" | "withheld" | null;
  /** The server product recognised; null where unknown. */
  product: Product | null;
}

/** A server product. */
export interface Product {
  /** Product name, such as `vsftpd` or `Pure-FTPd`. */
  name: string;
  /** Version where it shows; null otherwise. */
  version: string | null;
  /** How sure the recognition is. */
  confidence: Confidence;
}

/**
 * `works`: bytes moved and the closing reply came, as advertised. `repaired`: only with the peer's address in place of the
 * advertised one. `blocked`: accepted, then the data channel failed. `refused`: the server said no to the mode.
 * `unsupported`: it does not know it or it cannot apply. `inconclusive`: a limit of the run, not of the step, or a
 * transfer that still dripped when its limit passed.
 */
export type ModeResult = "works" | "repaired" | "blocked" | "refused" | "unsupported" | "skipped" | "inconclusive";

/** One row of the mode table. */
export interface ModeSummary {
  /** The mode. */
  mode: Mode;
  /** Protection of the data channel. */
  protection: Protection;
  /** Family of the control connection. */
  family: Family;
  /** Address of the control peer. */
  address: string;
  /** What came of it. */
  result: ModeResult;
  /** Where it failed; null for works, repaired and skipped. */
  stage: "command" | "dial" | "accept" | "tls" | "transfer" | null;
  /** Endpoint the server named (`ip:port`, `[v6]:port`); for EPSV the peer's address with the port. */
  advertised: string | null;
  /** Endpoint we put into PORT or EPRT. */
  offered: string | null;
  /** Endpoint the server called from in active mode. */
  calledFrom: string | null;
  /** Endpoints dialled in passive mode. */
  dialled: DialSummary[];
  /** Bytes received. */
  bytes: number;
  /** Duration of the attempt in milliseconds. */
  ms: number;
  /** Id of the evidence record. */
  record: string;
}

/** One endpoint dialled. */
export interface DialSummary {
  /** `ip:port` or `[v6]:port`. */
  endpoint: string;
  /** What became of it. */
  outcome: Outcome;
  /** Time until then in milliseconds. */
  ms: number;
}

/** One rule's answer. */
export interface Check {
  /** Rule id. */
  id: string;
  /**
   * `present`: a finding. `absent`: looked for and not there. `undetermined`: evidence is missing. `not-applicable`: the
   * question does not arise. `crashed`: a bug of this tool.
   */
  status: "present" | "absent" | "undetermined" | "not-applicable" | "crashed";
  /** Reason, missing evidence, or `covered by ID`; null where there is nothing to add. */
  note: string | null;
}
