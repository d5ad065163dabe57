/** Joins sentences, leaving empty ones out. */
export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** `a`, `a and b`, `a, b and c`; `none` where there is nothing. */
export function list(items: readonly string[], last: "and" | "or" = "and"): string {
  return items.length < 2 ? (items[0] ?? "none") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}
