/** What stands in a secret's place. */
export const HIDDEN = "[secret]";

/** A secret shorter than this would redact half of the evidence: it is hidden only behind a word for it. PASS is redacted by position anyway. */
const REDACTABLE_LENGTH = 3;
/** Shorter ones in another case are words of FTP itself (`ftp`, `list`, `login`), on which the judgement rests: they too need such a word. */
const OTHER_CASE_LENGTH = 6;
/** So far behind a word for it a short secret is looked for. */
const NEAR = 40;
/** Fewer characters of base64 may stand anywhere by chance. */
const BASE64_LENGTH = 6;
/** Where the base64 of a secret may begin inside that of a longer text: three bytes make four characters. */
const BASE64_OFFSETS = [0, 1, 2];

/**
 * Hides secrets by their value, however a server may echo them: as they are, in capitals, small letters or both mixed,
 * URL-encoded in whatever way, and in base64 of either alphabet, alone or inside a longer text. What is too short for that
 * is hidden as a word of its own behind `PASS`, `password` and the like. Not covered: base64 of the secret in another case,
 * short ones elsewhere, and other encodings. The time it takes grows with the length of the text, never with its square.
 */
export class Redaction {
  readonly #plain: readonly string[];
  readonly #folded: readonly string[];
  readonly #short: readonly RegExp[];
  readonly #base64: readonly string[];
  readonly #beginnings: readonly string[];

  constructor(values: readonly string[]) {
    const plain = longestFirst(values.flatMap(plainForms));
    this.#plain = plain;
    const long = values.filter(({ length }) => length >= OTHER_CASE_LENGTH);
    this.#folded = longestFirst(long.flatMap(plainForms).map(fold));
    this.#short = values.filter(({ length }) => length > 0 && length < OTHER_CASE_LENGTH).map(behindItsName);
    this.#base64 = longestFirst(values.flatMap(base64Forms));
    this.#beginnings = [
      ...new Set([
        ...plain,
        ...values.flatMap((value) => (isRedactable(value) ? [base64Of(value), urlForm(value)] : [])),
      ]),
    ];
  }

  /**
   * The text without any secret; where it was `cut` off, also without the beginning of one at its end. What is hidden already
   * stays as it is, even where the secret is `secret`.
   */
  hide(text: string, cut: boolean): string {
    if (this.#plain.length + this.#short.length === 0) return text;
    let whole = text;
    // Before the others, which may hide the word that it stands behind.
    for (const pattern of this.#short) whole = outside(whole, (part) => part.replace(pattern, HIDDEN));
    for (const form of this.#plain) whole = outside(whole, (part) => part.replaceAll(form, HIDDEN));
    whole = outside(whole, (part) => this.#hideEncoded(part));
    return cut ? this.#hideBeginning(whole) : whole;
  }

  #hideEncoded(text: string): string {
    const { decoded, startOf } = percentDecoded(text);
    const spans: Span[] = [];
    // Without an escape in it the text was searched for the plain ones already.
    if (decoded.length < text.length) for (const form of this.#plain) spans.push(...found(decoded, form));
    const folded = this.#folded.length === 0 ? "" : fold(decoded);
    for (const form of this.#folded) spans.push(...found(folded, form));
    for (const form of this.#base64) spans.push(...foundWords(decoded, form));
    if (spans.length === 0) return text;
    let hidden = "";
    let done = 0;
    for (const [from, to] of spans.sort((one, other) => one[0] - other[0])) {
      const end = startOf(to);
      if (end <= done) continue;
      // One that begins inside the last one only makes it longer.
      const begin = startOf(from);
      if (begin >= done) hidden += `${text.slice(done, begin)}${HIDDEN}`;
      done = end;
    }
    return hidden + text.slice(done);
  }

  #hideBeginning(text: string): string {
    for (const form of this.#beginnings) {
      for (let length = Math.min(form.length - 1, text.length); length >= REDACTABLE_LENGTH; length -= 1) {
        if (text.endsWith(form.slice(0, length))) return `${text.slice(0, -length)}${HIDDEN}`;
      }
    }
    return text;
  }
}

/** Changes what is not hidden yet. */
function outside(text: string, change: (part: string) => string): string {
  return text.split(HIDDEN).map(change).join(HIDDEN);
}

/** From one character up to, and without, another. */
type Span = readonly [from: number, to: number];

function isRedactable(value: string): boolean {
  return value.length >= REDACTABLE_LENGTH;
}

function longestFirst(forms: readonly string[]): string[] {
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}

/** In small letters, each character where it was: some have a small form of two (U+0130). */
function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...text].map((char) => (char.toLowerCase().length === char.length ? char.toLowerCase() : char)).join("");
}

/** A short secret as a word of its own, in whatever case, not far behind a word for it on the same line. */
function behindItsName(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const word = "[\\p{L}\\p{N}]";
  return new RegExp(`(?<=(?:pass|pwd|acct)[^\\r\\n]{0,${NEAR}})(?<!${word})${literal}(?!${word})`, "giu");
}

/**
 * As it is, and as its UTF-8 bytes look where they are shown as latin1; both in capitals and in small letters, and with
 * the blanks of a web form.
 */
function plainForms(value: string): string[] {
  const cases = value.length < OTHER_CASE_LENGTH ? [value] : [value, value.toUpperCase(), value.toLowerCase()];
  return cases
    .flatMap((form) => (form.includes(" ") ? [form, form.replaceAll(" ", "+")] : [form]))
    .flatMap((form) => [form, Buffer.from(form, "utf8").toString("latin1")])
    .filter(isRedactable);
}

function base64Of(value: string): string {
  return Buffer.from(value, "utf8").toString("base64").replace(/=+$/, "");
}

/** As `encodeURIComponent` writes it; half a surrogate, which that refuses, as its replacement. */
function urlForm(value: string): string {
  return encodeURIComponent(Buffer.from(value, "utf8").toString("utf8"));
}

/** The characters of base64 that depend on the secret alone, for each place at which it may begin, in both alphabets. */
function base64Forms(value: string): string[] {
  if (!isRedactable(value)) return [];
  const bytes = Buffer.from(value, "utf8");
  const inside = BASE64_OFFSETS.flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // Six bits a character: those of what goes before, and of what follows, are not the secret's.
    const core = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return core.length >= BASE64_LENGTH ? [core] : [];
  });
  return [base64Of(value), ...inside].flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function found(text: string, form: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    spans.push([at, at + form.length]);
  }
  return spans;
}

/**
 * Each with the rest of the word of base64 that it stands in: that holds the secret's first and last bits, and maybe the login
 * name. The search goes on behind the word, so that no word is walked through twice.
 */
function foundWords(text: string, form: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, end)) {
    let begin = at;
    while (begin > end && isBase64(text.charCodeAt(begin - 1))) begin -= 1;
    end = at + form.length;
    while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
    while (end < text.length && text[end] === "=") end += 1;
    spans.push([begin, end]);
  }
  return spans;
}

/** Whether it is a letter, a digit, or one of `+/-_`. */
function isBase64(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2f ||
    code === 0x2d ||
    code === 0x5f
  );
}

/** The text with its escapes (`%2F`) as the bytes they stand for, and where in the text each character of it begins. */
function percentDecoded(text: string): { decoded: string; startOf(at: number): number } {
  if (!/%[\da-f]{2}/i.test(text)) return { decoded: text, startOf: (at) => at };
  let decoded = "";
  const starts: number[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text[at] === "%" ? /^[\da-f]{2}/i.exec(text.slice(at + 1, at + 3)) : null;
    starts.push(at);
    decoded += code === null ? text[at] : String.fromCharCode(Number.parseInt(code[0], 16));
    at += code === null ? 1 : 3;
  }
  starts.push(text.length);
  return { decoded, startOf: (at) => starts[at] ?? text.length };
}
