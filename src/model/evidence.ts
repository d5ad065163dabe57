import type { Endpoint, Family } from "./endpoint.ts";
import type { Outcome } from "./failure.ts";
import type { Mode, Protection, Security } from "./mode.ts";
import type { CccRecord, TlsMatrixRecord, TlsVersionsRecord } from "./tls-evidence.ts";

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
  /** Passive offers to make per passive mode, also where nothing failed; null for the default: some, and only after a failure. Like the two below it, missing in files of the first days. */
  samples?: number | null;
  /** Directory on the server in which the upload ladder may write and delete; null for no upload. */
  writeDirectory?: string | null;
  /** How long to leave a control connection idle, in seconds; null for no hold. */
  holdSeconds?: number | null;
  /** Everything about TLS is tried, also where nothing failed; missing in files of the first days, as the one below. */
  tlsMatrix?: boolean;
  /** The control connection goes back to clear text after a login under TLS (CCC). */
  ccc?: boolean;
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
  /** What a bare CR LF brought out of a server that had kept silent for the whole limit; null or missing where it was not sent. */
  afterNewline?: NudgeRecord | null;
}

/** What came after a bare CR LF: a proxy that waits for the client to speak first answers it. */
export interface NudgeRecord extends StepRecord {
  /** The first bytes received (at most 256), latin1; empty when none came. */
  firstBytes: string;
}

/** What the server says it is: FEAT and SYST. */
export interface IdentifyRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "identify";
  /** FEAT (RFC 2389), asked before login and again after it where it was refused before; null where not asked. */
  feat: Exchange | null;
  /** SYST, asked after login; null where not asked. */
  syst: Exchange | null;
  /** AUTH TLS, asked only to learn whether TLS is offered where FEAT did not tell; null where not asked. */
  auth: Exchange | null;
  /** Feature lines of FEAT without the surrounding text; null where FEAT gave none. */
  features: string[] | null;
  /** Whether FEAT lists AUTH, or AUTH was accepted; null where neither gave an answer. */
  authOffered: boolean | null;
}

/** Versions of TLS as Node names them. */
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** Roots against which a certificate was verified: those that come with Node, or also those of `--ca-file`. */
export type CertificateStore = "bundled" | "bundled+ca-file";

/** One thing that verification found wrong. */
export interface TlsProblem {
  /** OpenSSL's or Node's code, such as `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT` or `ERR_TLS_CERT_ALTNAME_INVALID`. */
  code: string;
  /** Its text where it says more than the code; null otherwise. */
  text: string | null;
}

/** What one certificate says; untrusted text. */
export interface CertificateRecord {
  /** Distinguished name of its owner. */
  subject: string;
  /** Distinguished name of who signed it. */
  issuer: string;
  /** Host names and addresses it is for. */
  names: string[];
  /** Valid from, ISO 8601; null where unreadable. */
  notBefore: string | null;
  /** Valid to, ISO 8601; null where unreadable. */
  notAfter: string | null;
  /** Kind of key, such as `rsa` or `ec`; null where unknown. */
  keyType: string | null;
  /** Length of an RSA key in bits; null for other kinds. */
  keyBits: number | null;
  /** Curve of an elliptic key; null for other kinds. */
  curve: string | null;
  /** Signature algorithm, by name or object identifier; null where unreadable. */
  signature: string | null;
  /** SHA-256 of the certificate, hexadecimal with colons. */
  fingerprint256: string;
  /** Whether it signed itself. */
  selfSigned: boolean;
}

/** One TLS handshake of ours. */
export interface HandshakeRecord extends StepRecord {
  /** What the server's alert said (RFC 8446 section 6), such as `protocol_version`; null where it sent none. */
  alert: string | null;
  /** What came where a TLS record should be (at most 256 bytes, latin1, redacted); null where everything was TLS. */
  foreign: string | null;
  /** Whether the server asked for a certificate of ours before the handshake failed; only to be seen in TLS 1.2 and older, missing where it was not. */
  certificateRequested?: boolean;
  /** Whether we offered a session to resume. */
  offeredSession: boolean;
  /** Protocol versions offered; null for TLS 1.2 and 1.3. */
  versions: TlsRange | null;
  /** What was agreed on; null where the handshake failed. */
  agreed: AgreedTls | null;
}

/** Versions of TLS from one to another. */
export interface TlsRange {
  /** Lowest. */
  from: TlsVersion;
  /** Highest. */
  to: TlsVersion;
}

/** What a handshake agreed on. */
export interface AgreedTls {
  /** Protocol version, such as `TLSv1.3`. */
  version: string;
  /** Cipher suite by its IANA name. */
  cipher: string;
  /** Whether an earlier session was resumed. */
  resumed: boolean;
  /** What verification found wrong; empty where the certificate is good. A resumed session has only its name checked. */
  problems: TlsProblem[];
  /** Roots it was verified with. */
  store: CertificateStore;
  /** The chain, the server's own certificate first, empty where it sent none; on a data connection the first one alone. */
  certificates: CertificateRecord[];
}

/** Can the control connection be put under TLS? */
export interface SecureRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "secure";
  /** 1 for the first attempt at this address, 2 for the next, ... */
  ordinal: number;
  /** `explicit`: AUTH on a connection in clear (RFC 4217); `implicit`: TLS from the first byte. */
  how: "explicit" | "implicit";
  /** True where nobody had asked for implicit TLS: it was tried beside a connection on which the server kept silent. */
  knock?: boolean;
  /** AUTH TLS, and AUTH SSL where only that was taken; empty for implicit TLS. */
  auth: Exchange[];
  /** The handshake; null where it did not come to that. */
  handshake: HandshakeRecord | null;
  /** PBSZ 0 (RFC 4217 section 8); null where not sent. */
  pbsz: Exchange | null;
  /** PROT P (RFC 4217 section 9); null where not sent. */
  prot: Exchange | null;
}

/** TLS on a data connection. */
export interface DataTlsRecord {
  /** The handshake. */
  handshake: HandshakeRecord;
  /** Whether it had to wait for the preliminary reply (150), or was over before it; null where no such reply came. */
  beforePreliminary: boolean | null;
  /** Whether the server ended with close_notify; null where it did not end, or nothing tells. */
  closeNotify: boolean | null;
  /** Whether its certificate is the control connection's; null where it is not known, as in a resumed session. */
  sameCertificate: boolean | null;
}

/** Can we log in? */
export interface LoginRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "login";
  /** 1 for the first login on this address, 2 for the next, ... */
  ordinal: number;
  /**
   * `logged-in`; `rejected`: a negative reply to USER, PASS or ACCT, or a demand for more than USER and PASS; `failed`: no reply or the connection ended;
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

/** One attempt to move bytes over a data connection that we open (PASV, EPSV). */
export interface PassiveRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "passive";
  /** Which mode. */
  mode: "epsv" | "pasv";
  /** The offer: command, reply and the endpoint read from it; null where no session could be had. */
  offer: OfferRecord | null;
  /** Every endpoint dialled, in order. */
  dialled: DialRecord[];
  /** The listing; null where no data connection was had. */
  transfer: TransferRecord | null;
  /** What happened in which order. */
  timeline: TimelineEvent[];
}

/** One attempt to move bytes over a data connection that the server opens (PORT, EPRT). */
export interface ActiveRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "active";
  /** Which mode. */
  mode: "eprt" | "port";
  /** Our listener. */
  listen: StepRecord;
  /** The endpoint put into the command; null where listening failed. */
  offered: Endpoint | null;
  /** PORT or EPRT and its reply; null where it was not sent. */
  exchange: Exchange | null;
  /** Waiting for the call; null where the command was refused. `closed`: the server gave up first, its reply is in `transfer`. */
  accept: StepRecord | null;
  /** Who called; null where nobody did. */
  calledFrom: Endpoint | null;
  /** Callers with another address than the server's; they were hung up on. */
  strangers: Endpoint[];
  /** The listing; null where the transfer command was not sent. */
  transfer: TransferRecord | null;
  /** What happened in which order. */
  timeline: TimelineEvent[];
}

/**
 * Repeated passive offers of one mode: made where that mode failed, or `--samples` asks for them. They show which port
 * numbers the server uses and whether the answer depends on the number, changes at random, or is the same each time.
 */
export interface OffersRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "offers";
  /** Which mode. */
  mode: "epsv" | "pasv";
  /**
   * `side-by-side`: all offers first, then all ports dialled at once, so that silence costs one limit in all; each offer
   * ends the listener of the one before, so `refused` there proves that the port can be reached. `one-by-one`: each port
   * is dialled as soon as it is offered, while its listener stands. `with-transfer`: the same, and a listing each time.
   */
  order: "side-by-side" | "one-by-one" | "with-transfer";
  /** The offers, in the order in which they were made. */
  samples: OfferSample[];
}

/** One of several offers. */
export interface OfferSample {
  /** The offer. */
  offer: OfferRecord;
  /** Every endpoint dialled for it. */
  dialled: DialRecord[];
  /** The listing; null where none was asked for or no data connection was had. */
  transfer: TransferRecord | null;
}

/** TCP connects to ports of the host that the server did not offer: what tells the look-alikes of a failure apart. */
export interface OtherPortsRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "other-ports";
  /**
   * `tarpit-control`: three random ports on which nothing can be expected; where all accept, an accepted connection proves nothing.
   * `host-alive`: well-known ports of other services and of FTP elsewhere, where the control port does not answer.
   * `near-offer`: ports near a refused offer (its bytes swapped, its neighbours), where a server may listen by mistake.
   */
  purpose: "tarpit-control" | "host-alive" | "near-offer";
  /** The connects, made side by side. */
  tried: PortTrial[];
}

/** One TCP connect to a port. */
export interface PortTrial extends StepRecord {
  /** Where to. */
  endpoint: Endpoint;
  /** What it said by itself within a moment (at most 256 bytes, latin1); empty when nothing, or when it was not waited for. */
  firstBytes: string;
}

/** Transfers of growing size on one session: up to which size do they arrive? */
export interface LadderRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "ladder";
  /** `download`: listings and existing files; `upload`: files written by us, only where the user named a directory for it. */
  direction: "download" | "upload";
  /** Mode of its data connections. */
  mode: "epsv" | "pasv";
  /** The steps, smallest first. It ends at the first that fails. */
  steps: LadderStep[];
}

/** One transfer of a ladder. */
export interface LadderStep {
  /** `listing`, or `file` for RETR and STOR. */
  what: "listing" | "file";
  /** Path given to the command; null for a listing of the present directory. */
  path: string | null;
  /** Size in bytes: what SIZE or MLSD said, or what was sent; null where it was not known before. */
  sizeBytes: number | null;
  /** The passive offer; null where it was not come to. */
  offer: OfferRecord | null;
  /** Every endpoint dialled. */
  dialled: DialRecord[];
  /** The transfer; null where no data connection was had. `bytes` counts what was moved in either direction. */
  transfer: TransferRecord | null;
  /** Size of an uploaded file as the server reports it afterwards (SIZE, RFC 3659 section 4); null where it was not asked or not told. */
  storedBytes: number | null;
  /** Whether our file was deleted again; null where none was written. */
  deleted: boolean | null;
}

/** Does a control connection survive being idle? Only made where the user asks for it. */
export interface HoldRecord extends AddressedRecord {
  /** Which experiment it was. */
  experiment: "hold";
  /** How long it was to be idle, in milliseconds. */
  holdMs: number;
  /** How long it was idle, in milliseconds; less where the server ended it before, or the run was stopped. */
  idledMs: number;
  /** What the server sent during the wait, such as a 421; null where nothing came. */
  said: ReplyRecord | null;
  /** How the connection ended during the wait; null where it did not. */
  ended: Outcome | null;
  /** NOOP after the wait; null where it did not come to that. */
  exchange: Exchange | null;
  /** The same on a second connection that was kept busy with NOOP; null where no second one could be had. */
  keptBusy: KeptBusyRecord | null;
}

/** The control connection that was kept busy meanwhile. */
export interface KeptBusyRecord {
  /** Id of its session. */
  session: string;
  /** Time between two NOOPs in milliseconds. */
  everyMs: number;
  /** NOOPs that were answered. */
  answered: number;
  /** The last NOOP; null where none was sent. */
  last: Exchange | null;
}

/** A passive offer. */
export interface OfferRecord {
  /** PASV or EPSV and its reply. */
  exchange: Exchange;
  /** The endpoint named; for EPSV the control peer's address with the port. Null where none could be read. */
  advertised: Endpoint | null;
  /** Readable deviations from RFC 959 and RFC 2428, such as `no-parentheses`; empty when there are none. */
  oddities: string[];
  /** Why no valid endpoint could be read from a positive reply; null where one could. */
  problem: string | null;
}

/** One TCP connect of a passive data connection. */
export interface DialRecord {
  /** Where to. */
  endpoint: Endpoint;
  /** `advertised`: what the server named; `peer`: the control connection's address with the same port. */
  role: "advertised" | "peer";
  /** When it was begun, in milliseconds since the start of the run. */
  startedMs: number;
  /** What became of it. */
  outcome: Outcome;
  /** The system's error code; null where there was none. */
  code: string | null;
  /** Time until the outcome, in milliseconds. */
  ms: number;
  /** The limit it ran under, in milliseconds. */
  limitMs: number;
}

/** A listing over a data connection. */
export interface TransferRecord {
  /** The transfer command and its replies, the preliminary one (1xx) and the closing one. */
  exchange: Exchange;
  /** Remote end of the data connection used; null where there was none. */
  over: Endpoint | null;
  /** How the data connection ended: `ok` in order, `closed` by us after a negative reply or the control connection's end, `protocol-error` cut off by us while it still flowed, at 8 MiB or at the limit, `reset`, `timed-out`, `tls-failed`, `cancelled`; null where there was none. */
  dataOutcome: Outcome | null;
  /** Bytes received. */
  bytes: number;
  /** From the data connection's start to its first byte, in milliseconds; null where none came. */
  firstByteMs: number | null;
  /** The beginning of the listing, at most 2 KiB, latin1. */
  sample: string;
  /** TLS on the data connection; null or missing where it was in clear, or there was none. */
  tls?: DataTlsRecord | null;
}

/** One event of an attempt. */
export interface TimelineEvent {
  /** Milliseconds since the start of the run. */
  atMs: number;
  /** What happened. */
  what: "command" | "reply" | "dial" | "dial-ended" | "accepted" | "first-byte" | "data-ended";
  /** A short text: the command's verb, the reply's code, an endpoint and its outcome. */
  text: string;
}

/** A command and what came back. */
export interface Exchange {
  /** The command line as sent, secrets replaced, without CR LF. */
  command: string;
  /** When it was sent, in milliseconds since the start of the run. */
  sentMs: number;
  /** `ok`: a final reply came, whatever its code. Otherwise why none came. */
  outcome: Outcome;
  /** Replies to it in order: preliminary ones (1xx), then the final one. */
  replies: ReplyRecord[];
  /** From sending to the final reply or to giving up, in milliseconds. */
  ms: number;
}

/** How a reply deviates from RFC 959 section 4.2 while still being readable. */
export type ReplyOddity =
  /** Lines end in LF alone. */
  | "lf-only"
  /** A CR stands alone inside or at the end of a line. */
  | "bare-cr"
  /** A NUL or another control character stands in the text. */
  | "control-characters"
  /** Bytes above 127 that are not UTF-8. */
  | "not-utf-8"
  /** A continuation line begins with another code than the reply. */
  | "continuation-code-differs"
  /** The code is followed directly by the text or by another character than space and hyphen. */
  | "no-space-after-code"
  /** Blank or space precedes the code. */
  | "text-before-code"
  /** It was there before the command was sent. */
  | "early"
  /** It came in addition to the command's final reply. */
  | "extra"
  /** The connection ended, or the limit passed, inside the reply. */
  | "unfinished"
  /** Longer than kept; the rest was read and dropped. */
  | "truncated";

/** One reply of the server. */
export interface ReplyRecord {
  /** Three digits. */
  code: number;
  /** The lines as received, code included, without line ends; redacted; at most 2 KiB in all. */
  lines: string[];
  /** Deviations that were noticed, each once. */
  oddities: ReplyOddity[];
  /** When its last line arrived, in milliseconds since the start of the run. */
  atMs: number;
}

/** One control connection. */
export interface SessionRecord {
  /** Unique in the evidence, such as `s1`. */
  id: string;
  /** Peer of the control connection. */
  address: string;
  /** Control port. */
  port: number;
  /** Protection at the end. */
  protection: Protection;
  /** Our end; null where it did not connect. */
  local: Endpoint | null;
  /** How it ended: `ok` after QUIT or by us, otherwise as the outcome says; null while open. */
  ended: Outcome | null;
  /** Replies that fitted no command: those that were there before the question, and extra ones. */
  unexpected: ReplyRecord[];
  /** Clear text that came where a TLS record should be (at most 256 bytes, latin1, redacted); null or missing where none did. */
  foreign?: string | null;
  /** The alert with which the server ended TLS behind the handshake, such as `certificate_required`; null or missing where it sent none. */
  alert?: string | null;
  /** What was said, in order, redacted. */
  transcript: TranscriptLine[];
}

/** One line of a transcript. */
export interface TranscriptLine {
  /** Milliseconds since the start of the run. */
  atMs: number;
  /** Who said it; `note` is ours, about a data connection or the end of the session. */
  direction: "sent" | "received" | "note";
  /** The line without CR LF, redacted. */
  text: string;
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
  | TlsVersionsRecord
  | TlsMatrixRecord
  | CccRecord;

/** The record type of one experiment, by its name. */
export type RecordOf<E extends ExperimentRecord["experiment"]> = Extract<ExperimentRecord, { experiment: E }>;
