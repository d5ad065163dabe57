import type { ActivePortState, ActiveReach, Report } from "../model/report.ts";
import { FAMILY, listed, rangeInWords } from "../model/words.ts";
import { quoted } from "./attempt-words.ts";
import { LISTED_AT_MOST, type Stretch, stretchLines } from "./stretch-lines.ts";
import type { Style } from "./style.ts";
import { wrap } from "./wrap.ts";

/** What a state means to who reads it. */
const MEANS: Readonly<Record<ActivePortState, string>> = {
  works: "the server called, and bytes came",
  cut: "the server called, and the transfer failed",
  blocked: "accepted (200), then nobody called: stopped on this side, on the way, or at the server",
  refused: "the server refused the command",
  busy: "this machine could not listen there",
  untried: "not tried",
};

/** Which of our own ports the server can call; nothing where that was not asked. */
export function callLines({ ports: { active = [] } }: Report, options: CallLineOptions, style: Style): string[] {
  return active.flatMap((reach) => ["", ...reachLines(reach, active.length > 1, options, style)]);
}

/** How the lines are to be made. */
export interface CallLineOptions {
  /** Columns. */
  width: number;
  /** Every stretch. */
  verbose: boolean;
}

function reachLines(reach: ActiveReach, several: boolean, options: CallLineOptions, style: Style): string[] {
  const { from, to, family, mode, everyPort, counts, intervals } = reach;
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.untried;
  const over = several ? ` over ${FAMILY[family]}` : "";
  const some = everyPort ? "" : `, ${tried} of them tried`;
  const isWhole = (one: ActiveReach["intervals"][number]) =>
    one.tried === undefined || one.tried === one.to - one.from + 1;
  const counted = intervals.some((one) => !isWhole(one));
  const stretches = intervals.map((one): Stretch => {
    const { state, tried, said, gaveUpAtOnce } = one;
    const count = { text: isWhole(one) ? "" : `${tried} tried`, align: "right" } as const;
    return {
      columns: [
        { text: rangeInWords(one), align: "left" },
        ...(counted ? [count] : []),
        { text: state, align: "left" },
      ],
      means: `${gaveUpAtOnce === true ? GAVE_UP : MEANS[state]}${said == null ? "" : `: ${quoted(said)}`}`,
    };
  });
  return [
    style.strong(
      `${from === to ? "Port" : "Ports"} ${rangeInWords(reach)} of this machine, called by the server${over} (${mode.toUpperCase()})${some}`,
    ),
    "",
    ...stretchLines(stretches, options),
    ...remarks(reach).flatMap((remark) => wrap(remark, options.width)),
  ];
}

function remarks({ fromPort20, strangers, counts, intervals, loginsWanted = null }: ActiveReach): string[] {
  return [
    ...bordersOf(intervals),
    ...(counts.untried === 0
      ? []
      : [
          loginsWanted === null
            ? `Not tried: ${counts.untried}.`
            : `Not tried: ${counts.untried}. A port that no call reaches costs a control connection and a login, and no more of them are made unasked (--max-logins).`,
        ]),
    ...(intervals.some(({ gaveUpAtOnce }) => gaveUpAtOnce === true) ? [WAIT] : []),
    ...(fromPort20 === null ? [] : [CALLER[fromPort20]]),
    ...(strangers.length === 0
      ? []
      : [`Others called too, and were hung up on: ${listed(strangers.slice(0, LISTED_AT_MOST))}.`]),
  ];
}

/** Between which tried ports it changes whether calls arrive, where ports between them were left out. */
function bordersOf(intervals: ActiveReach["intervals"]): string[] {
  const arrives = ({ state }: ActiveReach["intervals"][number]) => state === "works" || state === "cut";
  const borders = intervals.flatMap((interval, index) => {
    const next = intervals[index + 1];
    const gap = next !== undefined && next.from > interval.to + 1 && arrives(interval) !== arrives(next);
    const isBorder = gap && interval.gaveUpAtOnce !== true && next.gaveUpAtOnce !== true;
    return isBorder ? [`${interval.to} and ${next.from}`] : [];
  });
  if (borders.length === 0) return [];
  return [
    `It changes somewhere between ${listed(borders.slice(0, LISTED_AT_MOST))}: the ports between were not tried.`,
  ];
}

const GAVE_UP = "accepted (200), and the server gave up at once";

/** A server that calls from its port 20 cannot call the same port of ours a second time before its first call is given up. */
const WAIT =
  "A server gives up at once where a firewall refuses its call, and also where it is still busy with a call of a run shortly before, to the same port: wait two minutes, then run it again.";

const CALLER = {
  always: "The calls came from the server's port 20.",
  sometimes: "Some calls came from the server's port 20, others from high ports.",
  never: "The calls did not come from the server's port 20, which old firewall rules expect.",
} as const;
