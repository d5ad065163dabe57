import type { OfferOddity } from "./codec-oddity.ts";

/** Brackets looked into; more than one pair is already odd. */
const CANDIDATES = 16;
/** Longest text that is searched: what the reply reader keeps of a reply. */
const TEXT_CHARACTERS = 2_048;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** A stretch of a reply in which an endpoint may stand. */
export interface Candidate {
  /** The text between the brackets, or the whole text. */
  text: string;
  /** Whether it stands in brackets. */
  bracketed: boolean;
  /** Oddities of the brackets themselves. */
  oddities: OfferOddity[];
}

/** The text of a reply without its codes, lines joined by line breaks. */
export function textOfReply(lines: readonly string[]): string {
  const code = /^\s*(\d{3})/.exec(lines[0] ?? "")?.[1];
  return lines
    .map((line) => (code === undefined ? line : withoutCode(line, code)))
    .join("\n")
    .slice(0, TEXT_CHARACTERS);
}

function withoutCode(line: string, code: string): string {
  const trimmed = line.trimStart();
  // A number that only happens to equal the code, as in a line `227,1,2,3,4,5`, is left alone.
  return trimmed.startsWith(code) && !/[\d,]/.test(trimmed[3] ?? "") ? trimmed.slice(3).replace(/^[ -]/, "") : line;
}

/** Where to look for the endpoint: bracketed groups in order, then what follows brackets never closed, at last the whole text. */
export function candidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  const unclosed: Candidate[] = [];
  for (let index = 0; index < text.length && found.length + unclosed.length < CANDIDATES; index += 1) {
    const opening = text[index] ?? "";
    const closing = CLOSING[opening];
    if (closing === undefined) continue;
    const end = text.indexOf(closing, index + 1);
    const oddities: OfferOddity[] = opening === "(" ? [] : ["other-brackets"];
    if (end === -1) {
      const rest = text.slice(index + 1);
      unclosed.push({ text: rest, bracketed: true, oddities: [...oddities, "unclosed-parenthesis"] });
    } else {
      found.push({ text: text.slice(index + 1, end), bracketed: true, oddities });
      index = end;
    }
  }
  found.push(...unclosed);
  found.push({ text, bracketed: false, oddities: ["no-parentheses"] });
  return found;
}
