/** Joins sentences, leaving empty ones out. */
export function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** The same words with a capital at the beginning. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
