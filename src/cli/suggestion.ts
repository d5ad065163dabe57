/** The names nearest to what was typed, best first; none where nothing is near. */
export function nearest(typed: string, names: readonly string[], atMost = 1): string[] {
  const wanted = typed.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, steps: closeness(wanted, name.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps || a.name.localeCompare(b.name))
    .slice(0, atMost)
    .map(({ name }) => name);
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, names: readonly string[], prefix = ""): string {
  const found = nearest(typed, names, 3).map((name) => prefix + name);
  return found.length === 0 ? "" : `; did you mean ${found.join(" or ")}?`;
}

/** Part of a name counts as near: `pasv-private` means `pasv-private-address`. */
function closeness(typed: string, name: string): number {
  if (typed.length >= 4 && name.includes(typed)) return 1;
  return distance(typed, name);
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let steps = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        steps = Math.min(steps, (before[column - 2] ?? 0) + 1);
      }
      now.push(steps);
    }
    before = last;
    last = now;
  }
  return last[b.length] ?? 0;
}
