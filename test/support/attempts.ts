import { type Endpoint, familyOf } from "../../src/model/endpoint.ts";
import type {
  ActiveRecord,
  AddressedRecord,
  Exchange,
  PassiveRecord,
  RecordBase,
  ReplyRecord,
  StepRecord,
  TransferRecord,
} from "../../src/model/evidence.ts";
import type { Outcome } from "../../src/model/failure.ts";
import type { Protection } from "../../src/model/mode.ts";
import { type DataTlsSketch, dataTlsAt } from "./handshakes.ts";

/** What a passive attempt came to; everything left out is as on a healthy server. */
export interface PassiveSketch {
  /** The reply to EPSV or PASV; made from `names` where it is left out. Null: none came. */
  reply?: string | null;
  /**
   * The endpoint read from the reply, `address:port`; the peer's address and a port of 40000 and more where left out.
   * Null: none could be read.
   */
  names?: string | null;
  /** Why none could be read. */
  problem?: string;
  /** What became of the dial to the endpoint named; `none`: not made. */
  dial?: Outcome | "none";
  /** How long each dial took, in milliseconds. */
  dialMs?: number;
  /**
   * What became of the dial to the same port at the peer's address; left out: made (and connected) only where another
   * address was named.
   */
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
  /** Status of the record. */
  status?: RecordBase["status"];
  /** Note of the record. */
  note?: string;
  /** Protection of the connection. */
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
  /** Bytes that came over it. */
  bytes?: number;
  /** TLS on it; healthy where left out and the session is under TLS, null: none. */
  tls?: DataTlsSketch | null;
}

/** The record of an attempt with EPSV or PASV; `port` is the one offered where the sketch names none. */
export function passiveRecord(
  base: AddressedRecord,
  mode: PassiveRecord["mode"],
  sketch: PassiveSketch,
  port: number,
): PassiveRecord {
  const { address, startedMs: atMs } = base;
  const named = sketch.names === undefined ? `${bracketed(address)}:${port}` : sketch.names;
  const advertised = named === null || sketch.reply === null ? null : parseEndpoint(named);
  const refused = sketch.reply !== undefined && sketch.reply !== null && !sketch.reply.startsWith("2");
  const offered = refused || sketch.problem !== undefined ? null : advertised;
  const reply =
    sketch.reply === undefined && advertised !== null ? offerText(mode, advertised) : (sketch.reply ?? null);
  const exchange = exchangeAt(atMs, mode.toUpperCase(), reply, sketch.outcome);
  const dialled: PassiveRecord["dialled"] = [];
  if (offered !== null) {
    const dial = (endpoint: Endpoint, role: "advertised" | "peer", outcome: Outcome): void => {
      dialled.push({ endpoint, role, startedMs: atMs, ...step(outcome, sketch.code ?? null, sketch.dialMs) });
    };
    const first = sketch.dial ?? "connected";
    if (first !== "none") dial(offered, "advertised", first);
    const second = sketch.peer ?? (offered.address === address ? "none" : "connected");
    if (second !== "none") dial({ address, port: offered.port }, "peer", second);
  }
  const reached = dialled.find(({ outcome }) => outcome === "connected");
  const skipped = sketch.status !== undefined && sketch.status !== "done";
  return {
    ...base,
    status: sketch.status ?? "done",
    note: sketch.note ?? null,
    experiment: "passive",
    mode,
    offer: skipped ? null : { exchange, advertised: offered, oddities: [], problem: sketch.problem ?? null },
    dialled: skipped ? [] : dialled,
    transfer:
      reached === undefined || skipped
        ? null
        : transferAt(atMs, sketch.transfer ?? {}, reached.endpoint, base.protection),
    timeline: [],
  };
}

/** The record of an attempt with EPRT or PORT; `client` is the address offered where the sketch names none. */
export function activeRecord(
  base: AddressedRecord,
  mode: ActiveRecord["mode"],
  sketch: ActiveSketch,
  client: string,
): ActiveRecord {
  const { address, startedMs: atMs } = base;
  const skipped = sketch.status !== undefined && sketch.status !== "done";
  const reply = sketch.reply === undefined ? `200 ${mode.toUpperCase()} command successful.` : sketch.reply;
  const accepted = reply?.startsWith("2") ?? false;
  const offered = parseEndpoint(sketch.offers ?? `${bracketed(client)}:50321`);
  const accept = sketch.accept ?? "connected";
  const called = accepted && accept === "connected" && !skipped;
  const from = called ? parseEndpoint(sketch.calledFrom ?? `${bracketed(address)}:20`) : null;
  const nobody: TransferSketch = { replies: ["425 Nobody answered."], data: null, bytes: 0 };
  return {
    ...base,
    status: sketch.status ?? "done",
    note: sketch.note ?? null,
    experiment: "active",
    mode,
    listen: step("ok"),
    offered: skipped ? null : offered,
    exchange: skipped ? null : exchangeAt(atMs, portCommand(mode, offered), reply),
    accept: accepted && accept !== "none" && !skipped ? step(accept) : null,
    calledFrom: from,
    strangers: (sketch.strangers ?? []).map(parseEndpoint),
    transfer:
      !accepted || skipped ? null : transferAt(atMs, sketch.transfer ?? (called ? {} : nobody), from, base.protection),
    timeline: [],
  };
}

/** A socket step of 11 ms, or of its whole limit where nothing answered. */
export function step(outcome: Outcome, code: string | null = null, ms?: number): StepRecord {
  const limitMs = 3500;
  return { outcome, code, ms: ms ?? (outcome === "timed-out" ? limitMs : 11), limitMs };
}

/** A reply from its text; lines are parted by a line feed. */
export function replyAt(atMs: number, text: string): ReplyRecord {
  return { code: Number(text.slice(0, 3)), lines: text.split("\n"), oddities: [], atMs };
}

/** A command and its replies; null: none came within the limit. */
export function exchangeAt(
  atMs: number,
  command: string,
  replies: string | readonly string[] | null,
  outcome?: Outcome,
  ms?: number,
): Exchange {
  const texts = replies === null ? [] : typeof replies === "string" ? [replies] : replies;
  const came = outcome ?? (texts.length === 0 ? "timed-out" : "ok");
  return {
    command,
    sentMs: atMs,
    outcome: came,
    replies: texts.map((text) => replyAt(atMs, text)),
    ms: ms ?? (came === "timed-out" ? 10_000 : 11),
  };
}

function transferAt(
  atMs: number,
  sketch: TransferSketch,
  over: Endpoint | null,
  protection: Protection,
): TransferRecord {
  const data = sketch.data === undefined ? "ok" : sketch.data;
  const bytes = sketch.bytes ?? (data === "ok" ? 65 : 0);
  const tls = sketch.tls === undefined && protection === "tls" && data !== null ? {} : (sketch.tls ?? null);
  return {
    exchange: exchangeAt(atMs, "LIST", sketch.replies ?? ["150 Listing begins.", "226 Listing sent."], sketch.outcome),
    over: data === null ? null : over,
    dataOutcome: data,
    bytes,
    firstByteMs: bytes > 0 ? 3 : null,
    sample: "",
    tls: tls === null ? null : dataTlsAt(tls),
  };
}

/** `203.0.113.5:21` or `[2001:db8::5]:21`. */
export function parseEndpoint(text: string): Endpoint {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(text.slice(at + 1)) };
}

function bracketed(address: string): string {
  return familyOf(address) === "ipv6" ? `[${address}]` : address;
}

function offerText(mode: PassiveRecord["mode"], { address, port }: Endpoint): string {
  return mode === "epsv"
    ? `229 Entering Extended Passive Mode (|||${port}|)`
    : `227 Entering Passive Mode (${address.replaceAll(".", ",")},${Math.floor(port / 256)},${port % 256}).`;
}

function portCommand(mode: ActiveRecord["mode"], { address, port }: Endpoint): string {
  return mode === "eprt"
    ? `EPRT |${familyOf(address) === "ipv6" ? 2 : 1}|${address}|${port}|`
    : `PORT ${address.replaceAll(".", ",")},${Math.floor(port / 256)},${port % 256}`;
}
