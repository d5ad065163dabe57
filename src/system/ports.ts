import type { Endpoint, Family } from "../model/endpoint.ts";
import type { AgreedTls, TlsRange } from "../model/evidence.ts";
import type { Failure } from "../model/failure.ts";

/**
 * The ports through which everything else sees the machine. The real forms are in this folder, the simulated ones in
 * test/support; both pass the same contract suite. Operations never throw for what the network does: they answer.
 * An aborted `signal` ends any of them with a failure whose outcome is the abort reason's: an `AbortSignal` aborted with
 * `TIMED_OUT` gives `timed-out`, any other reason gives `cancelled`.
 */
export interface Network {
  /**
   * Addresses of a name in one family. Literals are not special here. The name is asked of the system's hosts file
   * and resolvers in a way that can be cancelled (`dns.lookup` cannot).
   */
  resolve(host: string, family: Family, signal: AbortSignal): Promise<ResolveAnswer>;
  /** Opens a TCP connection to an IP literal. */
  connect(to: Endpoint, options: ConnectOptions): Promise<ConnectAnswer>;
  /**
   * Makes TLS of an open connection, as the client, which then belongs to it. The certificate is verified and reported,
   * never enforced: who sends a secret looks at `tls.problems` first.
   */
  secure(connection: Connection, options: SecureOptions): Promise<SecureAnswer>;
  /** Dials many ports of one IP literal; for sweeps, where `connect` would cost too much each time. */
  dialMany(to: string, options: ManyDialsOptions): ManyDials;
  /** How many sockets may be opened now, with some left over for the connections of others; a caution where it is not known. */
  socketsLeft(): number;
  /** Listens on a local address; port 0 means any. */
  listen(at: Endpoint): Promise<ListenAnswer>;
  /** This machine's own addresses, loopback left out. */
  addresses(): string[];
}

/** How to open a connection. */
export interface ConnectOptions {
  /** Ends the attempt. */
  signal: AbortSignal;
  /** Local address to come from; the system chooses without it. */
  localAddress?: string;
}

/** How to dial many ports. */
export interface ManyDialsOptions {
  /** Local address to come from; the system chooses without it. */
  localAddress?: string;
  /** Called once for each dial that was not given up, never from within `dial`. A connection is ended by a reset before that. */
  onAnswer(slot: number, answer: DialAnswer): void;
}

/**
 * What became of one of many dials. The first four are answers of the network (`refused`: a reset, or ICMP
 * port-unreachable; `rejected`: another ICMP error; `timed-out`: the system itself gave up). The others are this machine's
 * trouble and say nothing of the port: no local port, descriptor or memory left, which passes; `local-error`, which does not.
 */
export type DialAnswer =
  | "connected"
  | "refused"
  | "rejected"
  | "timed-out"
  | "no-local-port"
  | "no-descriptor"
  | "no-memory"
  | "local-error";

/** Dials in flight, each in a slot of its caller's choice: a small number, used again once its dial is over. */
export interface ManyDials {
  /** Begins a dial in a free slot. */
  dial(slot: number, port: number): void;
  /** Ends the dial of a slot, whose answer then never comes; does nothing where there is none. */
  giveUp(slot: number): void;
  /** Gives up all of them. */
  close(): void;
}

/** How to begin TLS. */
export interface SecureOptions {
  /** Ends the handshake. */
  signal: AbortSignal;
  /** Name or address the certificate must be for; a name is sent along (SNI, RFC 6066 section 3). */
  host: string;
  /** A session of an earlier connection to resume; null for a full handshake. */
  session: Uint8Array | null;
  /** Protocol versions to offer; null for what this Node offers by itself (TLS 1.2 and 1.3). */
  versions: TlsRange | null;
  /**
   * Offer and take what is thought too weak today (OpenSSL's security level 0), which TLS 1.0 and 1.1 need anyhow; false
   * where left out.
   */
  weak?: boolean;
  /** False leaves the name out of the handshake; true where left out. */
  named?: boolean;
  /** Certificates in PEM that count as roots beside the bundled ones; null for the bundled ones alone. */
  extraRoots: readonly string[] | null;
  /**
   * What was read of the connection already, behind the last word in clear: a TLS record (an alert in the packet of the answer to AUTH)
   * is taken as the first one, clear text is told where the handshake fails. Nothing where left out.
   */
  before?: Uint8Array;
  /** Called as the first word is about to be sent: reading the roots, which comes before, can take longer than the handshake. */
  onBegin?(): void;
  /** Called with the number of bytes of each packet that comes during the handshake. */
  onBytes?(count: number): void;
}

/** A connection under TLS. */
export interface SecureConnection extends Connection {
  /** What the handshake agreed on. */
  readonly tls: AgreedTls;
  /** Clear text that came where a TLS record should be, latin1; null while there was none. */
  readonly foreign: string | null;
  /** The alert with which the peer ended it, such as `certificate_required`; null while there was none. */
  readonly alert: string | null;
  /** Whether the peer ended with close_notify, as far as record sizes tell; null while it has not ended. */
  readonly closeNotify: boolean | null;
  /** Sessions that can be resumed, oldest first. Tickets of TLS 1.3 come after the handshake, with the first data read. */
  sessions(): readonly Uint8Array[];
  /**
   * Ends TLS with close_notify and gives the connection below back, which then speaks clear text (CCC, RFC 4217 section
   * 6). Waits for the peer's close_notify until `signal` ends it; `missed` says why it did not come, null where it did.
   * Of no use afterwards.
   */
  leave(signal: AbortSignal): Promise<{ connection: Connection; missed: Failure | null }>;
}

/** A connection under TLS, or why there is none. */
export type SecureAnswer =
  | { ok: true; connection: SecureConnection }
  /**
   * `alert`: what the server said (RFC 8446 section 6), null where it said nothing; `foreign`: clear text it sent instead;
   * `certificateRequested`: it asked for a certificate of ours, which shows in TLS 1.2 and older alone.
   */
  | { ok: false; failure: Failure; alert: string | null; foreign: string | null; certificateRequested: boolean };

export { TIMED_OUT } from "../model/failure.ts";

/** What a name has: at least one address of the family asked for, canonical, or why there is none. */
export type ResolveAnswer = { ok: true; addresses: string[] } | { ok: false; failure: Failure };
/** An open connection, or why there is none. */
export type ConnectAnswer = { ok: true; connection: Connection } | { ok: false; failure: Failure };
/** A listening socket, or why there is none. */
export type ListenAnswer = { ok: true; listener: Listener } | { ok: false; failure: Failure };
/** A caller's connection, or why nobody's came. */
export type AcceptAnswer = { ok: true; connection: Connection } | { ok: false; failure: Failure };
/** What a read gave. */
export type ReadAnswer =
  /** At least one byte. */
  | { kind: "data"; bytes: Uint8Array }
  /** The peer ended its side in order. */
  | { kind: "end" }
  /** The read or the connection failed; what came before was given. */
  | { kind: "failed"; failure: Failure };

/** An open TCP connection. Reading is pulled: nothing is buffered beyond one chunk, so a flood costs no memory. */
export interface Connection {
  /** Our end, a canonical literal. */
  readonly local: Endpoint;
  /** The other end, a canonical literal. */
  readonly remote: Endpoint;
  /**
   * The next bytes. At most one read at a time. After `end` or `failed` every read answers the same. A read ended by
   * its signal (`timed-out`, `cancelled`) loses no bytes and the connection can be read on.
   */
  read(signal: AbortSignal): Promise<ReadAnswer>;
  /** Hands bytes to the system; null when they were taken. */
  write(bytes: Uint8Array): Promise<Failure | null>;
  /** Ends our side in order (FIN); the other side may still send. */
  end(): void;
  /** Ends both sides at once and frees everything; `reset` sends RST instead of FIN. Safe to call twice. */
  close(options?: { reset?: boolean }): void;
}

/** A listening socket. */
export interface Listener {
  /** Where it listens; the port is the one that was found where any was asked for. */
  readonly local: Endpoint;
  /** The next caller, in order of arrival. */
  accept(signal: AbortSignal): Promise<AcceptAnswer>;
  /** Stops listening; waiting callers are hung up on. */
  close(): void;
}

/** Time, so that tests can hold it. */
export interface Clock {
  /** Milliseconds of a monotonic clock; the zero is arbitrary. */
  now(): number;
  /** Wall-clock time. */
  date(): Date;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * A signal that aborts with `TIMED_OUT` after `ms`, or with `parent`'s reason when that aborts first.
   * `clear` must be called when the step is over, or the timer keeps the process alive.
   */
  limit(ms: number, parent?: AbortSignal): { signal: AbortSignal; clear(): void };
}

/** The few files the tool touches. */
export interface Files {
  /**
   * Whole file as text, `-` for standard input; at most `maxBytes`. UTF-8, or UTF-16 where its byte order mark says so
   * (what `>` of Windows PowerShell writes). Throws `FileProblem` with a one-line message.
   */
  read(path: string, maxBytes?: number): Promise<string>;
  /** Writes a whole file. Throws `FileProblem` with a one-line message. */
  write(path: string, text: string): Promise<void>;
  /** Makes sure that the file can be written, without changing what is in it; a new one is left empty. Throws `FileProblem`. */
  checkWritable(path: string): Promise<WritableFile>;
  /** Removes a file with nothing in it; does nothing where there is none, or something is in it. Never throws. */
  removeEmpty(path: string): Promise<void>;
}

/** What is known of a file that can be written. */
export interface WritableFile {
  /** There was none: the check made it. */
  created: boolean;
  /** The same for every name of one regular file; null for devices and pipes, which may be written side by side. */
  identity: string | null;
}

/** A file could not be read or written; the message is one line for people. */
export class FileProblem extends Error {
  override name = "FileProblem";
}

/** The machine to probe from; tests give a simulated one. */
export interface Machine {
  /** Its network. */
  network: Network;
  /** Its time. */
  clock: Clock;
  /** Operating system as Node names it, such as `linux`. */
  platform: string;
  /** Chance, from 0 up to 1. */
  random(): number;
}
