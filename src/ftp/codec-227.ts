import type { AddressReading, OfferOddity } from "./codec-oddity.ts";
import { candidates, textOfReply } from "./codec-text.ts";

/** Numbers separated by commas, with up to a few blanks (or a line break) around each. */
const GROUP = /[-+]?(?<!\d)\d+(?:\s{0,4},\s{0,4}[-+]?\d+)+/g;

interface Group {
  text: string;
  numbers: number[];
  oddities: OfferOddity[];
  /** Why it is no endpoint; null where it is one. */
  problem: string | null;
}

/**
 * Reads `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)` (RFC 959 section 4.1.2). The text around the numbers is not
 * standardised (RFC 1123 section 4.1.2.6): a valid group in brackets is taken first, then the last valid group of
 * exactly six, because a date or a version stands before the address. What follows the numbers, or a missing final
 * dot, is no deviation.
 */
export function parsePasvReply(lines: readonly string[]): AddressReading {
  const text = textOfReply(lines);
  const oddities: OfferOddity[] = lines.length > 1 ? ["several-lines"] : [];
  const bracketed: Group[] = [];
  let open: Group[] = [];
  for (const candidate of candidates(text)) {
    const groups = groupsOf(candidate.text);
    const odd = candidate.oddities;
    if (!candidate.bracketed) open = groups.map((group) => ({ ...group, oddities: [...odd, ...group.oddities] }));
    else {
      for (const group of groups) {
        const alone = candidate.text.trim() === group.text;
        const around: OfferOddity[] = alone ? [] : ["text-in-parentheses"];
        if (candidate.text !== candidate.text.trim()) around.push("spaces-inside");
        bracketed.push({ ...group, oddities: [...new Set([...odd, ...around, ...group.oddities])] });
      }
    }
  }
  const valid = open.filter((group) => group.problem === null);
  const chosen = bracketed.find((group) => group.problem === null) ?? valid.at(-1);
  if (chosen === undefined) return { ok: false, problem: problemOf(longest(bracketed) ?? longest(open)), oddities };
  // Inside brackets or not, every valid group is among the open ones.
  if (valid.length > 1) oddities.push("several-groups");
  const [a, b, c, d, high = 0, low = 0] = chosen.numbers;
  return {
    ok: true,
    endpoint: { address: `${a}.${b}.${c}.${d}`, port: high * 256 + low },
    oddities: [...oddities, ...chosen.oddities],
  };
}

function groupsOf(text: string): Group[] {
  return [...text.matchAll(GROUP)].map((match) => {
    const parts = match[0].split(",").map((part) => part.trim());
    const oddities: OfferOddity[] = [];
    if (/\s/.test(match[0])) oddities.push("spaces-inside");
    if (parts.some((part) => /^0\d/.test(part))) oddities.push("leading-zeros");
    return { text: match[0], numbers: parts.map(Number), oddities, problem: judge(parts) };
  });
}

function judge(parts: string[]): string | null {
  if (parts.length !== 6) return `there are ${parts.length} numbers where six belong`;
  const beyond = parts.find((part) => !/^\d+$/.test(part) || Number(part) > 255);
  if (beyond !== undefined) return `the number ${beyond.slice(0, 12)} is not between 0 and 255`;
  return parts.slice(4).every((part) => Number(part) === 0) ? "the port is 0" : null;
}

/** The group that most looks like a failed attempt at an address. */
function longest(groups: Group[]): Group | undefined {
  return groups.reduce<Group | undefined>(
    (best, group) => (best === undefined || group.numbers.length >= best.numbers.length ? group : best),
    undefined,
  );
}

function problemOf(group: Group | undefined): string {
  return group?.problem ?? "there is no group of six numbers separated by commas";
}
