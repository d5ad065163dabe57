/** Code points that take two columns, and those that take none, as far as terminals agree on them. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const ZERO = /\p{M}/u;

/**
 * The pieces between which a line may end: a number with its unit and a short command in backquotes stay together, runs of blanks are
 * pieces of their own so that quoted text keeps its columns.
 */
const PIECES = / +|`[^`]{1,60}`[^\s`]*|[(~]?\d[\d.,]* (?:ms|s|min|bytes|byte|kB|MB)(?![\p{L}\d])[^\s]*|[^ ]+/gu;

/** Where a word too long for a line is best broken: behind what parts addresses, paths, lists and URLs. */
const BREAK_BEHIND = /[/,;:=&?)\]}_.-]/;

/** Columns a text takes; it must hold no escape sequences. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += columns(char);
  return width;
}

function columns(char: string): number {
  if (char < "\u0300") return 1;
  if (ZERO.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The text in lines of at most `width` columns, losing nothing but the blanks at line ends; line ends in it part paragraphs. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => wrapParagraph(paragraph, Math.max(8, width)));
}

function wrapParagraph(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text, width)) {
    if (displayWidth(line) + displayWidth(piece) <= width) {
      line += piece;
      continue;
    }
    if (piece.trim() === "") {
      lines.push(line);
      line = "";
      continue;
    }
    const broken = breakWord(piece, width, width - displayWidth(line));
    if (!broken.startsHere && line.trim() !== "") lines.push(line);
    const [first = "", ...more] = broken.parts;
    line = broken.startsHere ? line + first : first;
    for (const part of more) {
      lines.push(line);
      line = part;
    }
  }
  lines.push(line);
  return lines.map((each) => each.trimEnd()).filter((each, index) => each !== "" || index === 0);
}

function pieces(text: string, width: number): string[] {
  const found: string[] = text.match(PIECES) ?? [];
  // What was kept together is taken apart where it fits on no line of its own.
  return found.flatMap((piece) => (displayWidth(piece) > width ? (piece.match(/ +|[^ ]+/g) ?? []) : [piece]));
}

/** A word in parts that fit; `startsHere` where the first part goes behind what stands on the line already. */
function breakWord(word: string, width: number, room: number): { parts: string[]; startsHere: boolean } {
  if (displayWidth(word) <= width) return { parts: [word], startsHere: false };
  const startsHere = room >= Math.ceil(width / 2);
  const parts: string[] = [];
  let part = "";
  let limit = startsHere ? room : width;
  for (const char of word) {
    if (displayWidth(part) + columns(char) > limit) {
      const at = breakPoint(part);
      parts.push(part.slice(0, at));
      part = part.slice(at);
      limit = width;
    }
    part += char;
  }
  parts.push(part);
  return { parts, startsHere };
}

/** Behind the last separator or before the last backslash (it begins an escape) in the second half; the end where there is none. */
function breakPoint(part: string): number {
  for (let index = part.length - 1; index >= part.length / 2; index -= 1) {
    if (part[index] === "\\") return index;
    if (BREAK_BEHIND.test(part[index] ?? "")) return index + 1;
  }
  return part.length;
}

/** A text with a word before it, in lines that hang under its first one. */
export function labelled(label: string, text: string, place: Place): string[] {
  return beside(label, wrap(text, place.width - place.indent - place.label), place);
}

/** Where a labelled text stands. */
export interface Place {
  /** Columns left of the label. */
  indent: number;
  /** Columns the label takes, blanks behind it included. */
  label: number;
  /** Columns a line may take. */
  width: number;
}

/** Lines with a word before the first of them. */
export function beside(label: string, lines: readonly string[], place: Place): string[] {
  const indent = " ".repeat(place.indent);
  return lines.map((line, index) => `${indent}${(index === 0 ? label : "").padEnd(place.label)}${line}`.trimEnd());
}

/** Chunks that must not be broken unless they are longer than a line, side by side as far as they fit. */
export function flow(chunks: readonly string[], width: number, gap = "   "): string[] {
  const lines: string[] = [];
  let line = "";
  for (const chunk of chunks) {
    if (line !== "" && displayWidth(line) + gap.length + displayWidth(chunk) <= width) {
      line += gap + chunk;
      continue;
    }
    if (line !== "") lines.push(line);
    const parts = wrap(chunk, width);
    line = parts.pop() ?? "";
    lines.push(...parts);
  }
  if (line !== "") lines.push(line);
  return lines;
}
