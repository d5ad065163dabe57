import type { ReplyOddity } from "../model/evidence.ts";

/** What the reader made of the bytes so far. */
export type ReadEvent =
  | { kind: "reply"; reply: ParsedReply }
  | {
      kind: "problem";
      problem: "line-too-long" | "reply-too-long" | "not-a-reply" | "too-many-lines";
      /** The beginning of the text it is about, at most 256 characters; untrusted. */
      text: string;
    };

/** One complete (or, after `end`, unfinished) reply. */
export interface ParsedReply {
  /** Three digits, 100 to 699. */
  code: number;
  /** Lines as received, code included, without line ends; at most 2 KiB in all. */
  lines: string[];
  /** Deviations from RFC 959 section 4.2, each once. */
  oddities: ReplyOddity[];
}

/** Incremental reader of FTP replies (RFC 959 section 4.2). */
export class ReplyReader {
  /** Takes the next bytes and answers what they completed, in order. */
  push(_bytes: Uint8Array): ReadEvent[] {
    throw new Error("not written yet");
  }

  /** The connection ended or the limit passed: yields what was pending, marked `unfinished`, and starts afresh. */
  end(): ReadEvent[] {
    throw new Error("not written yet");
  }

  /** Whether the reader stands inside a reply or a line. */
  get pending(): boolean {
    throw new Error("not written yet");
  }
}
