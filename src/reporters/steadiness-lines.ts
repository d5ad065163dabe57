import type { Report, RoundFailure, SteadyMode } from "../model/report.ts";
import { duration, listed, OUTCOME } from "../model/words.ts";
import { quoted } from "./attempt-words.ts";
import { GAP, type Grid } from "./mode-rows.ts";
import { displayWidth, labelled } from "./wrap.ts";

/** Rounds named one by one; of more only the number is told. */
const NAMED_AT_MOST = 8;

/** What a change is called, at the address behind it. */
const CHANGE = {
  addresses: "the name's addresses",
  greeting: "the greeting",
  product: "the server program",
  certificate: "the certificate",
  advertised: "the address in the answer to PASV",
} as const;

/** How often each mode worked; null where nothing was repeated, or no mode was come to. */
export function steadinessGrid({ steadiness }: Report, width: number): Grid | null {
  const modes = steadiness?.modes ?? [];
  if (modes.length === 0) return null;
  const severalAddresses = new Set(modes.map(({ address }) => address)).size > 1;
  const severalProtections = new Set(modes.map(({ protection }) => protection)).size > 1;
  const columns: { head: string; cell(mode: SteadyMode): string }[] = [
    { head: "Mode", cell: ({ mode }) => mode.toUpperCase() },
    ...(severalProtections
      ? [{ head: "Data", cell: ({ protection }: SteadyMode) => (protection === "tls" ? "TLS" : "clear") }]
      : []),
    ...(severalAddresses ? [{ head: "Address", cell: ({ address }: SteadyMode) => address }] : []),
    { head: "Works", cell: ({ works, of }) => `${works} of ${of}` },
    { head: "Time", cell: ({ ms }) => (ms === null ? "" : times(ms)) },
  ];
  const rows = modes.map((mode) => [...columns.map(({ cell }) => cell(mode)), otherwise(mode)]);
  const widths = columns.map(({ head }, index) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[index] ?? ""))),
  );
  const taken = widths.reduce((sum, each) => sum + each + GAP, 0);
  return {
    head: [...columns.map(({ head }) => head), "Otherwise"],
    rows,
    widths: [...widths, Math.max(20, width - taken)],
    result: columns.findIndex(({ head }) => head === "Works"),
  };
}

/** What was not the same in every round. */
export function changeLines({ steadiness }: Report, width: number): string[] {
  return (steadiness?.changes ?? []).flatMap(({ what, at, values }) => {
    const told = values.map(({ value, rounds }) => `${quoted(value)} in ${roundsText(rounds)}`);
    return labelled("-", `${CHANGE[what]} changed (${at}): ${told.join("; ")}`, { indent: 1, label: 2, width });
  });
}

/** The heading of the block; null where nothing was repeated. */
export function steadinessHeading({ steadiness }: Report): string | null {
  if (steadiness === undefined) return null;
  const { rounds, asked } = steadiness;
  return rounds === asked ? `${rounds} rounds` : `${rounds} of ${asked} rounds were made`;
}

function times({ min, median, max }: NonNullable<SteadyMode["ms"]>): string {
  return duration(min) === duration(max)
    ? duration(median)
    : `${duration(min)} to ${duration(max)}, half within ${duration(median)}`;
}

function otherwise({ failures, repaired }: SteadyMode): string {
  const failed = failures.map((failure) => `${failureText(failure)} in ${roundsText(failure.rounds)}`);
  return [...failed, ...(repaired.length === 0 ? [] : [`repaired in ${roundsText(repaired)}`])].join("; ");
}

function failureText({ result, stage, control = null }: RoundFailure): string {
  if (result === "no-session") return control === null ? "no session" : `no session (${OUTCOME[control]})`;
  return `${result}${stage === null ? "" : ` (${stage})`}`;
}

function roundsText(rounds: readonly number[]): string {
  if (rounds.length > NAMED_AT_MOST) return `${rounds.length} rounds`;
  return `${rounds.length === 1 ? "round" : "rounds"} ${listed(rounds.map(String))}`;
}
