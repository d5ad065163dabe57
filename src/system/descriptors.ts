import { readdirSync, readFileSync } from "node:fs";

/** Where the limit cannot be read: half of the smallest usual one (1,024), which leaves room for what is open already. */
const CAUTIOUS = 512;
/** Left for the control connections, the resolver, files and whatever Node opens behind our back; where there are few, half of them. */
const RESERVED = 64;

/** How many sockets this process may still open: its limit less what is open, with some left over for others. */
export function socketsLeft(folder = "/proc/self"): number {
  try {
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync(`${folder}/limits`, "utf8"))?.[1];
    if (limit === undefined) return CAUTIOUS;
    const open = readdirSync(`${folder}/fd`).length;
    return limit === "unlimited" ? Number.MAX_SAFE_INTEGER : withoutReserve(Number(limit) - open);
  } catch {
    // No /proc: not Linux, or a sandbox. Node raises the soft limit to the hard one where it may, but does not tell it.
    return CAUTIOUS;
  }
}

function withoutReserve(free: number): number {
  return Math.max(1, free - Math.min(RESERVED, Math.ceil(free / 2)));
}
