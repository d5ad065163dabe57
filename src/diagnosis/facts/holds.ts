import type { HoldRecord, ReplyRecord } from "../../model/evidence.ts";
import { duration } from "../../model/words.ts";
import { type Facts, lastReply } from "./facts.ts";
import { quoteExchange, quoteReply } from "./quote.ts";

/** A control connection that was left idle, and what became of it. */
export interface Hold {
  /** The evidence. */
  record: HoldRecord;
  /** What the server said when it ended the session; null where it said nothing. */
  farewell: ReplyRecord | null;
  /** `survived`; `ended`: the server closed it in order; `lost`: it was reset, or nothing answers any more. */
  fate: "survived" | "ended" | "lost";
  /** Whether the connection that was kept busy meanwhile lived; null where there was none. */
  busyLived: boolean | null;
}

/** Every hold that was seen to its end. */
export function holdsOf(facts: Facts): Hold[] {
  return facts.addresses.flatMap(({ holds }) =>
    holds
      .filter(({ status, exchange }) => status === "done" && exchange?.outcome !== "cancelled")
      .map((record) => {
        const answer = lastReply(record.exchange);
        const farewell = record.said ?? (answer !== null && answer.code === 421 ? answer : null);
        const { keptBusy } = record;
        return {
          record,
          farewell,
          fate: fateOf(record, farewell),
          busyLived: keptBusy === null || keptBusy.last === null ? null : lastReply(keptBusy.last) !== null,
        };
      }),
  );
}

function fateOf({ ended, exchange }: HoldRecord, farewell: ReplyRecord | null): Hold["fate"] {
  if (farewell !== null && farewell.code === 421) return "ended";
  const end = ended ?? (exchange === null || exchange.outcome === "ok" ? null : exchange.outcome);
  if (end === null || end === "ok") return "survived";
  return end === "closed" ? "ended" : "lost";
}

/** A hold as `seen`. */
export function seenHold({ record, farewell, busyLived }: Hold): string[] {
  const idle = `idle for ${duration(record.idledMs)}`;
  const came =
    farewell !== null
      ? quoteReply(farewell)
      : record.exchange !== null
        ? quoteExchange(record.exchange)
        : record.ended === "reset"
          ? "connection reset"
          : "connection closed without a word";
  const busy =
    busyLived === null || record.keptBusy === null
      ? []
      : [
          `kept busy with NOOP every ${duration(record.keptBusy.everyMs)}: ${busyLived ? "alive" : "gone as well"} at the end`,
        ];
  return [`${idle}: ${came}`, ...busy];
}
