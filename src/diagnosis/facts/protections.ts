import type { Mode, Protection } from "../../model/mode.ts";
import { carriesData } from "../../model/mode-result.ts";
import type { Attempt, Facts } from "./facts.ts";

/** What an answer to a passive offer must have to be compared between clear text and TLS. */
interface Answered {
  record: { mode: Mode; protection: Protection };
  answer: string;
}

/**
 * Whether it is the protection that decides which of the ports at one address open. Without that the ports of both are
 * one sample: a range that is open in part fails now here and now there.
 */
export function protectionDecides(attempts: readonly Answered[]): boolean {
  const [clear, tls] = [under("clear", attempts), under("tls", attempts)];
  if (clear.length === 0 || tls.length === 0) return false;
  const open = ({ answer }: Answered): boolean => answer === "open";
  const inMode = (all: readonly Answered[], mode: Mode) => all.filter(({ record }) => record.mode === mode);
  const modes = [...new Set(tls.map(({ record }) => record.mode))].filter((mode) => inMode(clear, mode).length > 0);
  if (!tls.some(open)) return modes.some((mode) => inMode(clear, mode).every(open));
  return tls.every(open) && modes.some((mode) => !inMode(clear, mode).some(open));
}

/** Those under this protection. */
export function under<A extends { record: { protection: Protection } }>(
  protection: Protection,
  attempts: readonly A[],
): A[] {
  return attempts.filter(({ record }) => record.protection === protection);
}

/** Whether this mode moved data at the address under this protection. */
export function worksUnder(protection: Protection, address: string, mode: Mode, facts: Facts): boolean {
  return attemptsUnder(protection, address, mode, facts).some(({ summary }) => carriesData(summary.result));
}

/** Attempts with this mode at the address under this protection. */
function attemptsUnder(protection: Protection, address: string, mode: Mode, facts: Facts): Attempt[] {
  return facts.attempts.filter(
    ({ record }) => record.address === address && record.protection === protection && record.mode === mode,
  );
}
