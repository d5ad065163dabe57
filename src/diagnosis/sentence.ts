/** Joins sentences, leaving empty ones out. */
export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
