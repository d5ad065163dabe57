/** What a netrc file says about one host. */
export interface NetrcEntry {
  /** Login name; null where the entry names none. */
  login: string | null;
  /** Password; null where the entry names none. */
  password: string | null;
}

/**
 * Finds the entry for a host: the first `machine` of that name (and that login, where one is asked for), otherwise
 * `default`. Tokens may be quoted, with `\` before a quote or a backslash, as curl and GNU inetutils read them; macro definitions are
 * skipped up to the next empty line. Returns null where nothing fits.
 */
export function findNetrcEntry(text: string, host: string, login: string | null): NetrcEntry | null {
  let found: NetrcEntry | null = null;
  let fallback: NetrcEntry | null = null;
  for (const entry of entriesOf(text)) {
    if (login !== null && entry.login !== null && entry.login !== login) continue;
    if (entry.machine === null) fallback ??= entry;
    else if (entry.machine.toLowerCase() === host.toLowerCase()) found ??= entry;
  }
  const entry = found ?? fallback;
  return entry === null ? null : { login: entry.login, password: entry.password };
}

/** `machine` is null for the `default` entry. */
type Entry = NetrcEntry & { machine: string | null };

function entriesOf(text: string): Entry[] {
  const tokens = tokensOf(text);
  const entries: Entry[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const word = tokens[at];
    const value = tokens[at + 1] ?? "";
    const entry = entries.at(-1);
    switch (word) {
      case "machine":
        entries.push({ machine: value, login: null, password: null });
        break;
      case "default":
        entries.push({ machine: null, login: null, password: null });
        continue;
      case "login":
        if (entry) entry.login = value;
        break;
      case "password":
        if (entry) entry.password = value;
        break;
      case "account":
        break;
      default:
        continue;
    }
    at += 1;
  }
  return entries;
}

function tokensOf(text: string): string[] {
  const plain = text.replace(/^[ \t]*macdef\b[^\n]*\n(?:[^\n]*\S[^\n]*(?:\n|$))*/gm, "\n");
  // A # begins a comment only where a token could begin at the start of a line: passwords may begin with one.
  const lines = plain.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  return [...lines.join("\n").matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/g, "$1"),
  );
}
