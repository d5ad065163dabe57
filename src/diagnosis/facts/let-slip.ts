import { isIpLiteral, isPublic, sideOf } from "../../model/address.ts";
import { type AddressFacts, exchangesOf, type Facts } from "./facts.ts";

/** ProFTPD's `[10.0.0.2]` behind its name (also as `[::ffff:10.0.0.2]`), bftpd's `at 10.0.0.2 ready`. */
const IN_GREETING = /\[(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})\]|\bat (\d{1,3}(?:\.\d{1,3}){3}) ready/;

/** Pure-FTPd, where it refuses to call another address: `only to 203.0.113.7`. */
const ONLY_TO = /\bonly to ([\da-fA-F.:]{2,45})\)/;

/** The server's own address as its greeting names it, where that is an inside one behind a public peer; null otherwise. */
export function greetedAddress(at: AddressFacts | undefined): string | null {
  if (at === undefined || !isPublic(at.address)) return null;
  const lines = at.controls.flatMap(({ greeting }) => greeting?.reply?.lines ?? []);
  for (const line of lines) {
    const match = IN_GREETING.exec(line);
    const named = match?.[1] ?? match?.[2];
    if (named !== undefined && isIpLiteral(named) && sideOf(named) === "inside") return named;
  }
  return null;
}

/** This machine's address as the server sees it, where a refusal names it; null otherwise. */
export function seenClientAddress(facts: Facts): string | null {
  const lines = exchangesOf(facts.active.map(({ record }) => record)).flatMap(({ replies }) =>
    replies.filter(({ code }) => code >= 400).flatMap((reply) => reply.lines),
  );
  for (const line of lines) {
    const named = ONLY_TO.exec(line)?.[1];
    if (named !== undefined && isIpLiteral(named)) return named;
  }
  return null;
}
