/**
 * The feature lines of a FEAT reply (RFC 2389 section 3.2) without heading and end, trimmed. Lenient where servers
 * are: features without the leading space, or with the code repeated before each (`211-MDTM`).
 */
export function parseFeat(lines: readonly string[]): string[] {
  const code = /^\s*(\d{3})/.exec(lines[0] ?? "")?.[1];
  if (code === undefined) return [];
  return lines
    .slice(1)
    .filter((line) => !(line.startsWith(code) && (line.length === 3 || line[3] === " ")))
    .map((line) => (line.startsWith(`${code}-`) ? line.slice(4) : line).trim())
    .filter((line) => line !== "");
}

/** Whether the features list AUTH, with whatever mechanism. */
export function offersAuth(features: readonly string[]): boolean {
  return offers(features, "AUTH");
}

/**
 * What AUTH takes according to the features: `AUTH TLS`, `AUTH SSL`, `AUTH TLS-C;TLS-P;SSL;` (RFC 4217 section 6); of a mechanism
 * with levels the name alone.
 */
export function authMechanisms(features: readonly string[]): string[] {
  const lines = features.filter((feature) => offersAuth([feature]));
  const named = lines.flatMap((line) =>
    line
      .trim()
      .toUpperCase()
      .split(/[\s;,]+/)
      .slice(1),
  );
  return [...new Set(named.map((name) => name.replace(/-[CP]$/, "")).filter((name) => name !== ""))];
}

/** Whether the features list `name` (`EPSV`, `REST STREAM`), letter case and further parameters aside. */
export function offers(features: readonly string[], name: string): boolean {
  const wanted = name.trim().toUpperCase().split(/\s+/);
  return features.some((feature) => {
    const words = feature.trim().toUpperCase().split(/\s+/);
    return wanted.every((word, index) => words[index] === word);
  });
}
