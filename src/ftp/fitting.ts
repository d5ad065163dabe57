import type { Exchange } from "../model/evidence.ts";

/**
 * Positive replies that belong to one command alone (RFC 959 section 5.4, RFC 2228, 2389, 2428). Where one of them answers
 * another command, the conversation is out of step. Codes not listed here may answer anything. AUTH is answered with 220
 * by servers that greet anew (tls-auth-nonstandard-reply).
 */
const OWNERS: Readonly<Record<number, readonly string[]>> = {
  125: ["LIST", "NLST", "MLSD", "RETR", "STOR"],
  150: ["LIST", "NLST", "MLSD", "RETR", "STOR"],
  211: ["FEAT", "STAT", "SYST", "HELP"],
  215: ["SYST"],
  220: ["HOST", "REIN", "AUTH"],
  221: ["QUIT"],
  226: ["LIST", "NLST", "MLSD", "RETR", "STOR", "ABOR", "QUIT"],
  227: ["PASV", "EPSV"],
  228: ["LPSV", "EPSV", "PASV"],
  229: ["EPSV", "PASV"],
  230: ["USER", "PASS", "ACCT"],
  234: ["AUTH"],
  257: ["PWD", "MKD", "CWD"],
  331: ["USER"],
  332: ["USER", "PASS"],
  334: ["AUTH"],
};

/** Commands that open with a preliminary reply; what ends them is 226 or 250, and never a mere 200 (RFC 959 section 5.4). */
const TRANSFERS: ReadonlySet<string> = new Set(["LIST", "NLST", "MLSD", "RETR", "STOR"]);

/** Whether a reply code can be the next answer to an exchange's command. */
export function fits(code: number, exchange: Pick<Exchange, "command" | "replies">): boolean {
  const verb = exchange.command.split(" ", 1)[0] ?? "";
  // A 200 in place of the 150 answered the PORT before; behind a 150 it is an odd ending.
  if (code === 200 && TRANSFERS.has(verb)) return exchange.replies.length > 0;
  return OWNERS[code]?.includes(verb) ?? true;
}
