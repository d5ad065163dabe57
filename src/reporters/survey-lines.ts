import { familyOf } from "../model/endpoint.ts";
import type { Evidence, RemappedPortsRecord, RemappedTrial, SweepRecord } from "../model/evidence.ts";
import type { PortSweep, Report } from "../model/report.ts";
import { duration, FAMILY, rangeInWords } from "../model/words.ts";
import { MEANS, portBar, rangesInWords, type ShownInterval, shownIntervals } from "./port-bar.ts";
import { LISTED_AT_MOST, type Stretch, stretchLines } from "./stretch-lines.ts";
import type { Style } from "./style.ts";
import { flow, wrap } from "./wrap.ts";

/** A wider bar shows nothing more. */
const BAR_AT_MOST = 80;

/** How the lines are to be made. */
export interface SurveyLineOptions {
  /** Columns. */
  width: number;
  /** ASCII alone; false where left out. */
  ascii?: boolean;
  /** Everything. */
  verbose: boolean;
}

/** What `ftp-doctor ports` found by sweeping: for each address the bar, what it is made of and what that means. */
export function surveyLines(report: Report, options: SurveyLineOptions, style: Style): string[] {
  if (report.evidence.policy.ports == null) return [];
  const { sweeps = [] } = report.ports;
  return sweeps.flatMap((sweep, index) => [
    ...(index === 0 ? [] : [""]),
    ...sweepLines(sweep, { several: sweeps.length > 1, controlPort: report.target.port }, options, style),
    ...(options.verbose ? behindIt(sweep, report.evidence).flatMap((remark) => wrap(remark, options.width)) : []),
  ]);
}

/** What the evidence has of a sweep and does not show in its result. */
function behindIt({ address, from, to }: PortSweep, { experiments }: Evidence): string[] {
  return experiments.flatMap((each) => {
    const isOfIt =
      (each.experiment === "sweep" || each.experiment === "remapped-ports") &&
      each.range.from === from &&
      each.range.to === to &&
      (address === undefined || each.address === address);
    if (!isOfIt) return [];
    return each.experiment === "sweep" ? answeredLate(each) : each.trials.flatMap((trial) => passedOver(trial, each));
  });
}

function answeredLate({ answeredLate: late }: SweepRecord): string[] {
  if (late === 0) return [];
  const ports = late === 1 ? "1 port was silent at first and" : `${late} ports were silent at first and`;
  return [`${ports} answered when asked again: packets are lost on the way, or a device limits how fast they come.`];
}

function passedOver(
  { offer, dialled, passedOver: over, held }: RemappedTrial,
  { mode }: RemappedPortsRecord,
): string[] {
  if (dialled === 0) return [];
  const offered = offer.advertised === null ? "an offer" : `the offer of port ${offer.advertised.port}`;
  const hungUp =
    over === 0
      ? "none accepted and hung up"
      : `${over} accepted and hung up, or spoke, within a moment: a forwarder whose inside port is closed, or another service`;
  return [
    `While ${offered} (${mode.toUpperCase()}) stood, ${dialled} of these ports ${dialled === 1 ? "was" : "were"} dialled: ${held.length} accepted and waited as a server's would, ${hungUp}.`,
  ];
}

function sweepLines(
  sweep: PortSweep,
  { several, controlPort }: { several: boolean; controlPort: number },
  options: SurveyLineOptions,
  style: Style,
): string[] {
  const { width, ascii = false } = options;
  const { bar, scale, legend, perCell } = portBar(sweep, { width: Math.min(width, BAR_AT_MOST), ascii }, style);
  const over =
    several && sweep.address !== undefined ? ` over ${FAMILY[familyOf(sweep.address)]} (${sweep.address})` : "";
  return [
    style.strong(`${sweep.from === sweep.to ? "Port" : "Ports"} ${rangeInWords(sweep)}${over}${took(sweep)}`),
    "",
    bar,
    scale,
    ...flow([...legend, ...(perCell === null ? [] : [perCell])], width),
    "",
    ...stretchLines(
      runsOf(sweep).map((run) => stretchOf(run, sweep, controlPort)),
      options,
    ),
    ...remarks(sweep).flatMap((remark) => wrap(remark, width)),
  ];
}

function took({ durationMs, slowdowns = 0 }: PortSweep): string {
  if (durationMs === undefined) return "";
  return `, swept in ${duration(durationMs)}${slowdowns === 0 ? "" : `, slowed down ${slowdowns === 1 ? "once" : `${slowdowns} times`}`}`;
}

/** A run of ports that answer alike. */
function stretchOf(
  { state, tried, ...range }: Run,
  { believed, proven, answeredAnyway }: PortSweep,
  controlPort: number,
): Stretch {
  const isControl = state === "open" && range.from === controlPort && range.to === controlPort;
  return {
    columns: [
      { text: rangeInWords(range), align: "left" },
      { text: tried === range.to - range.from + 1 ? String(tried) : `${tried} tried`, align: "right" },
      // It is what a port scanner would call it as well.
      { text: state === "refused" ? "closed" : state, align: "left" },
    ],
    means:
      believed === false
        ? "accepted, like every port here: proves nothing"
        : isControl
          ? "the control port: the FTP server listens there"
          : state === "closed" && proven === false
            ? "a reset; no offer opened that would show whose"
            : state === "open" && answeredAnyway === true
              ? "accepted, offered or not: something before the server answers"
              : MEANS[state],
  };
}

/** Why a sweep ended before every port had its answer. */
const STOPPED: Readonly<Record<NonNullable<PortSweep["stopped"]>, string>> = {
  "shut-out":
    "In the middle of it, ports that had answered fell silent and stayed so: a firewall seems to have shut this machine out, or the table in which it keeps connections is full. What was silent since tells nothing. Wait some minutes, then sweep a smaller range, or at a lower --rate.",
  "own-limits":
    "This machine could open no further connections, so the sweep ended early: sweep a smaller range, or with a lower --concurrency.",
  "reset-limit":
    "The first ports that were silent sent resets when asked again, and no other was silent: a firewall seems to count connections and to reset what is beyond its limit, so a reset tells nothing of its port. Wait some minutes, then sweep a few ports at a time.",
  unsettled:
    "Answers were being lost to the very end, however slowly it went, so silent ports count as filtered only where all their neighbours were silent too: sweep a smaller range, or at a lower --rate.",
  "offers-slow":
    "Ports that were silent opened when the server offered them, but only after a second or more: their first packet was lost each time and sent again. So silence tells nothing here: something on the way drops first packets, and until it does not, which ports it lets through cannot be told.",
};

function limitedErrors({ assumedRejected = null }: PortSweep): string[] {
  if (assumedRejected === null) return [];
  return assumedRejected > 0
    ? [
        `The firewall sends only so many ICMP errors: ${assumedRejected} silent ports count as rejected, because each of a sample was when asked slowly.`,
      ]
    : ["The firewall sends only so many ICMP errors: some of the filtered ports may be rejected ones."];
}

/** An interval, gaps included, of which so many ports were tried. */
type Run = ShownInterval & { tried: number };

/** Runs of equal answers, over ports without one: a sweep in random order that was stopped leaves gaps everywhere. */
function runsOf(sweep: PortSweep): Run[] {
  const runs: Run[] = [];
  for (const interval of shownIntervals(sweep)) {
    const tried = interval.to - interval.from + 1;
    const last = runs.at(-1);
    if (last?.state !== interval.state) runs.push({ ...interval, tried });
    else {
      last.to = interval.to;
      last.tried += tried;
    }
  }
  return runs;
}

function remarks(sweep: PortSweep): string[] {
  const { untried = 0, offeredOutside = [], neverOffered, believed, stopped = null, remarks: told = [] } = sweep;
  return [
    ...(stopped === null ? [] : [STOPPED[stopped]]),
    ...(untried === 0
      ? []
      : [
          `Of ${untried} ${untried === 1 ? "port" : "ports"} it could not be told: not tried, or the answer could not be relied on.`,
        ]),
    ...limitedErrors(sweep),
    ...(offeredOutside.length === 0
      ? []
      : [
          `Offered outside of this range: ${rangesInWords(
            offeredOutside.map((port) => ({ from: port, to: port })),
            LISTED_AT_MOST,
          )}. The server's own range is another one.`,
        ]),
    ...told.map(({ text }) => text),
    ...(believed === false || neverOffered == null || neverOffered.length === 0
      ? []
      : [
          `Reachable, and not to be expected from what the server offers: ${rangesInWords(neverOffered, LISTED_AT_MOST)}.`,
        ]),
  ];
}
