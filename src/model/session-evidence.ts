import type { Endpoint } from "./endpoint.ts";
import type { Outcome } from "./failure.ts";
import type { Protection } from "./mode.ts";

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
  /** What had come of the next reply when the waiting for it ended; missing where nothing had, and in files of the first days. */
  partial?: PartialReply;
}

/** A reply that had begun and was not complete when the connection, or the waiting, ended. */
export interface PartialReply {
  /** The line that was last, whole or not; redacted, at most 256 characters. */
  text: string;
  /** How long before that end its last byte came, in milliseconds. */
  quietMs: number;
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
