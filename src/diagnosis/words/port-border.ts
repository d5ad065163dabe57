import type { SweptInterval } from "../../model/evidence.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { isReached, isStopped, portsIn, rangesOf } from "../facts/port-survey.ts";

/** More ranges are counted, not listed. */
const LISTED_AT_MOST = 3;

/** Where ports that answer end and ports that do not begin: `49152-50000 answer, above nothing does`. Empty where all are alike. */
export function borderInWords(intervals: readonly SweptInterval[]): string {
  const reached = rangesOf(intervals, isReached);
  const stopped = rangesOf(intervals, isStopped);
  if (reached.length === 0 || stopped.length === 0) return "";
  const nothing = howStopped(intervals);
  const [first, another] = reached;
  if (first !== undefined && another === undefined) {
    const [below, above] = [stopped.some(({ to }) => to < first.from), stopped.some(({ from }) => from > first.to)];
    const where = below && above ? "below and above" : below ? "below" : "above";
    return `${rangeInWords(first)} ${portsIn(first) === 1 ? "answers" : "answer"}, ${where} ${nothing}`;
  }
  const ranges = stopped.map(rangeInWords);
  return stopped.length <= LISTED_AT_MOST
    ? `${listed(ranges)} ${stopped.length === 1 && stopped.every((range) => portsIn(range) === 1) ? "does" : "do"} not answer, all the others do`
    : `${stopped.length} stretches between ${ranges[0]} and ${ranges.at(-1)} do not answer, all the others do`;
}

/** How the ports that are stopped answer, behind a place. */
function howStopped(intervals: readonly SweptInterval[]): string {
  const [silent, rejected] = (["filtered", "rejected"] as const).map((wanted) =>
    intervals.some(({ state }) => state === wanted),
  );
  if (silent && rejected) return "a firewall rejects or nothing answers";
  return rejected ? "a firewall rejects" : "nothing does";
}
