import { parsePasvReply } from "./codec-227.ts";
import { parseEpsvReply } from "./codec-229.ts";
import type { AddressReading, OfferOddity } from "./codec-oddity.ts";

/**
 * Reads the positive reply to PASV or EPSV, also where it answers with the other's code or form. A 229 has no
 * address: the endpoint is then `peerAddress` (the control connection's remote address) with the port. A 227 that
 * answers EPSV gives the endpoint it names.
 */
export function readOffer(
  sent: "pasv" | "epsv",
  reply: { code: number; lines: readonly string[] },
  peerAddress: string,
): AddressReading {
  const { code, lines } = reply;
  if (code < 200 || code > 299) return { ok: false, problem: `the reply ${code} is no offer`, oddities: [] };
  const expected = sent === "pasv" ? "227" : "229";
  const form = code === 227 ? "227" : code === 229 ? "229" : expected;
  const oddities: OfferOddity[] = code === Number(form) ? [] : ["answered-with-other-code"];
  if (code === Number(form) && form !== expected) oddities.push(`answered-with-${form}`);
  const reading = read(form, lines, peerAddress);
  if (reading.ok) return { ...reading, oddities: [...oddities, ...reading.oddities] };
  const other = read(form === "227" ? "229" : "227", lines, peerAddress);
  if (other.ok) return { ...other, oddities: [...oddities, "text-of-other-code", ...other.oddities] };
  const where = code === Number(expected) ? "" : `the reply is ${code} where ${expected} belongs, and `;
  return { ok: false, problem: `${where}${reading.problem}`, oddities: [...oddities, ...reading.oddities] };
}

function read(form: "227" | "229", lines: readonly string[], peerAddress: string): AddressReading {
  if (form === "227") return parsePasvReply(lines);
  const reading = parseEpsvReply(lines);
  if (!reading.ok) return reading;
  return { ok: true, endpoint: { address: peerAddress, port: reading.port }, oddities: reading.oddities };
}
