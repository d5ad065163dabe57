import { isIpLiteral } from "../model/address.ts";
import { oneLine } from "./one-line.ts";

/** How far the run is, over all its targets. */
export interface Standing {
  /** How many targets there are. */
  count: number;
  /** How many are done. */
  done: number;
  /** How many are under way beside the one that is told of. */
  more: number;
}

/**
 * What is being done for a target, in so many columns. Of one target nobody needs the name, and no name is told twice. Where the
 * line is too long the addresses go: what counts stands behind them.
 */
export function progressText(target: string, doing: string, standing: Standing, columns: number): string {
  const { count, done, more } = standing;
  const told = (name: string, text: string) => {
    const others = more > 0 ? ` (and ${more} more)` : "";
    return oneLine(count === 1 ? text : `${done} of ${count} done; ${name}${others}: ${text}`);
  };
  const full = told(target, doing);
  return full.length <= columns ? full : told(target, withoutAddresses(doing)).slice(0, columns);
}

/** `sweeping 203.0.113.5: 80 of 101 ports` becomes `sweeping: 80 of 101 ports`. */
function withoutAddresses(text: string): string {
  return text.replaceAll(
    /((?: (?:at|of|to|with|for))?) (\S+?)(?=(:?)(?: |$))/g,
    (whole, preposition: string, word: string, colon: string, offset: number) => {
      if (!isIpLiteral(word) && !isEndpoint(word)) return whole;
      const isLast = offset + whole.length + colon.length >= text.length;
      return preposition !== "" || colon !== "" || isLast ? "" : " it";
    },
  );
}

/** `203.0.113.5:21`, `[2001:db8::5]:21`. */
function isEndpoint(word: string): boolean {
  const [, host = ""] = /^\[?([^\]]+)\]?:\d+$/.exec(word) ?? [];
  return isIpLiteral(host);
}
