import type { LadderRecord, LadderStep, ReplyRecord, TransferRecord } from "../../model/evidence.ts";
import { size } from "../../model/words.ts";
import type { Facts } from "./facts.ts";
import { lastReply } from "./facts.ts";
import { quoteExchange } from "./quote.ts";
import { textOf } from "./refusals.ts";

/** A transfer so long was stopped by the limit of the whole transfer rather than by silence. */
export const MANY_BYTES = 65_536;

/** One transfer of a ladder that had a data connection, or was refused before it. */
export interface Rung {
  /** The ladder it belongs to. */
  ladder: LadderRecord;
  /** The step. */
  step: LadderStep;
  /** Its transfer. */
  transfer: TransferRecord;
  /** The closing reply; null where none came. */
  final: ReplyRecord | null;
  /** Text of the closing reply; empty where none came. */
  text: string;
  /** The largest transfer before it that arrived whole, in bytes; null where none did. */
  passedBytes: number | null;
  /** Bytes it was to move; null where that was not known. */
  sizeBytes: number | null;
}

/** Every transfer of every ladder, in order; those that the end of the run stopped are left out. */
export function rungs(facts: Facts): Rung[] {
  return facts.addresses.flatMap(({ ladders }) =>
    ladders.flatMap((ladder) => {
      let passedBytes: number | null = null;
      return ladder.steps.flatMap((step): Rung[] => {
        const { transfer } = step;
        if (transfer === null || transfer.dataOutcome === "cancelled" || transfer.exchange.outcome === "cancelled") {
          return [];
        }
        const reply = lastReply(transfer.exchange);
        const final = reply !== null && reply.code >= 200 ? reply : null;
        const rung = {
          ladder,
          step,
          transfer,
          final,
          text: final === null ? "" : textOf(final),
          passedBytes,
          sizeBytes: step.sizeBytes,
        };
        if (isWhole(rung) || isEmptyListing(rung))
          passedBytes = Math.max(passedBytes ?? 0, step.sizeBytes ?? transfer.bytes, transfer.bytes);
        return [rung];
      });
    }),
  );
}

/** Whether all of it was moved and confirmed. */
export function arrived({ transfer, final }: Pick<Rung, "transfer" | "final">): boolean {
  return transfer.dataOutcome === "ok" && final !== null && final.code < 300;
}

/** Whether all of it was moved and confirmed: as much as the server then has stored, where it tells that, and as the file was said to have. */
export function isWhole(rung: Pick<Rung, "transfer" | "final" | "step">): boolean {
  const { what, storedBytes, sizeBytes } = rung.step;
  if (!arrived(rung)) return false;
  if (storedBytes !== null) return storedBytes === sizeBytes;
  return what !== "file" || sizeBytes === null || rung.transfer.bytes >= sizeBytes;
}

/** ProFTPD opens and ends a data connection for a name that it then says nobody has: nothing was to come, and it came. */
function isEmptyListing({ step, transfer, final }: Pick<Rung, "step" | "transfer" | "final">): boolean {
  const begun = transfer.exchange.replies.some(({ code }) => code < 200);
  const unknown = final !== null && (final.code === 450 || final.code === 550);
  return step.what === "listing" && begun && unknown && transfer.dataOutcome === "ok" && transfer.bytes === 0;
}

/** A transfer of a ladder as `seen`. */
export function seenRung({ ladder, step, transfer, sizeBytes, passedBytes }: Rung): string {
  const wanted = sizeBytes === null ? "" : ` of ${size(sizeBytes)}`;
  const before = passedBytes === null ? "" : `; ${size(passedBytes)} passed before`;
  const moved = `${size(transfer.bytes)}${wanted} ${ladder.direction === "upload" ? "sent" : "received"}`;
  const short = step.storedBytes !== null && step.storedBytes !== sizeBytes ? `, ${size(step.storedBytes)} stored` : "";
  return `${quoteExchange(transfer.exchange)}; ${moved}${short}${before}`;
}

/** Whether a transfer stands still where all smaller ones before it arrived. */
export function isStandstill({ transfer, final, passedBytes, sizeBytes }: Rung): boolean {
  if (passedBytes === null || transfer.bytes >= MANY_BYTES) return false;
  if (final !== null && !isLostOnTheWay({ transfer, final })) return false;
  if (sizeBytes !== null && sizeBytes <= passedBytes) return false;
  return (
    transfer.dataOutcome === "timed-out" ||
    (transfer.dataOutcome !== "reset" && transfer.exchange.outcome === "timed-out")
  );
}

/** Whether a transfer was waited for in vain: the connection stayed open, and no closing reply came or one that is not true of us. */
export function stalls({ transfer, final }: Pick<Rung, "transfer" | "final">): boolean {
  return transfer.dataOutcome === "timed-out" && (final === null || isLostOnTheWay({ transfer, final }));
}

/** Pure-FTPd says that all is sent as soon as its system has taken it: nothing of it came, and no end either. */
function isLostOnTheWay({ transfer, final }: Pick<Rung, "transfer" | "final">): boolean {
  return final !== null && final.code < 300 && transfer.dataOutcome === "timed-out" && transfer.bytes === 0;
}

/** Addresses at which the size of a transfer decides whether it arrives. */
export function standstillAddresses(facts: Facts): string[] {
  return rungs(facts)
    .filter(isStandstill)
    .map(({ ladder }) => ladder.address);
}

/** More than fits into one packet, so that what arrived shows that the size of packets is no trouble. */
const SEVERAL_PACKETS = 4_000;

/** Files that came whole where no transfer stands still by its size: what is silent there is silent for a reason of its own. */
export function arrivedFiles(facts: Facts): Rung[] {
  const bySize = standstillAddresses(facts);
  return rungs(facts).filter(
    (rung) =>
      rung.step.what === "file" &&
      rung.ladder.direction === "download" &&
      arrived(rung) &&
      rung.transfer.bytes >= SEVERAL_PACKETS &&
      !bySize.includes(rung.ladder.address),
  );
}
