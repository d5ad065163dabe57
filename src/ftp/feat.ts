/** The feature lines of a FEAT reply (RFC 2389) without heading and end, trimmed. */
export function parseFeat(_lines: readonly string[]): string[] {
  throw new Error("not written yet");
}

/** Whether the features list AUTH, with whatever mechanism. */
export function offersAuth(features: readonly string[]): boolean {
  return offers(features, "AUTH");
}

/** Whether the features list `name` (`EPSV`, `REST STREAM`), letter case aside. */
export function offers(_features: readonly string[], _name: string): boolean {
  throw new Error("not written yet");
}
