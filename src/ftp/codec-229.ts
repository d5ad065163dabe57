import { isIpLiteral } from "../model/address.ts";
import type { OfferOddity, PortReading } from "./codec-oddity.ts";
import { candidates, textOfReply } from "./codec-text.ts";

/** `|||port|`: RFC 2428 section 3 allows any printable ASCII delimiter; a digit could not be told from the port. */
const FORM = /([!-/:-~])\s{0,4}\1\s{0,4}\1\s{0,4}([-+]?\d+)\s{0,4}(\1?)/g;
/** `|1|10.0.0.2|port|`: what EPRT has and a 229 may not have. No comma: those are six numbers gone wrong. */
const WITH_ADDRESS =
  /([!-+\--/:-@[-`{-~])\s{0,4}[12]?\s{0,4}\1\s{0,4}([\da-fA-F.:]*)\s{0,4}\1\s{0,4}([-+]?\d+)\s{0,4}(\1?)/g;

interface Found {
  /** All that matched. */
  text: string;
  delimiter: string;
  port: string;
  closed: boolean;
  address: boolean;
}

/**
 * Reads `229 Entering Extended Passive Mode (|||port|)` (RFC 2428 section 3). Bracketed groups are tried first, then
 * the text as a whole, where the delimiters must be complete. A family or an address in it is noted and not used.
 */
export function parseEpsvReply(lines: readonly string[]): PortReading {
  const text = textOfReply(lines);
  const oddities: OfferOddity[] = lines.length > 1 ? ["several-lines"] : [];
  let problem: string | null = null;
  for (const candidate of candidates(text)) {
    const found = find(candidate.text, candidate.bracketed);
    if (found === null) continue;
    problem = judge(found.port);
    if (problem !== null) continue;
    const odd: OfferOddity[] = [...oddities, ...candidate.oddities];
    if (found.delimiter !== "|") odd.push("other-delimiter");
    if (!found.closed) odd.push("missing-delimiter");
    if (found.address) odd.push("address-in-229");
    if (/^0\d/.test(found.port)) odd.push("leading-zeros");
    if (candidate.bracketed && candidate.text.trim() !== found.text.trim()) odd.push("text-in-parentheses");
    if (/\s/.test(found.text) || (candidate.bracketed && candidate.text !== candidate.text.trim())) {
      odd.push("spaces-inside");
    }
    return { ok: true, port: Number(found.port), oddities: odd };
  }
  return { ok: false, problem: problem ?? "there is no port between delimiters, as in (|||50000|)", oddities };
}

function find(text: string, bracketed: boolean): Found | null {
  // Outside brackets "...4000" could be an ellipsis: only the complete form counts there.
  const plain = [...text.matchAll(FORM)];
  const best = plain.find((match) => match[3] !== "") ?? (bracketed ? plain[0] : undefined);
  if (best !== undefined) {
    const [whole, delimiter = "", port = "", closing = ""] = best;
    return { text: whole, delimiter, port, closed: closing !== "", address: false };
  }
  for (const [whole, delimiter = "", address = "", port = "", closing = ""] of text.matchAll(WITH_ADDRESS)) {
    if ((address === "" || isIpLiteral(address)) && (bracketed || closing !== "")) {
      return { text: whole, delimiter, port, closed: closing !== "", address: true };
    }
  }
  return null;
}

function judge(port: string): string | null {
  if (!/^\d+$/.test(port)) return `the port ${port.slice(0, 12)} is not a number`;
  const value = Number(port);
  if (value === 0) return "the port is 0";
  return value > 65_535 ? `the port ${port.slice(0, 12)} is above 65535` : null;
}
