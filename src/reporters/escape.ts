/** Longest single text shown to a person, in characters; the JSON formats keep all of it. */
const SHOWN_LIMIT = 2048;

/**
 * Whatever a terminal would act on instead of showing, or would show as nothing: control characters (C0, DEL, C1), format characters
 * (bidi overrides, zero width, soft hyphen, tags), lone surrogates, private and unassigned code points, line and paragraph separators,
 * the blank "letters" and the variation selectors.
 */
const UNSHOWABLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|\u034f|\u17b4|\u17b5/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Untrusted text as it may be shown on one line: what cannot be shown safely becomes visible (`\x1b`, `\u202e`), and what is longer
 * than `limit` characters ends with a word on how much is missing.
 */
export function visible(text: string, limit = SHOWN_LIMIT): string {
  const { kept, dropped } = shorten(text, limit);
  const shown = kept.replace(UNSHOWABLE, (char) => NAMED[char] ?? spell(char.codePointAt(0) ?? 0));
  return dropped === 0 ? shown : `${shown}… (${dropped} more characters)`;
}

/** The same value with every string in it, however deep, made visible; property names are ours and stay. */
export function visibleDeep<T>(value: T): T {
  return deep(value) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(deep);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner)]));
}

/**
 * JSON that is safe to print on a terminal and to paste into a script: `JSON.stringify` escapes C0 alone, so DEL, C1, bidi overrides,
 * zero width and line separators are escaped here. A parser gets the very same value.
 */
export function safeJson(value: unknown, indent = 0): string {
  // The newlines of an indented text are the layout: those inside strings are escaped already.
  return JSON.stringify(value, null, indent).replace(UNSHOWABLE, (char) => (char === "\n" ? char : codeUnits(char)));
}

function shorten(text: string, limit: number): { kept: string; dropped: number } {
  // No text of `limit` UTF-16 units has more than `limit` characters: the usual case costs nothing.
  if (text.length <= limit) return { kept: text, dropped: 0 };
  const characters = Array.from(text);
  return { kept: characters.slice(0, limit).join(""), dropped: Math.max(0, characters.length - limit) };
}

function spell(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

function codeUnits(char: string): string {
  let escaped = "";
  for (let index = 0; index < char.length; index += 1) {
    escaped += `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
