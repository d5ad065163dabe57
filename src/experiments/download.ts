import type { ExperimentRecord, RecordOf } from "../model/evidence.ts";
import type { SessionContext } from "./context.ts";
import type { FurtherMode } from "./follow-up.ts";
import { filesIn, type KnownFile, namesIn, rungsFrom } from "./known-files.ts";
import { asImages, climb, pathCommand, type StepResult, sizeOf } from "./ladder-step.ts";

/** Beyond this much silence a step has failed; the transfer that led here was given a whole limit. */
const SILENCE_MS = 3_000;
/** Where the modes have used up most of the time: enough for a lost packet to be sent again (RFC 6298: 1 s). */
const LEAST_SILENCE_MS = 1_500;
/** Left over behind a step that was silent: for what the server may still say of it, and the end of the run. */
const SPARE_MS = 1_000;
const ROUND_TRIPS = 4;
/** More than the last rung, and little enough for a slow line. */
const MOST_BYTES = 1_500_000;
/** A server is not asked for the size of everything. */
const SIZES_ASKED = 24;
/** Directories that are looked into for files. */
const DIRECTORIES_ENTERED = 2;
/** Nobody has a file of this name: its listing is empty, or refused before the data connection is used. */
const NOTHING = ".ftp-doctor-nothing";

/** A session to read on. */
export interface DownloadContext extends SessionContext {
  /** The mode. */
  further: FurtherMode;
  /** What has been seen at the address: listings name files. */
  records: readonly ExperimentRecord[];
  /** When the clock shows this, the address has had its time. */
  untilMs: number;
}

/** Listings first, which are small and need no name, then the files that they name, smallest first, to the first failure. */
export async function climbDown(context: DownloadContext, record: RecordOf<"ladder">): Promise<void> {
  let files = seen(context.records);
  if (!files.some(({ sizeBytes }) => sizeBytes > 0 && sizeBytes <= 1_000)) {
    if ((await listing(context, record, "LIST", NOTHING)).result === "failed") return;
  }
  if (rungsFrom(files).length === 0) {
    const found = await find(context, record);
    if (found === null) return;
    files = found;
  } else await asImages(context);
  for (const file of rungsFrom(files)) {
    const result = await step(context, record, "RETR", { what: "file", path: file.path, sizeBytes: file.sizeBytes });
    if (result.result === "failed") return;
  }
}

/** Files that the listings so far name; those of other modes too, for the directory is the same. */
function seen(records: readonly ExperimentRecord[]): KnownFile[] {
  const files = records.flatMap((record) =>
    record.experiment === "passive" || record.experiment === "active" ? filesIn(record.transfer?.sample ?? "") : [],
  );
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Names from NLST, sizes from SIZE, here and in a directory or two; null where a listing failed on the way. */
async function find(context: DownloadContext, record: RecordOf<"ladder">): Promise<KnownFile[] | null> {
  const files: KnownFile[] = [];
  const directories: (string | null)[] = [null];
  let asked = 0;
  for (let entered = 0; entered <= DIRECTORIES_ENTERED && rungsFrom(files).length < 2; entered += 1) {
    const directory = directories.shift();
    if (directory === undefined) break;
    const listed = await listing(context, record, "NLST", directory);
    if (listed.result === "failed") return null;
    if (entered === 0) await asImages(context);
    for (const path of namesIn(listed.text, directory).slice(0, SIZES_ASKED)) {
      if (asked >= SIZES_ASKED || !inTime(context)) break;
      asked += 1;
      const sizeBytes = await sizeOf(context, path);
      if (!context.open.session.usable) return null;
      // What has no size may be a directory.
      if (sizeBytes === null) directories.push(path);
      else files.push({ path, sizeBytes });
    }
  }
  return files;
}

async function listing(context: DownloadContext, record: RecordOf<"ladder">, verb: string, path: string | null) {
  const done = await step(context, record, verb, { what: "listing", path, sizeBytes: null });
  return { result: done.result, text: done.step?.transfer?.sample ?? "" };
}

async function step(
  context: DownloadContext,
  record: RecordOf<"ladder">,
  verb: string,
  about: { what: "listing" | "file"; path: string | null; sizeBytes: number | null },
) {
  const { run, open } = context;
  const failed = { step: null, result: "failed" as StepResult };
  if (run.signal.aborted || !open.session.usable) return failed;
  if (!inTime(context)) {
    record.note = "the time for one address was used up";
    return failed;
  }
  const answer = await climb(context, record, context.further, {
    ...about,
    limitMs: silenceMs(context),
    kind: {
      command: pathCommand(verb, about.path),
      mostBytes: MOST_BYTES,
      keepsSample: about.what === "listing",
    },
  });
  // Refused before a data connection was used: no step of the ladder, and the next file may be allowed.
  if (answer.result === "refused") record.steps.splice(record.steps.indexOf(answer.step), 1);
  return answer;
}

function inTime(context: DownloadContext): boolean {
  return leftMs(context) > bounded(context, LEAST_SILENCE_MS);
}

function silenceMs(context: DownloadContext): number {
  return Math.min(bounded(context, SILENCE_MS), Math.max(bounded(context, LEAST_SILENCE_MS), leftMs(context)));
}

function leftMs({ run, untilMs }: DownloadContext): number {
  return untilMs - SPARE_MS - run.clock.now();
}

function bounded({ run, open }: DownloadContext, ms: number): number {
  return Math.min(run.limits.stepMs, ms + ROUND_TRIPS * open.connectMs);
}
