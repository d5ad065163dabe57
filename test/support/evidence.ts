import { familyOf } from "../../src/model/endpoint.ts";
import type {
  ActiveRecord,
  AddressedRecord,
  ClientRecord,
  ControlRecord,
  Evidence,
  Exchange,
  ExperimentRecord,
  HoldRecord,
  LadderRecord,
  LoginRecord,
  MatrixTrial,
  OffersRecord,
  OtherPortsRecord,
  PassiveRecord,
  PolicyRecord,
  PortRange,
  RecordBase,
  ReplyRecord,
  SessionRecord,
  SweptState,
  TargetRecord,
  TlsVersion,
  TlsVersionsRecord,
} from "../../src/model/evidence.ts";
import type { Outcome } from "../../src/model/failure.ts";
import type { Mode, Protection } from "../../src/model/mode.ts";
import {
  type ActiveSketch,
  activeRecord,
  exchangeAt,
  type PassiveSketch,
  passiveRecord,
  replyAt,
  step,
  type TransferSketch,
} from "./attempts.ts";
import { type SecureSketch, secureRecord, type TrialSketch, trialAt } from "./handshakes.ts";

export type { ActiveSketch, PassiveSketch, TransferSketch } from "./attempts.ts";
export type { DataTlsSketch, HandshakeSketch, SecureSketch, TrialSketch } from "./handshakes.ts";

/** The client's address in every built evidence, unless a test says otherwise. */
export const CLIENT = "198.51.100.10";

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
  #stoppedBy: Evidence["stoppedBy"];

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

  /** The run was stopped before its end; by what is left out as older versions did. */
  interrupted(by?: Evidence["stoppedBy"]): this {
    this.#complete = false;
    this.#stoppedBy = by;
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
      protection?: Protection;
    } = {},
  ): this {
    const connect = sketch.connect ?? "connected";
    const greeting = sketch.greeting === undefined ? "220 Welcome." : sketch.greeting;
    const reached = connect === "connected";
    const ordinal = this.#ordinal("control");
    if (ordinal > 1 && reached) this.#beginSession();
    if (sketch.protection !== undefined) this.#session().protection = sketch.protection;
    return this.#add({
      ...this.#addressed("control"),
      ...(reached ? {} : { session: null }),
      status: sketch.status ?? "done",
      experiment: "control",
      port: this.#target.port,
      ordinal,
      connect: step(connect, sketch.code ?? null),
      local: reached ? { address: sketch.local ?? this.#client.addresses[0] ?? CLIENT, port: 50_000 } : null,
      greeting: reached
        ? {
            ...step(sketch.greetingOutcome ?? "ok", null, sketch.greetingMs ?? 12),
            limitMs: sketch.greetingLimitMs ?? 30_000,
            reply: greeting === null ? null : this.reply(greeting),
            firstBytes: sketch.firstBytes ?? greeting ?? "",
          }
        : null,
    });
  }

  /**
   * The session in use is put under TLS: what follows on it is under TLS, until `control()` begins another one in clear.
   * With `how: "implicit"` it stands in place of `control()`.
   */
  secure(sketch: SecureSketch = {}): this {
    const implicit = sketch.how === "implicit";
    const failed = sketch.outcome !== undefined && sketch.outcome !== "ok";
    if (implicit) {
      // A handshake that fails is all that was said in place of a greeting.
      const failure = { greeting: null, greetingOutcome: sketch.outcome ?? "ok", firstBytes: sketch.foreign ?? "" };
      this.control({ protection: "tls", ...(failed ? failure : sketch.said) });
    } else if (this.#ordinal("control") === 1) {
      this.control();
    }
    const record = secureRecord(this.#addressed("secure"), this.#ordinal("control") - 1, sketch);
    const session = this.#session();
    if (record.handshake?.outcome === "ok") session.protection = "tls";
    else if (implicit) session.ended = record.handshake?.outcome ?? null;
    return this.#add(record);
  }

  /** Handshakes with other offers, each on a connection of its own. */
  tlsVersions(trials: readonly TrialSketch[], how: TlsVersionsRecord["how"] = "explicit"): this {
    return this.#add({
      ...this.#addressed("tls-versions", "clear"),
      experiment: "tls-versions",
      how,
      trials: trials.map(trialAt),
    });
  }

  /**
   * CCC and its answer; then how TLS was left, the answer to NOOP in clear, and that to PASV where it came to that.
   * `ended` says how NOOP ended where no answer came.
   */
  ccc(reply: string | null, left?: Outcome, noop?: string | null, pasv?: string | null, ended?: Outcome): this {
    const exchange = this.exchange("CCC", reply);
    return this.#add({
      ...this.#addressed("ccc", "tls"),
      experiment: "ccc",
      exchange,
      left: left === undefined ? null : step(left),
      ...(noop === undefined ? {} : { noop: this.exchange("NOOP", noop, ended) }),
      mode: "pasv",
      offer:
        pasv === undefined
          ? null
          : { exchange: this.exchange("PASV", pasv), advertised: null, oddities: [], problem: null },
      dialled: [],
      transfer: null,
    });
  }

  /** The server ended TLS on the session in use with this alert. */
  alert(name: string): this {
    this.#session().alert = name;
    return this;
  }

  /** Clear text that came inside TLS on the session in use. */
  foreign(text: string): this {
    this.#session().foreign = text;
    return this;
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

  /** SYST asked again in clear, where the first time it was asked under TLS. */
  systAgain(syst: string): this {
    return this.#add({
      ...this.#addressed("identify", "clear"),
      experiment: "identify",
      auth: null,
      feat: null,
      syst: this.exchange("SYST", syst),
      features: null,
      authOffered: null,
    });
  }

  /** FEAT asked again behind a login. */
  featAgain(protection: "clear" | "tls", features: string[]): this {
    const reply = ["211-Features:", ...features.map((line) => ` ${line}`), "211 End"].join("\n");
    return this.#add({
      ...this.#addressed("identify", protection),
      experiment: "identify",
      auth: null,
      feat: this.exchange("FEAT", reply),
      syst: null,
      features,
      authOffered: features.some((line) => line.startsWith("AUTH")),
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
    const port = sketch.names === undefined ? this.#port++ : this.#port;
    return this.#add(passiveRecord(this.#addressed("passive", sketch.protection), mode, sketch, port));
  }

  /** An attempt with EPRT or PORT. */
  active(mode: ActiveRecord["mode"], sketch: ActiveSketch = {}): this {
    const own = this.#client.addresses[0] ?? CLIENT;
    return this.#add(activeRecord(this.#addressed("active", sketch.protection), mode, sketch, own));
  }

  /** Every port of a range was tried: `"40000-40050 closed"`, in ascending order; `elsewhere` are ports far from it. */
  sweep(
    runs: readonly `${string} ${SweptState}`[],
    elsewhere: Record<number, SweptState> = {},
    answeredLate = 0,
  ): this {
    const intervals = runs.map((run) => {
      const [, from, to, state] = /^(\d+)(?:-(\d+))? (\w+)$/.exec(run) ?? [];
      return { from: Number(from), to: Number(to ?? from), state: state as SweptState };
    });
    const range = { from: intervals[0]?.from ?? 0, to: intervals.at(-1)?.to ?? 0 };
    this.#policy.ports ??= { range, rate: 180, concurrency: null };
    return this.#add({
      ...this.#addressed("sweep"),
      experiment: "sweep",
      range,
      intervals,
      dials: range.to - range.from + 1,
      answeredLate,
      limitMs: 700,
      roundTripMs: 10,
      rate: 180,
      concurrency: 200,
      slowdowns: [],
      limitedErrors: null,
      stopped: null,
      elsewhere: Object.entries(elsewhere).map(([port, state]) => ({ port: Number(port), state })),
    });
  }

  /**
   * Offers beside which a declared range was dialled: the port offered, the one that led to the server (null: none did), and
   * what the listing over it came to.
   */
  remapped(
    range: PortRange,
    trials: readonly [offered: number, reached: number | null, listing?: TransferSketch][],
    passedOver = 0,
  ): this {
    const base = this.#addressed("remapped-ports");
    return this.#add({
      ...base,
      experiment: "remapped-ports",
      mode: "pasv",
      range,
      trials: trials.map(([offered, reached, listing]) => {
        const at = (port: number) => `${base.address}:${port}`;
        const { offer } = passiveRecord(base, "pasv", { names: at(offered), dial: "none" }, offered);
        if (offer === null) throw new Error("a trial has an offer");
        const over =
          reached === null
            ? null
            : passiveRecord(base, "pasv", { names: at(reached), transfer: listing ?? {} }, reached);
        return {
          offer,
          dialled: 9,
          passedOver,
          held: reached === null ? [] : [{ port: reached, idle: "closed" as const }],
          transfer: over?.transfer ?? null,
        };
      }),
    });
  }

  /** Repeated offers. Each port is at the peer's address; a sketch with a transfer makes it `with-transfer`. */
  offers(mode: OffersRecord["mode"], order: OffersRecord["order"], sketches: readonly PassiveSketch[]): this {
    const base = this.#addressed("offers");
    return this.#add({
      ...base,
      experiment: "offers",
      mode,
      order,
      samples: sketches.map((sketch) => {
        const port = sketch.names === undefined ? this.#port++ : this.#port;
        const { offer, dialled, transfer } = passiveRecord(base, mode, sketch, port);
        if (offer === null) throw new Error("a sample has an offer");
        return { offer, dialled, transfer: order === "with-transfer" ? transfer : null };
      }),
    });
  }

  /** Connects to other ports of the host: outcome and first bytes by port. */
  otherPorts(purpose: OtherPortsRecord["purpose"], tried: Record<number, Outcome | [Outcome, string]>): this {
    const base = this.#addressed("other-ports");
    return this.#add({
      ...base,
      experiment: "other-ports",
      purpose,
      tried: Object.entries(tried).map(([port, what]) => {
        const [outcome, firstBytes] = typeof what === "string" ? [what, ""] : what;
        return { endpoint: { address: base.address, port: Number(port) }, ...step(outcome), firstBytes };
      }),
    });
  }

  /** A ladder over EPSV, from sketches of its transfers by size. */
  ladder(direction: LadderRecord["direction"], steps: readonly (PassiveSketch & { sizeBytes: number | null })[]): this {
    const base = this.#addressed("ladder");
    return this.#add({
      ...base,
      experiment: "ladder",
      direction,
      mode: "epsv",
      steps: steps.map(({ sizeBytes, ...sketch }) => {
        const { offer, dialled, transfer } = passiveRecord(base, "epsv", sketch, this.#port++);
        const written = direction === "upload";
        return {
          what: sizeBytes === null ? "listing" : "file",
          path: sizeBytes === null ? null : `/file-${sizeBytes}`,
          sizeBytes,
          offer,
          dialled,
          transfer,
          storedBytes: null,
          deleted: written ? true : null,
        };
      }),
    });
  }

  /** Data connections under this version of TLS compared, on the session in use. Null: there was no data connection. */
  matrix(
    version: TlsVersion,
    trials: readonly { what: MatrixTrial["what"]; prot?: string; transfer?: TransferSketch | null }[],
  ): this {
    const base = this.#addressed("tls-matrix");
    return this.#add({
      ...base,
      experiment: "tls-matrix",
      versions: { from: version, to: version },
      version,
      mode: "epsv",
      trials: trials.map(({ what, prot, transfer }) => {
        const resumed = what !== "no-resume" && what !== "prot-c";
        const tls = what === "prot-c" ? null : { version, resumed, offeredSession: resumed, ...transfer?.tls };
        const sketch = { transfer: { ...transfer, tls } };
        const made = passiveRecord(base, "epsv", sketch, this.#port++);
        return {
          what,
          session: this.#session().id,
          ticket: resumed ? 1 : null,
          tickets: 2,
          prot: prot === undefined ? null : this.exchange(`PROT ${what === "prot-c" ? "C" : "P"}`, prot),
          offer: made.offer,
          dialled: made.dialled,
          transfer: transfer === null ? null : made.transfer,
        };
      }),
    });
  }

  /** A hold; the fields given replace those of a connection that survived it. */
  hold(sketch: Partial<HoldRecord> = {}): this {
    return this.#add({
      ...this.#addressed("hold"),
      experiment: "hold",
      holdMs: 300_000,
      idledMs: 300_000,
      said: null,
      ended: null,
      exchange: this.exchange("NOOP", "200 Zzz..."),
      keptBusy: null,
      ...sketch,
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
      ...(this.#stoppedBy === undefined ? {} : { stoppedBy: this.#stoppedBy }),
      target: this.#target,
      policy: this.#policy,
      client: this.#client,
      experiments: this.#records,
      sessions: this.#sessions,
    };
  }

  /** A reply from its text; lines are parted by a line feed. */
  reply(text: string): ReplyRecord {
    return replyAt(this.#atMs, text);
  }

  /** A command and its replies; null: none came within the limit. */
  exchange(command: string, replies: string | readonly string[] | null, outcome?: Outcome, ms?: number): Exchange {
    return exchangeAt(this.#atMs, command, replies, outcome, ms);
  }

  #base(experiment: ExperimentRecord["experiment"]): RecordBase {
    this.#atMs += 10;
    const number = (this.#counts.get(experiment) ?? 0) + 1;
    this.#counts.set(experiment, number);
    return { id: `${experiment}-${number}`, startedMs: this.#atMs, durationMs: 10, status: "done", note: null };
  }

  #addressed(
    experiment: ExperimentRecord["experiment"],
    protection: Protection = this.#session().protection,
  ): AddressedRecord {
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
