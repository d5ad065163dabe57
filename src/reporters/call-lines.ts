import type { ActivePortState, ActiveReach, Report } from "../model/report.ts";
import { FAMILY, listed, rangeInWords } from "../model/words.ts";
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
  const stretches = intervals.map(
    ({ state, ...range }): Stretch => ({
      columns: [
        { text: rangeInWords(range), align: "left" },
        { text: state, align: "left" },
      ],
      means: MEANS[state],
    }),
  );
  return [
    style.strong(`Ports ${from}-${to} of this machine, called by the server${over} (${mode.toUpperCase()})${some}`),
    "",
    ...stretchLines(stretches, options),
    ...(counts.untried === 0 ? [] : [`Not tried: ${counts.untried}.`]),
    ...remarks(reach).flatMap((remark) => wrap(remark, options.width)),
  ];
}

function remarks({ fromPort20, strangers }: ActiveReach): string[] {
  return [
    ...(fromPort20 === null ? [] : [CALLER[fromPort20]]),
    ...(strangers.length === 0
      ? []
      : [`Others called too, and were hung up on: ${listed(strangers.slice(0, LISTED_AT_MOST))}.`]),
  ];
}

const CALLER = {
  always: "The calls came from the server's port 20.",
  sometimes: "Some calls came from the server's port 20, others from high ports.",
  never: "The calls did not come from the server's port 20, which old firewall rules expect.",
} as const;
