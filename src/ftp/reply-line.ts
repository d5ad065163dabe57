import type { ReplyOddity } from "../model/evidence.ts";

const CR = 0x0d;
/** TELNET "interpret as command" and the commands behind it (RFC 854); FTP speaks TELNET on its control connection. */
const IAC = 0xff;
const FIRST_COMMAND = 0xf0;
const FIRST_OPTION_COMMAND = 0xfb;

/** Keeps a byte order mark: what the server sent is evidence. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One line of the control connection as text. */
export interface DecodedLine {
  /** The text without its line end and without TELNET commands; untrusted. */
  text: string;
  /** The same as bytes, for cutting it to a size. */
  bytes: Uint8Array;
  /** Deviations seen in it. */
  oddities: ReplyOddity[];
}

/** Decodes the bytes in front of an LF, or (`terminated` false) what stood there when the connection ended. */
export function decodeLine(raw: Uint8Array, terminated: boolean): DecodedLine {
  const oddities: ReplyOddity[] = [];
  let end = raw.length;
  if (raw[end - 1] === CR) end -= 1;
  else if (terminated) oddities.push("lf-only");
  const lineEnd = end;
  while (raw[end - 1] === CR) end -= 1;
  const stripped = withoutTelnet(raw.subarray(0, end));
  const { text, utf8 } = decode(stripped.bytes);
  if (end < lineEnd || text.includes("\r")) oddities.push("bare-cr");
  if (stripped.found || hasControls(text, utf8)) oddities.push("control-characters");
  if (!utf8) oddities.push("not-utf-8");
  return { text, bytes: stripped.bytes, oddities };
}

/** The beginning of a line, at most `limit` bytes of it and never half a character. */
export function cutLine(line: Pick<DecodedLine, "text" | "bytes">, limit: number): string {
  if (line.bytes.length <= limit) return line.text;
  let end = limit;
  if (decode(line.bytes).utf8) while (end > 0 && isContinuation(line.bytes[end])) end -= 1;
  return decode(line.bytes.subarray(0, end)).text;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** UTF-8 where it is (RFC 2640), otherwise one character per byte, so that nothing is lost. */
function decode(bytes: Uint8Array): { text: string; utf8: boolean } {
  try {
    return { text: UTF8.decode(bytes), utf8: true };
  } catch {
    return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"), utf8: false };
  }
}

/**
 * Control characters other than tab and CR; above 127 only where the text is known to be UTF-8, Windows code pages use
 * them for letters.
 */
function hasControls(text: string, utf8: boolean): boolean {
  return (utf8 ? /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/ : /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/).test(text);
}

/** Takes TELNET commands out; IAC IAC is the byte 255 itself. What only looks like one (a latin1 "ÿ") stays. */
function withoutTelnet(bytes: Uint8Array): { bytes: Uint8Array; found: boolean } {
  if (!bytes.includes(IAC)) return { bytes, found: false };
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  let found = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    const next = bytes[index + 1];
    if (byte === IAC && next !== undefined && next >= FIRST_COMMAND) {
      index += 1;
      if (next !== IAC) {
        found = true;
        if (next >= FIRST_OPTION_COMMAND) index += 1;
        continue;
      }
    }
    kept[length] = byte;
    length += 1;
  }
  return { bytes: kept.subarray(0, length), found };
}
