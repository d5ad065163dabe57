import type { HoldRecord, LadderRecord, LadderStep, OffersRecord } from "../model/evidence.ts";
import type { Report } from "../model/report.ts";
import { duration, OUTCOME, size } from "../model/words.ts";
import { cccChunks, matrixChunks, versionChunks } from "./asked-tls-lines.ts";
import { quoted } from "./attempt-words.ts";
import { beside, flow } from "./wrap.ts";

/** Columns of the words before the lines, as wide as those of the control connection's. */
const LABEL = 10;

/** What the user asked for beside the modes (--samples, --write, --hold, --tls-matrix, --ccc), one line for each time it was done. */
export function askedLines(report: Report, width: number): string[] {
  const { experiments, policy } = report.evidence;
  const place = { indent: 0, label: LABEL, width };
  const several = new Set(report.control.map(({ address }) => address)).size > 1;
  const compared = new Set(report.modes.map(({ protection }) => protection)).size > 1;
  return experiments.flatMap((record) => {
    // What the end of the run cut off is told of there.
    if (record.status === "cancelled" || record.status === "crashed") return [];
    const row = rowOf(record, policy);
    if (row === null) return [];
    const at = several && "address" in record ? [`at ${record.address}`] : [];
    const under = compared && record.experiment === "ladder" ? [SIGHT[record.protection]] : [];
    return beside(row.label, flow([...under, ...row.chunks, ...at], width - LABEL), place);
  });
}

/** How a transfer went, where it went both ways. */
const SIGHT: Readonly<Record<LadderRecord["protection"], string>> = { clear: "in clear", tls: "under TLS" };

/** Files of ours that may still lie on the server, with the command that deletes each. */
export function leftBehindWords({ evidence }: Report): string[] {
  const paths = evidence.experiments.flatMap((record) =>
    record.experiment === "ladder"
      ? record.steps.flatMap(({ leftBehind, path }) => (leftBehind === true && path !== null ? [path] : []))
      : [],
  );
  return [...new Set(paths)].map(
    (path) =>
      `${path}: the upload test wrote this file and could not delete it, so it may still lie on the server (FTP command: DELE ${path}).`,
  );
}

interface Row {
  label: string;
  chunks: string[];
}

function rowOf(record: Report["evidence"]["experiments"][number], policy: Report["evidence"]["policy"]): Row | null {
  switch (record.experiment) {
    case "offers":
      // Offers are also made after a failure, where the finding speaks of them.
      return policy.samples == null ? null : { label: "Samples", chunks: sampleChunks(record) };
    case "ladder":
      if (record.direction === "upload") return { label: "Upload", chunks: uploadChunks(record) };
      // After a failure the finding speaks of it.
      return policy.tlsMatrix === true ? { label: "Download", chunks: downloadChunks(record) } : null;
    case "hold":
      return { label: "Hold", chunks: holdChunks(record) };
    case "tls-versions":
      // These two are also tried after a failure, of which the finding speaks.
      return policy.tlsMatrix === true
        ? { label: "Versions", chunks: record.status === "skipped" ? skipped(record) : versionChunks(record) }
        : null;
    case "tls-matrix":
      return policy.tlsMatrix === true
        ? { label: "Data TLS", chunks: record.status === "skipped" ? skipped(record) : matrixChunks(record) }
        : null;
    case "ccc":
      return { label: "CCC", chunks: cccChunks(record) ?? skipped(record) };
    default:
      return null;
  }
}

function skipped({ note }: { note: string | null }): string[] {
  return [`not done${note === null ? "" : `: ${note}`}`];
}

function sampleChunks(record: OffersRecord): string[] {
  const { samples, mode, note } = record;
  const ports = samples.flatMap(({ offer }) => (offer.advertised === null ? [] : [offer.advertised.port]));
  if (ports.length === 0) return skipped(record);
  const [low, high] = [Math.min(...ports), Math.max(...ports)];
  const outcomes = samples.flatMap(({ dialled }) => dialled.map(({ outcome }) => outcome));
  const opened = outcomes.filter((outcome) => outcome === "connected").length;
  const others = [...new Set(outcomes.filter((outcome) => outcome !== "connected"))];
  return [
    `${samples.length} ${samples.length === 1 ? "offer" : "offers"} of ${mode.toUpperCase()}`,
    low === high ? `port ${low}` : `ports ${low} to ${high}`,
    opened === outcomes.length ? "all opened" : `${opened} of ${outcomes.length} opened`,
    ...others.map((outcome) => `${outcomes.filter((each) => each === outcome).length} ${OUTCOME[outcome]}`),
    ...(note === null ? [] : [note]),
  ];
}

/** Whether all of it came, as far as the server tells. */
function isStored({ transfer, sizeBytes, storedBytes }: LadderStep): boolean {
  const code = transfer?.exchange.replies.at(-1)?.code ?? 0;
  const done = transfer?.dataOutcome === "ok" && transfer.exchange.outcome === "ok" && code >= 200 && code < 300;
  return done && (storedBytes === null || storedBytes === sizeBytes);
}

function uploadChunks(record: LadderRecord): string[] {
  const { steps, mode, note } = record;
  const failed = steps.find((step) => !isStored(step));
  const stored = steps.filter(isStored);
  if (steps.length === 0) return skipped(record);
  const sizes = stored.flatMap(({ sizeBytes }) => (sizeBytes === null ? [] : [sizeBytes]));
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const span = low === high ? size(low) : `${size(low)} to ${size(high)}`;
  const files = `${stored.length} ${stored.length === 1 ? "file" : "files"} of ${span}`;
  return [
    ...(stored.length === 0 ? [] : [`${files} arrived over ${mode.toUpperCase()}`]),
    ...(failed === undefined ? [] : [`one of ${size(failed.sizeBytes ?? 0)} did not${why(failed)}`]),
    ...(failed === undefined && stored.every(({ deleted }) => deleted === true) ? ["deleted again"] : []),
    ...(note === null || steps.some(({ leftBehind }) => leftBehind === true) ? [] : [note]),
  ];
}

/** Files that were there, read up to a megabyte; a listing tells nothing of size. */
function downloadChunks({ steps, mode, note }: LadderRecord): string[] {
  const files = steps.filter(({ what, transfer }) => what === "file" && transfer !== null);
  const bytesOf = ({ transfer }: LadderStep) => transfer?.bytes ?? 0;
  const isRead = (step: LadderStep) =>
    step.transfer?.dataOutcome === "protocol-error" || (isStored(step) && bytesOf(step) >= (step.sizeBytes ?? 0));
  const read = files.filter(isRead);
  const failed = files.find((step) => !isRead(step));
  if (files.length === 0) return [`nothing was found to read${note === null ? "" : `: ${note}`}`];
  const sizes = read.map(bytesOf);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const span = low === high ? size(low) : `${size(low)} to ${size(high)}`;
  return [
    ...(read.length === 0
      ? []
      : [`${read.length} ${read.length === 1 ? "file" : "files"} of ${span} arrived over ${mode.toUpperCase()}`]),
    ...(failed === undefined ? [] : [`one of ${size(failed.sizeBytes ?? 0)} did not: ${unread(failed)}`]),
    ...(note === null ? [] : [note]),
  ];
}

function unread({ transfer }: LadderStep): string {
  if (transfer === null) return OUTCOME.cancelled;
  const came = `${size(transfer.bytes)} came`;
  const last = transfer.exchange.replies.at(-1);
  if (last === undefined || last.code < 200) {
    const ended =
      transfer.dataOutcome === null || transfer.dataOutcome === "ok" ? transfer.exchange.outcome : transfer.dataOutcome;
    return `${came}, then ${OUTCOME[ended]}`;
  }
  return `${came}, ${quoted(last.lines.at(-1) ?? "")}`;
}

function why({ storedBytes, sizeBytes, transfer }: LadderStep): string {
  const line = transfer?.exchange.replies.at(-1)?.lines.at(-1);
  if (storedBytes !== null && sizeBytes !== null && storedBytes !== sizeBytes) {
    return ` whole: ${size(storedBytes)} are stored`;
  }
  return line === undefined ? "" : `: ${quoted(line)}`;
}

function holdChunks(record: HoldRecord): string[] {
  const { status, idledMs, said, ended, exchange, keptBusy } = record;
  if (status === "skipped") return skipped(record);
  const answered = exchange?.outcome === "ok";
  const line = said?.lines.at(-1) ?? exchange?.replies.at(-1)?.lines.at(-1);
  const survived = ended === null && answered && said?.code !== 421;
  const fate = ended ?? (answered || exchange === null ? "closed" : exchange.outcome);
  return [
    `idle for ${duration(idledMs)}`,
    survived ? "the connection lived on" : `then ${line === undefined ? OUTCOME[fate] : quoted(line)}`,
    ...(keptBusy === null || keptBusy.last === null
      ? []
      : [`a busy one ${keptBusy.last.outcome === "ok" ? "lived as well" : "did not live either"}`]),
  ];
}
