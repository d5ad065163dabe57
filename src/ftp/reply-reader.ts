import type { ReplyOddity } from "../model/evidence.ts";
import { cutLine, type DecodedLine, decodeLine } from "./reply-line.ts";

/** No server known sends lines near this long; whoever does is not speaking FTP. */
const LINE_BYTES = 8 * 1024;
/** A reply may be this long on the wire ... */
const REPLY_BYTES = 64 * 1024;
/** ... of which this much is kept. */
const KEPT_BYTES = 2 * 1024;
/** Characters of a text that is reported as a problem. */
const PROBLEM_BYTES = 256;
/** Problems reported before the rest is dropped in silence. */
const PROBLEMS = 32;
/** Replies on one control connection, far beyond any conversation of ours: it bounds what one large chunk can cost. */
const REPLIES = 10_000;
const LF = 0x0a;

/** What the reader made of the bytes so far. */
export type ReadEvent =
  | { kind: "reply"; reply: ParsedReply }
  | {
      kind: "problem";
      /**
       * `not-a-reply`: a line that begins no reply, the reader goes on with the next one. `line-too-long` (8 KiB),
       * `reply-too-long` (64 KiB): dropped. `too-many-lines`: no more problems, or no more replies, are reported.
       */
      problem: "line-too-long" | "reply-too-long" | "not-a-reply" | "too-many-lines";
      /** The beginning of the text it is about, at most 256 characters; untrusted. */
      text: string;
    };

/** One complete (or, after `end`, unfinished) reply. */
export interface ParsedReply {
  /** Three digits, 100 to 699. */
  code: number;
  /** Lines as received, code included, without line ends and TELNET commands; at most 2 KiB in all; untrusted. */
  lines: string[];
  /** Deviations from RFC 959 section 4.2, each once. */
  oddities: ReplyOddity[];
}

/** A multi-line reply whose last line has not come. */
interface OpenReply {
  code: number;
  /** Whether blanks stood before its code; they may then stand before the last line's too. */
  indented: boolean;
  lines: string[];
  /** What the kept lines cost of `KEPT_BYTES`. */
  kept: number;
  /** Bytes received for it. */
  bytes: number;
  oddities: Set<ReplyOddity>;
  /** It outgrew `REPLY_BYTES`, was reported, and its rest is read without being kept. */
  givenUp: boolean;
}

/**
 * Incremental reader of FTP replies (RFC 959 section 4.2). It repairs nothing and notes every deviation. The result
 * does not depend on how the bytes are cut into chunks, memory is bounded, and the work is linear in the bytes.
 */
export class ReplyReader {
  readonly #line = new Uint8Array(LINE_BYTES);
  #length = 0;
  /** The rest of a line that was too long is being read. */
  #skipping = false;
  #open: OpenReply | null = null;
  /** Seen between replies (blank lines); belongs to the next one. */
  readonly #carried = new Set<ReplyOddity>();
  #problems = 0;
  #replies = 0;

  /** Takes the next bytes and answers what they completed, in order. */
  push(bytes: Uint8Array): ReadEvent[] {
    const events: ReadEvent[] = [];
    for (let from = 0; from < bytes.length; ) {
      const lf = bytes.indexOf(LF, from);
      this.#append(bytes.subarray(from, lf === -1 ? bytes.length : lf), events);
      if (lf === -1) break;
      const raw = this.#line.subarray(0, this.#length);
      const complete = !this.#skipping;
      this.#length = 0;
      this.#skipping = false;
      if (complete) this.#take(decodeLine(raw, true), events);
      from = lf + 1;
    }
    return events;
  }

  /**
   * The connection ended or the limit passed: yields what was pending and readable, marked `unfinished`, and starts
   * afresh.
   */
  end(): ReadEvent[] {
    const events: ReadEvent[] = [];
    if (this.#length > 0 && !this.#skipping) {
      // A line that never ended cannot end a reply either: whatever it holds, more may have been meant to follow.
      this.#carried.add("unfinished");
      this.#take(decodeLine(this.#line.subarray(0, this.#length), false), events);
    }
    if (this.#open !== null) {
      this.#open.oddities.add("unfinished");
      this.#close(this.#open, events);
    }
    this.#length = 0;
    this.#skipping = false;
    this.#carried.clear();
    return events;
  }

  /** Whether the reader stands inside a reply or a line. */
  get pending(): boolean {
    return this.#length > 0 || this.#skipping || this.#open !== null;
  }

  #append(part: Uint8Array, events: ReadEvent[]): void {
    if (this.#skipping) return;
    const room = LINE_BYTES - this.#length;
    this.#line.set(part.length > room ? part.subarray(0, room) : part, this.#length);
    if (part.length <= room) {
      this.#length += part.length;
      return;
    }
    this.#skipping = true;
    this.#length = 0;
    const line = decodeLine(this.#line, false);
    this.#report("line-too-long", line, events);
    if (this.#open === null) return;
    if (closes(this.#open, line.text)) this.#open = null;
    else this.#open.oddities.add("truncated");
  }

  #take(line: DecodedLine, events: ReadEvent[]): void {
    if (this.#open !== null) this.#continue(this.#open, line, events);
    else this.#begin(line, events);
  }

  #begin(line: DecodedLine, events: ReadEvent[]): void {
    const start = /^[\s\0\uFEFF]*/.exec(line.text)?.[0].length ?? 0;
    if (start === line.text.length) {
      for (const oddity of line.oddities) this.#carried.add(oddity);
      this.#carried.add("text-before-code");
      return;
    }
    // Replies begin with 1 to 5 (RFC 959 section 4.2.1) or 6 (protected replies, RFC 2228 section 4).
    const code = /^[1-6]\d\d(?!\d)/.exec(line.text.slice(start, start + 4))?.[0];
    if (code === undefined) {
      this.#report("not-a-reply", line, events);
      return;
    }
    const oddities = new Set<ReplyOddity>(this.#carried);
    this.#carried.clear();
    if (start > 0) oddities.add("text-before-code");
    const separator = line.text[start + 3];
    if (separator !== undefined && separator !== " " && separator !== "-") oddities.add("no-space-after-code");
    const reply: OpenReply = {
      code: Number(code),
      indented: start > 0,
      lines: [],
      kept: 0,
      bytes: 0,
      oddities,
      givenUp: false,
    };
    this.#keep(reply, line);
    if (separator === "-") this.#open = reply;
    else this.#close(reply, events);
  }

  #continue(reply: OpenReply, line: DecodedLine, events: ReadEvent[]): void {
    if (reply.bytes + line.bytes.length > REPLY_BYTES && !reply.givenUp) {
      const text = reply.lines[0] ?? "";
      this.#report("reply-too-long", { text, bytes: new TextEncoder().encode(text) }, events);
      reply.givenUp = true;
      reply.lines = [];
    }
    this.#keep(reply, line);
    if (closes(reply, line.text)) this.#close(reply, events);
    else if (/^[1-6]\d\d(?![^ -])/.test(line.text) && !line.text.startsWith(`${reply.code}`))
      reply.oddities.add("continuation-code-differs");
  }

  #keep(reply: OpenReply, line: DecodedLine): void {
    if (reply.givenUp) return;
    for (const oddity of line.oddities) reply.oddities.add(oddity);
    reply.bytes += line.bytes.length + 2;
    // Counted with their line ends, so that empty lines cost something too.
    const room = KEPT_BYTES - reply.kept - 2;
    if (line.bytes.length <= room) {
      reply.lines.push(line.text);
      reply.kept += line.bytes.length + 2;
      return;
    }
    reply.oddities.add("truncated");
    if (room > 0) reply.lines.push(cutLine(line, room));
    reply.kept = KEPT_BYTES;
  }

  #close(reply: OpenReply, events: ReadEvent[]): void {
    this.#open = null;
    for (const oddity of this.#carried) reply.oddities.add(oddity);
    this.#carried.clear();
    if (reply.givenUp || this.#replies > REPLIES) return;
    this.#replies += 1;
    if (this.#replies > REPLIES)
      events.push({ kind: "problem", problem: "too-many-lines", text: reply.lines[0] ?? "" });
    else events.push({ kind: "reply", reply: { code: reply.code, lines: reply.lines, oddities: [...reply.oddities] } });
  }

  #report(
    problem: "line-too-long" | "reply-too-long" | "not-a-reply",
    about: Pick<DecodedLine, "text" | "bytes">,
    events: ReadEvent[],
  ): void {
    if (this.#problems > PROBLEMS) return;
    this.#problems += 1;
    const text = cutLine(about, PROBLEM_BYTES);
    events.push({ kind: "problem", problem: this.#problems > PROBLEMS ? "too-many-lines" : problem, text });
  }
}

/** Whether a line is the last one of a reply: the same code and a space (RFC 959 section 4.2), or the code alone. */
function closes(reply: OpenReply, text: string): boolean {
  const line = reply.indented ? text.trimStart() : text;
  return line.startsWith(`${reply.code}`) && (line.length === 3 || line[3] === " ");
}
