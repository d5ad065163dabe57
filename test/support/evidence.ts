import { type Endpoint, familyOf } from "../../src/model/endpoint.ts";
import type {
  ActiveRecord,
  AddressedRecord,
  ClientRecord,
  ControlRecord,
  Evidence,
  Exchange,
  ExperimentRecord,
  LoginRecord,
  PassiveRecord,
  PolicyRecord,
  RecordBase,
  ReplyRecord,
  SessionRecord,
  StepRecord,
  TargetRecord,
  TransferRecord,
} from "../../src/model/evidence.ts";
import type { Outcome } from "../../src/model/failure.ts";
import type { Mode, Protection } from "../../src/model/mode.ts";

/** The client's address in every built evidence, unless a test says otherwise. */
export const CLIENT = "198.51.100.10";

/** What a passive attempt came to; everything left out is as on a healthy server. */
export interface PassiveSketch {
  /** The reply to EPSV or PASV; made from `names` where it is left out. Null: none came. */
  reply?: string | null;
  /** The endpoint read from the reply, `address:port`; the peer's address and a port of 40000 and more where left out. Null: none could be read. */
  names?: string | null;
  /** Why none could be read. */
  problem?: string;
  /** What became of the dial to the endpoint named; `none`: not made. */
  dial?: Outcome | "none";
  /** What became of the dial to the same port at the peer's address; left out: made (and connected) only where another address was named. */
  peer?: Outcome | "none";
  /** What became of the transfer. */
  transfer?: TransferSketch;
  /** Status of the record. */
  status?: RecordBase["status"];
  /** Note of the record. */
  note?: string;
  /** What became of the command itself; `ok` where left out. */
  outcome?: Outcome;
  /** Protection of the connection. */
  protection?: Protection;
  /** System error code of the failed dial. */
  code?: string;
}

/** What an active attempt came to. */
export interface ActiveSketch {
  /** The reply to PORT or EPRT; a 200 where left out. Null: none came. */
  reply?: string | null;
  /** The endpoint offered. */
  offers?: string;
  /** Whether the server called. */
  accept?: Outcome | "none";
  /** Who called; the server's port 20 where left out. */
  calledFrom?: string;
  /** Callers from elsewhere. */
  strangers?: string[];
  /** What became of the transfer. */
  transfer?: TransferSketch;
  status?: RecordBase["status"];
  note?: string;
  protection?: Protection;
}

/** What a transfer came to; a listing of 65 bytes and a 226 where left out. */
export interface TransferSketch {
  /** Replies to LIST in order. */
  replies?: readonly string[];
  /** Whether the final reply came. */
  outcome?: Outcome;
  /** How the data connection ended; null: there was none. */
  data?: Outcome | null;
  bytes?: number;
}

/**
 * Builds evidence sentence by sentence: `probeOf("203.0.113.5").works("epsv").passive("pasv", {...}).build()`.
 * The address is greeted and logged in unless `control` or `login` say otherwise.
 */
export class EvidenceBuilder {
  readonly #records: ExperimentRecord[] = [];
  readonly #counts = new Map<string, number>();
  readonly #sessions: SessionRecord[] = [];
  #address: string;
  #atMs = 0;
  #port = 40000;
  readonly #policy: PolicyRecord;
  readonly #target: TargetRecord;
  #client: ClientRecord = { platform: "linux", addresses: [CLIENT] };
  #complete = true;

  constructor(address: string, host = "ftp.example.com") {
    this.#address = address;
    this.#policy = {
      modes: ["epsv", "pasv", "eprt", "port"],
      families: ["ipv4", "ipv6"],
      required: null,
      credentials: "anonymous",
      allowCleartext: false,
      timeoutMs: 10_000,
      timeoutGiven: false,
      deadlineMs: null,
      activeAddress: null,
      activePorts: null,
      maxSessions: 2,
      maxLogins: 2,
    };
    this.#target = { input: host, host, port: 21, security: "auto", user: null, path: null };
  }

  /** What follows is about this address. */
  at(address: string): this {
    this.#address = address;
    return this;
  }

  policy(policy: Partial<PolicyRecord>): this {
    Object.assign(this.#policy, policy);
    return this;
  }

  target(target: Partial<TargetRecord>): this {
    Object.assign(this.#target, target);
    return this;
  }

  client(client: Partial<ClientRecord>): this {
    this.#client = { ...this.#client, ...client };
    return this;
  }

  /** The run was stopped before its end. */
  interrupted(): this {
    this.#complete = false;
    return this;
  }

  /** A name was looked up, in the family of the addresses (IPv4 where there are none). */
  resolve(
    addresses: string[],
    outcome: Outcome = "ok",
    code: string | null = null,
    family = familyOf(addresses[0] ?? ""),
  ): this {
    return this.#add({
      ...this.#base("resolve"),
      experiment: "resolve",
      host: this.#target.host,
      family,
      outcome,
      code,
      addresses,
    });
  }

  /** A control connection; greeted with a 220 unless told otherwise. */
  control(
    sketch: {
      connect?: Outcome;
      code?: string;
      /** Null: connected, but nothing that is a reply came. */
      greeting?: string | null;
      /** How waiting for the greeting ended. */
      greetingOutcome?: Outcome;
      greetingMs?: number;
      /** Limit of waiting for the greeting. */
      greetingLimitMs?: number;
      /** Our end, `address`; the client's first address where left out. */
      local?: string;
      firstBytes?: string;
      status?: RecordBase["status"];
    } = {},
  ): this {
    const connect = sketch.connect ?? "connected";
    const greeting = sketch.greeting === undefined ? "220 Welcome." : sketch.greeting;
    const reached = connect === "connected";
    const ordinal = this.#ordinal("control");
    if (ordinal > 1 && reached) this.#beginSession();
    return this.#add({
      ...this.#addressed("control"),
      ...(reached ? {} : { session: null }),
      status: sketch.status ?? "done",
      experiment: "control",
      port: this.#target.port,
      ordinal,
      connect: this.#step(connect, sketch.code ?? null),
      local: reached ? { address: sketch.local ?? this.#client.addresses[0] ?? CLIENT, port: 50_000 } : null,
      greeting: reached
        ? {
            ...this.#step(sketch.greetingOutcome ?? "ok", null, sketch.greetingMs ?? 12),
            limitMs: sketch.greetingLimitMs ?? 30_000,
            reply: greeting === null ? null : this.reply(greeting),
            firstBytes: sketch.firstBytes ?? greeting ?? "",
          }
        : null,
    });
  }

  /** FEAT and SYST; `refusal` is the answer to FEAT where it gives no features. */
  identify(
    features: string[] | null,
    syst: string | null = "215 UNIX Type: L8",
    refusal = "500 Unknown command.",
    ms?: number,
  ): this {
    return this.#add({
      ...this.#addressed("identify"),
      experiment: "identify",
      auth: null,
      feat: this.exchange(
        "FEAT",
        features === null ? refusal : ["211-Features:", ...features.map((line) => ` ${line}`), "211 End"].join("\n"),
        undefined,
        ms,
      ),
      syst: syst === null ? null : this.exchange("SYST", syst, undefined, ms),
      features,
      authOffered: features?.some((line) => line.startsWith("AUTH")) ?? null,
    });
  }

  /** A login with the replies to USER and PASS; `last` says how the last command ended where no reply came, and when. */
  login(
    result: LoginRecord["result"] = "logged-in",
    user: string | null = "331 Name okay, need password.",
    pass: string | null = "230 Logged in.",
    note: string | null = null,
    last: { outcome?: Outcome; ms?: number } = {},
  ): this {
    const exchanges: Exchange[] = [];
    if (result !== "withheld") {
      const asksPassword = user?.startsWith("331") ?? false;
      const how = (isLast: boolean): [Outcome | undefined, number | undefined] =>
        isLast ? [last.outcome, last.ms] : [undefined, undefined];
      exchanges.push(this.exchange(`USER ${this.#target.user ?? "anonymous"}`, user, ...how(!asksPassword)));
      if (asksPassword) exchanges.push(this.exchange("PASS [secret]", pass, ...how(true)));
    }
    return this.#add({
      ...this.#addressed("login"),
      note,
      experiment: "login",
      ordinal: this.#ordinal("login"),
      result,
      exchanges,
    });
  }

  /** Replies that fitted no command, on the session in use. */
  unexpected(...replies: string[]): this {
    this.#session().unexpected.push(...replies.map((text) => this.reply(text)));
    return this;
  }

  /** CWD into the target's path. */
  directory(reply: string | null, outcome?: Outcome): this {
    return this.#add({
      ...this.#addressed("directory"),
      experiment: "directory",
      exchange: this.exchange(`CWD ${this.#target.path ?? "/"}`, reply, outcome),
    });
  }

  /** These modes work. */
  works(...modes: Mode[]): this {
    for (const mode of modes) {
      if (mode === "epsv" || mode === "pasv") this.passive(mode);
      else this.active(mode);
    }
    return this;
  }

  /** An attempt with EPSV or PASV. */
  passive(mode: PassiveRecord["mode"], sketch: PassiveSketch = {}): this {
    const named = sketch.names === undefined ? `${bracketed(this.#address)}:${this.#port++}` : sketch.names;
    const advertised = named === null || sketch.reply === null ? null : parseEndpoint(named);
    const refused = sketch.reply !== undefined && sketch.reply !== null && !sketch.reply.startsWith("2");
    const offered = refused || sketch.problem !== undefined ? null : advertised;
    const reply =
      sketch.reply === undefined && advertised !== null ? offerText(mode, advertised) : (sketch.reply ?? null);
    const exchange = this.exchange(mode.toUpperCase(), reply, sketch.outcome);
    const dialled: PassiveRecord["dialled"] = [];
    if (offered !== null) {
      const dial = (endpoint: Endpoint, role: "advertised" | "peer", outcome: Outcome): void => {
        dialled.push({ endpoint, role, startedMs: this.#atMs, ...this.#step(outcome, sketch.code ?? null) });
      };
      const first = sketch.dial ?? "connected";
      if (first !== "none") dial(offered, "advertised", first);
      const second = sketch.peer ?? (offered.address === this.#address ? "none" : "connected");
      if (second !== "none") dial({ address: this.#address, port: offered.port }, "peer", second);
    }
    const reached = dialled.find(({ outcome }) => outcome === "connected");
    const skipped = sketch.status !== undefined && sketch.status !== "done";
    return this.#add({
      ...this.#addressed("passive", sketch.protection),
      status: sketch.status ?? "done",
      note: sketch.note ?? null,
      experiment: "passive",
      mode,
      offer: skipped ? null : { exchange, advertised: offered, oddities: [], problem: sketch.problem ?? null },
      dialled: skipped ? [] : dialled,
      transfer: reached === undefined || skipped ? null : this.#transfer(sketch.transfer ?? {}, reached.endpoint),
      timeline: [],
    });
  }

  /** An attempt with EPRT or PORT. */
  active(mode: ActiveRecord["mode"], sketch: ActiveSketch = {}): this {
    const skipped = sketch.status !== undefined && sketch.status !== "done";
    const reply = sketch.reply === undefined ? `200 ${mode.toUpperCase()} command successful.` : sketch.reply;
    const accepted = reply?.startsWith("2") ?? false;
    const offered = parseEndpoint(sketch.offers ?? `${bracketed(this.#client.addresses[0] ?? CLIENT)}:50321`);
    const accept = sketch.accept ?? "connected";
    const called = accepted && accept === "connected" && !skipped;
    const from = called ? parseEndpoint(sketch.calledFrom ?? `${bracketed(this.#address)}:20`) : null;
    return this.#add({
      ...this.#addressed("active", sketch.protection),
      status: sketch.status ?? "done",
      note: sketch.note ?? null,
      experiment: "active",
      mode,
      listen: this.#step("ok"),
      offered: skipped ? null : offered,
      exchange: skipped ? null : this.exchange(portCommand(mode, offered), reply),
      accept: accepted && accept !== "none" && !skipped ? this.#step(accept) : null,
      calledFrom: from,
      strangers: (sketch.strangers ?? []).map(parseEndpoint),
      transfer:
        !accepted || skipped
          ? null
          : this.#transfer(
              sketch.transfer ?? (called ? {} : { replies: ["425 Nobody answered."], data: null, bytes: 0 }),
              from,
            ),
      timeline: [],
    });
  }

  /** Adds a record as it stands, for what the sketches cannot say. */
  record(record: ExperimentRecord): this {
    return this.#add(record);
  }

  /** The evidence. An address without control connection or login gets healthy ones, unless it never got that far. */
  build(): Evidence {
    const addresses = new Set(
      this.#records.flatMap((record) => (record.experiment === "resolve" ? [] : [record.address])),
    );
    for (const address of addresses) {
      const here = this.#records.filter((record) => record.experiment !== "resolve" && record.address === address);
      const has = (experiment: ExperimentRecord["experiment"]): boolean =>
        here.some((record) => record.experiment === experiment);
      this.at(address);
      if (!has("control")) this.control();
      const greeted = this.#records.some(
        (record) =>
          record.experiment === "control" && record.address === address && record.greeting?.reply?.code === 220,
      );
      if (greeted && !has("login") && (has("passive") || has("active"))) this.login();
    }
    return {
      evidenceVersion: 1,
      tool: { name: "ftp-doctor", version: "0.1.0" },
      startedAt: "2026-01-02T03:04:05.000Z",
      durationMs: this.#atMs,
      complete: this.#complete,
      target: this.#target,
      policy: this.#policy,
      client: this.#client,
      experiments: this.#records,
      sessions: this.#sessions,
    };
  }

  /** A reply from its text; lines are parted by a line feed. */
  reply(text: string): ReplyRecord {
    return { code: Number(text.slice(0, 3)), lines: text.split("\n"), oddities: [], atMs: this.#atMs };
  }

  /** A command and its replies; null: none came within the limit. */
  exchange(command: string, replies: string | readonly string[] | null, outcome?: Outcome, ms?: number): Exchange {
    const texts = replies === null ? [] : typeof replies === "string" ? [replies] : replies;
    const came = outcome ?? (texts.length === 0 ? "timed-out" : "ok");
    return {
      command,
      sentMs: this.#atMs,
      outcome: came,
      replies: texts.map((text) => this.reply(text)),
      ms: ms ?? (came === "timed-out" ? 10_000 : 11),
    };
  }

  #transfer(sketch: TransferSketch, over: Endpoint | null): TransferRecord {
    const data = sketch.data === undefined ? "ok" : sketch.data;
    const bytes = sketch.bytes ?? (data === "ok" ? 65 : 0);
    return {
      exchange: this.exchange("LIST", sketch.replies ?? ["150 Listing begins.", "226 Listing sent."], sketch.outcome),
      over: data === null ? null : over,
      dataOutcome: data,
      bytes,
      firstByteMs: bytes > 0 ? 3 : null,
      sample: "",
    };
  }

  #step(outcome: Outcome, code: string | null = null, ms?: number): StepRecord {
    const limitMs = 3500;
    return { outcome, code, ms: ms ?? (outcome === "timed-out" ? limitMs : 11), limitMs };
  }

  #base(experiment: ExperimentRecord["experiment"]): RecordBase {
    this.#atMs += 10;
    const number = (this.#counts.get(experiment) ?? 0) + 1;
    this.#counts.set(experiment, number);
    return { id: `${experiment}-${number}`, startedMs: this.#atMs, durationMs: 10, status: "done", note: null };
  }

  #addressed(experiment: ExperimentRecord["experiment"], protection: Protection = "clear"): AddressedRecord {
    return {
      ...this.#base(experiment),
      address: this.#address,
      family: familyOf(this.#address),
      protection,
      session: this.#session().id,
    };
  }

  /** The session in use at this address. */
  #session(): SessionRecord {
    return this.#sessions.findLast(({ address }) => address === this.#address) ?? this.#beginSession();
  }

  #beginSession(): SessionRecord {
    const session: SessionRecord = {
      id: `session-${this.#sessions.length + 1}`,
      address: this.#address,
      port: this.#target.port,
      protection: "clear",
      local: null,
      ended: "ok",
      unexpected: [],
      transcript: [],
    };
    this.#sessions.push(session);
    return session;
  }

  #ordinal(experiment: ControlRecord["experiment"] | LoginRecord["experiment"]): number {
    return (
      1 + this.#records.filter((record) => record.experiment === experiment && record.address === this.#address).length
    );
  }

  #add(record: ExperimentRecord): this {
    this.#records.push(record);
    return this;
  }
}

/** Evidence of a probe of one address. */
export function probeOf(address: string, host?: string): EvidenceBuilder {
  return new EvidenceBuilder(address, host);
}

/** `203.0.113.5:21` or `[2001:db8::5]:21`. */
export function parseEndpoint(text: string): Endpoint {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(text.slice(at + 1)) };
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function offerText(mode: PassiveRecord["mode"], { address, port }: Endpoint): string {
  return mode === "epsv"
    ? `229 Entering Extended Passive Mode (|||${port}|)`
    : `227 Entering Passive Mode (${address.replaceAll(".", ",")},${Math.floor(port / 256)},${port % 256}).`;
}

function portCommand(mode: ActiveRecord["mode"], { address, port }: Endpoint): string {
  return mode === "eprt"
    ? `EPRT |${address.includes(":") ? 2 : 1}|${address}|${port}|`
    : `PORT ${address.replaceAll(".", ",")},${Math.floor(port / 256)},${port % 256}`;
}
