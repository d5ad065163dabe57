import { Duplex } from "node:stream";
import type { Failure } from "../model/failure.ts";
import { HandshakeMessages } from "./handshake-messages.ts";
import type { Connection, SecureOptions } from "./ports.ts";

/** Bytes that were no TLS record are kept up to here. */
const FOREIGN_BYTES = 256;
/** Content types of RFC 8446 section 5.1: change_cipher_spec, alert, handshake, application_data; and heartbeat. */
const FIRST_TYPE = 20;
const LAST_TYPE = 24;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEADER_BYTES = 5;
/** An alert of two bytes, its content type and a 16 byte tag: what close_notify is in TLS 1.3, where types are hidden. */
const HIDDEN_ALERT_BYTES = 19;

/**
 * The wire under a TLS connection: carries bytes between Node's TLS and a connection of ours, and looks at the record
 * headers that come in. A server may write clear text where a record should be, or end without close_notify; TLS itself
 * reports the first as a wrong version number and the second not at all.
 */
export class TlsWire extends Duplex {
  readonly #connection: Connection;
  readonly #over = new AbortController();
  #header: number[] = [];
  #restOfRecord = 0;
  #foreign: number[] | null = null;
  #lastRecord: { type: number; length: number } | null = null;
  readonly #messages = new HandshakeMessages();
  #enciphered = false;
  #ended: "end" | Failure | null = null;
  #unsent: Failure | null = null;
  #reading: Promise<void> = Promise.resolve();
  #outlived = false;
  /** A record that was read before TLS began. */
  #unread: Uint8Array | null = null;
  /** Clear text that was read before TLS began, latin1. */
  readonly #early: string;
  readonly #onBytes: (count: number) => void;

  /** `before` is what was read of the connection behind the last word in clear. */
  constructor(connection: Connection, { before, onBytes }: Pick<SecureOptions, "before" | "onBytes"> = {}) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
    this.#onBytes = onBytes ?? (() => {});
    const early = before ?? new Uint8Array();
    if (early.length > 0 && beginsRecord(early)) this.#unread = early;
    this.#early = this.#unread === null ? Buffer.from(early.subarray(0, FOREIGN_BYTES)).toString("latin1") : "";
  }

  /** What came where a TLS record should have begun, latin1; null while everything was one. */
  get foreign(): string | null {
    return this.#foreign === null ? null : Buffer.from(this.#foreign).toString("latin1");
  }

  /** The same for a handshake that failed: with what had come in clear before it; null where there was nothing. */
  get inClear(): string | null {
    const text = `${this.#early}${this.foreign ?? ""}`.slice(0, FOREIGN_BYTES);
    return text.trim() === "" ? null : text;
  }

  /** Whether the server asked for a certificate of the client; only to be seen in TLS 1.2 and older. */
  get certificateRequested(): boolean {
    return this.#messages.certificateRequested;
  }

  /** How the other side ended the connection below; null while it did not. */
  get ended(): "end" | Failure | null {
    return this.#ended;
  }

  /** Why the connection below took no more; null while it did. */
  get unsent(): Failure | null {
    return this.#unsent;
  }

  /** Whether the last record can have been a close_notify alert (RFC 8446 section 6.1). */
  get endedWithAlert(): boolean {
    const last = this.#lastRecord;
    if (last === null || this.#restOfRecord > 0) return false;
    return last.type === ALERT || (last.type === APPLICATION_DATA && last.length === HIDDEN_ALERT_BYTES);
  }

  /** Waits for the rest of a reply's line that came in clear: a server that dies writes its last words in pieces (vsftpd). */
  async hearOut(signal: AbortSignal): Promise<void> {
    if (!this.#isHalfAReply) return;
    this.destroy();
    await this.#reading;
    while (this.#isHalfAReply) {
      const answer = await this.#connection.read(signal);
      if (answer.kind !== "data") return;
      this.#look(answer.bytes);
    }
  }

  get #isHalfAReply(): boolean {
    const text = this.inClear;
    return text !== null && text.length < FOREIGN_BYTES && /^\d{1,3}(?:[ -][^\n]*)?$/.test(text);
  }

  /** From now on the end of TLS is not the end of the connection below. */
  outlive(): void {
    this.#outlived = true;
  }

  /** Lets go of the connection below; what came behind the last record is given back. */
  async release(): Promise<Uint8Array> {
    this.destroy();
    await this.#reading;
    return Uint8Array.from(this.#foreign ?? []);
  }

  override _read(): void {
    if (this.#unread !== null) {
      const unread = this.#unread;
      this.#unread = null;
      this.#take(unread);
      return;
    }
    this.#reading = this.#connection.read(this.#over.signal).then((answer) => {
      switch (answer.kind) {
        case "data":
          this.#take(answer.bytes);
          return;
        case "end":
          this.#ended = "end";
          this.push(null);
          return;
        case "failed":
          if (this.#over.signal.aborted) return;
          this.#ended = answer.failure;
          this.destroy(Object.assign(new Error(answer.failure.detail), { code: answer.failure.code ?? "ECONNRESET" }));
      }
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    void this.#connection.write(chunk).then((failure) => {
      this.#unsent ??= failure;
      // The reader tells of a connection that is gone, behind whatever was still received.
      if (failure !== null && failure.outcome !== "reset") done(new Error(failure.detail));
      else done();
    });
  }

  override _final(done: () => void): void {
    if (!this.#outlived) this.#connection.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#over.abort();
    done(error);
  }

  #take(bytes: Uint8Array): void {
    this.#onBytes(bytes.length);
    this.#look(bytes);
    this.push(bytes);
  }

  #look(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#foreign !== null) {
        this.#foreign.push(...bytes.subarray(at, at + FOREIGN_BYTES - this.#foreign.length));
        return;
      }
      if (this.#restOfRecord > 0) {
        const taken = Math.min(this.#restOfRecord, bytes.length - at);
        this.#restOfRecord -= taken;
        const inClear = this.#lastRecord?.type === HANDSHAKE && !this.#enciphered;
        if (inClear) this.#messages.take(bytes.subarray(at, at + taken));
        at += taken;
        continue;
      }
      this.#header.push(bytes[at] ?? 0);
      at += 1;
      const [type = 0, , , high = 0, low = 0] = this.#header;
      if (!beginsRecord(this.#header)) {
        this.#foreign = this.#header;
      } else if (this.#header.length === HEADER_BYTES) {
        this.#restOfRecord = high * 256 + low;
        this.#lastRecord = { type, length: this.#restOfRecord };
        if (type === CHANGE_CIPHER_SPEC) this.#enciphered = true;
        this.#header = [];
      }
    }
  }
}

/** Whether a TLS record can begin so, as far as the bytes go. */
function beginsRecord(bytes: ArrayLike<number>): boolean {
  const { 0: type = 0, 1: major = 3 } = bytes;
  return type >= FIRST_TYPE && type <= LAST_TYPE && major === 3;
}
