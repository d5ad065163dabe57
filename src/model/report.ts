import type { ActiveReach } from "./active-reach.ts";
import type { Family } from "./endpoint.ts";
import type { Evidence, PortRange, Tool } from "./evidence.ts";
import type { Outcome } from "./failure.ts";
import type { Mode, Protection, Security } from "./mode.ts";
import type { Steadiness } from "./steadiness.ts";

export type * from "./active-reach.ts";
export type * from "./steadiness.ts";

/** Version of the report format. Fields are added inside a version, never repurposed. */
export const REPORT_VERSION = 1;
/** Version of the run object that wraps the reports of one invocation. */
export const RUN_VERSION = 1;

/** `healthy`: what is required works everywhere. `degraded`: usable, with a warning. `broken`: a cause of severity error or critical. `undetermined`: could not get far enough to say. */
export type Verdict = "healthy" | "degraded" | "broken" | "undetermined";

/** `critical`: no session possible. `error`: a required mode does not work. `warning`: works here, fails for some or later. `notice`: worth knowing. */
export type Severity = "critical" | "error" | "warning" | "notice";

/** How sure the judgement is; never mixed with severity. */
export type Confidence = "certain" | "likely" | "possible";

/** The side at fault. */
export type Side =
  | "dns"
  | "server-config"
  | "server-firewall"
  | "server-nat"
  | "server-host"
  | "middlebox"
  | "path"
  | "client-firewall"
  | "client-nat"
  | "client"
  | "credentials"
  | "tls"
  | "unknown";

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
  /** What common FTP clients would do with this server from here, from the same evidence; empty where no session was had, missing in files of the first days. */
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
  /** `works`; `works-after-delay`: after waiting for something that fails first, or for a slow server; `fails`; `unknown`: the evidence does not tell. */
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
  /** `ready`: greeted with 220. `silent`: connected, no greeting. `not-ftp`: something else answered. `rejected`: greeted with a refusal. */
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

/** `works`: bytes moved and the closing reply came, as advertised. `repaired`: only with the peer's address in place of the advertised one. `blocked`: accepted, then the data channel failed. `refused`: the server said no to the mode. `unsupported`: it does not know it or it cannot apply. `inconclusive`: a limit of the run, not of the step. */
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

/** State of a swept port. */
export type PortState = "open" | "closed" | "filtered" | "rejected";

/** Passive ports seen in this run. */
export interface PortsSummary {
  /** Ports the server offered, each with what became of the dial. */
  offered: OfferedPort[];
  /** Smallest and largest port offered; null where none was. */
  observed: ObservedPorts | null;
  /** What the offers tell of the server's range; null where there were too few. Missing in files of the first days. */
  estimate?: PortEstimate | null;
  /** Result of a sweep, the first address' where there are several; null where none was made. */
  swept: PortSweep | null;
  /** Results of the sweeps of all addresses, one per family at most; missing in files of the first days. */
  sweeps?: PortSweep[];
  /** Which of our own ports the server can call, per address; missing where that was not asked (`ports --active-ports`). */
  active?: ActiveReach[];
}

/** The server's passive range as its offers show it; it claims no more than their number allows. */
export interface PortEstimate {
  /** IP literal of the server: the address with the most offers. */
  address: string;
  /** Offers it rests on. */
  samples: number;
  /** Different ports among them. */
  distinct: number;
  /**
   * How the server takes its ports. `sequential`: one after another; `random`: without any order; `fixed`: one port again and again;
   * `unknown`: the offers do not tell, `basis` says why.
   */
  allocation: "sequential" | "random" | "fixed" | "unknown";
  /** How that is known, in a few words. */
  basis: string;
  /** The whole range lies between here and `to`, with `confidence`; null where the offers do not tell. */
  from: number | null;
  /** See `from`. */
  to: number | null;
  /** Probability that the range lies in there, 0 to 1, as long as all offers come from one range; null where `from` is. */
  confidence: number | null;
  /** The likeliest range: round numbers where there are some within reach. A guess for people; null where `from` is. */
  likely: PortRange | null;
  /** A well-known range that fits; null where none does, or several offers more would be needed to say so. */
  looksLike: LooksLike | null;
  /** What is worth knowing of such a range though nothing has failed for it. */
  remarks: PortRemark[];
}

/** A well-known range that fits the offers. */
export interface LooksLike extends PortRange {
  /** Who uses it. */
  whose: string;
  /** `system`: the operating system gives the ports out, the server has no range set; `product`: the server's default; `setting`: a control panel's. */
  origin: "system" | "product" | "setting";
}

/** Something worth knowing of a passive range. */
export interface PortRemark {
  /**
   * `no-range`: none seems to be set, so a firewall would have to open all of a system's; `few-ports`: fewer than ten;
   * `predictable`: the next port can be guessed; `taken-ports`: some are inspected by firewalls or held by other services;
   * `privileged`: some lie below 1024.
   */
  kind: "no-range" | "few-ports" | "predictable" | "taken-ports" | "privileged";
  /** One sentence. */
  text: string;
  /** Ports it speaks of; empty where it speaks of all. */
  ports: number[];
}

/** One port the server offered. */
export interface OfferedPort {
  /** TCP port. */
  port: number;
  /** What became of the dial. */
  outcome: Outcome;
}

/** The span of the ports offered. */
export interface ObservedPorts {
  /** Smallest port. */
  min: number;
  /** Largest port. */
  max: number;
}

/** Result of trying every port of a range. */
export interface PortSweep extends PortRange {
  /** Ports per state. */
  counts: PortCounts;
  /** Runs of equal state, in ascending order; ports that were not tried are gaps between them. */
  intervals: PortInterval[];
  /** IP literal that was swept; like all below, missing in files of the first days. */
  address?: string;
  /** Ports that were not tried, or whose answer was lost to a limit of this machine. */
  untried?: number;
  /** False where every port accepts, also such as nothing can be on: something else answers in the server's place. */
  believed?: boolean;
  /** Declared as the server's range, and stopped on the way: filtered or rejected. */
  unreachable?: PortRange[];
  /** Open though the server does not offer them: another service listens there, and FTP cannot use them. */
  taken?: PortRange[];
  /** Reachable, and outside of what the server's offers come from; null where these do not tell. */
  neverOffered?: PortRange[] | null;
  /** Offered by the server, and outside of the range swept. */
  offeredOutside?: number[];
  /** Attempts begun per second, at most; null for no limit. */
  rate?: number | null;
  /** How long it took, in milliseconds. */
  durationMs?: number;
  /** How often it had to go slower. */
  slowdowns?: number;
  /**
   * Why it ended early. `shut-out`: ports that had answered fell silent and stayed so, as if a firewall had banned this
   * machine; `own-limits`: this machine could dial no further. Null where it came to its end, or was interrupted.
   */
  stopped?: "shut-out" | "own-limits" | null;
  /**
   * Silent ports that count as rejected: the firewall sends only so many ICMP errors, and each of a sample was rejected when
   * asked slowly. 0: only some of the sample were, so that a filtered port may be rejected. Null where errors are not limited.
   */
  assumedRejected?: number | null;
}

/** Ports per state. */
export interface PortCounts {
  /** Something listened and accepted. */
  open: number;
  /** A reset answered: reachable, nothing listens. */
  closed: number;
  /** Nothing answered. */
  filtered: number;
  /** An ICMP error answered. */
  rejected: number;
}

/** Neighbouring ports of equal state. */
export interface PortInterval extends PortRange {
  /** Their state. */
  state: PortState;
}

/** A value in a finding's `args`. */
export type ArgValue = string | number | boolean | null | string[] | number[];

/** A fault that is present. */
export interface Finding {
  /** Catalogue id, never reused. */
  id: string;
  /** How bad. */
  severity: Severity;
  /** How sure. */
  confidence: Confidence;
  /** `consequence`: would be gone with the cause. */
  role: "cause" | "consequence";
  /** The side at fault. */
  at: Side;
  /** A few words. */
  title: string;
  /** One sentence with the observed values. */
  summary: string;
  /** What is wrong and how we know, for somebody who is no FTP expert. */
  explanation: string;
  /** The values the words were made of. */
  args: Record<string, ArgValue>;
  /** The two or three lines that prove it, quoted from the evidence; untrusted text. */
  seen: string[];
  /** Ids of the evidence records it rests on. */
  evidence: string[];
  /** Other causes that fit the same evidence. */
  rivals: Rival[];
  /** Who must change what. */
  remedies: Remedy[];
}

/** Another cause that fits the same evidence. */
export interface Rival {
  /** A catalogue id, or a few words where it has none. */
  cause: string;
  /** What a catalogue id stands for, in a few words; left out where `cause` is words already. */
  title?: string;
  /** The measurement that would tell them apart. */
  toTellApart: string;
}

/** What somebody must change. */
export interface Remedy {
  /** Who acts. */
  who: "server-admin" | "firewall-admin" | "client-user";
  /** The product it is for, such as `vsftpd` or `nftables`; `any` where it is not bound to one. */
  product: string;
  /** `low`: minutes and no interruption. `medium`: a restart or a second party. `high`: a change of set-up. */
  effort: "low" | "medium" | "high";
  /** One or two sentences: what it does, and what to mind. */
  text: string;
  /** Lines of configuration. */
  config?: ConfigLine[];
  /** Commands in order, to be run as they stand. */
  commands?: string[];
}

/** One setting in one file. */
export interface ConfigLine {
  /** Full path, or the place in a dialogue. */
  file: string;
  /** Name of the directive. */
  directive: string;
  /** Its value. */
  value: string;
  /** The line exactly as it stands in the file. */
  line: string;
}

/** One rule's answer. */
export interface Check {
  /** Rule id. */
  id: string;
  /** `present`: a finding. `absent`: looked for and not there. `undetermined`: evidence is missing. `not-applicable`: the question does not arise. `crashed`: a bug of this tool. */
  status: "present" | "absent" | "undetermined" | "not-applicable" | "crashed";
  /** Reason, missing evidence, or `covered by ID`; null where there is nothing to add. */
  note: string | null;
}
