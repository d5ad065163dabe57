import type { PartialReply, ReplyRecord } from "../model/evidence.ts";
import type { Outcome } from "../model/failure.ts";
import type { Clock } from "../system/ports.ts";
import type { ReplyStream } from "./reply-stream.ts";

/** The first thing a server said. */
export interface Greeting {
  /** `ok` where a reply came, whatever its code; `protocol-error` where what came is none. */
  outcome: Outcome;
  /** The system's error code; null where there was none. */
  code: string | null;
  /** The reply; null where none came. */
  reply: ReplyRecord | null;
  /** What came first, latin1, at most `FIRST_BYTES`; it may hold secrets. */
  firstBytes: string;
  /** What had come of it when the waiting ended; null where it came whole, or nothing of it did. */
  partial: PartialReply | null;
}

/** How long to wait for a reply behind bytes that cannot begin one: another service has nothing more to say. */
const NOISE_GRACE_MS = 2_000;

/** Waits for the first thing a server says; a 120 is followed by the 220 it announces. */
export async function awaitGreeting(
  replies: ReplyStream,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<Greeting> {
  const limit = clock.limit(limitMs, signal);
  let grace: ReturnType<Clock["limit"]> | null = null;
  const greeted = (outcome: Outcome, code: string | null, reply: ReplyRecord | null): Greeting => ({
    outcome,
    code,
    reply,
    firstBytes: replies.firstBytes,
    partial:
      reply !== null || replies.partial === null
        ? null
        : { text: replies.partial.text, quietMs: replies.partial.quietMs },
  });
  try {
    for (;;) {
      const event = await replies.next((grace ?? limit).signal, {
        afterRead: () => {
          // Bytes that cannot begin a reply: another service. It gets a short while, not the whole patience.
          if (grace === null && replies.firstBytes !== "" && !/^[\s\d\xff\0]/.test(replies.firstBytes)) {
            grace = clock.limit(Math.min(NOISE_GRACE_MS, limitMs), limit.signal);
          }
          return (grace ?? limit).signal;
        },
      });
      if (event.kind === "reply") {
        if (event.reply.oddities.includes("unfinished")) continue;
        if (event.reply.code === 120) continue;
        return greeted("ok", null, event.reply);
      }
      if (event.kind === "noise") {
        if (event.fatal) return greeted("protocol-error", null, null);
        // What the limit itself has cut off may have been the beginning of a code.
        if (!limit.signal.aborted) grace ??= clock.limit(Math.min(NOISE_GRACE_MS, limitMs), limit.signal);
        continue;
      }
      const noisy = grace !== null && event.outcome === "timed-out";
      return greeted(noisy ? "protocol-error" : event.outcome, event.code, null);
    }
  } finally {
    limit.clear();
    (grace as ReturnType<Clock["limit"]> | null)?.clear();
  }
}
