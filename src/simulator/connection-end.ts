import type { Clock, Connection } from "../system/ports.ts";

/** How long a client may take to end its side after we ended ours. */
const GOODBYE_MS = 2000;

/**
 * Reads away what the client still sends after our end, and frees the connection when it has ended too. Closing at
 * once with unread bytes would make the system send a reset, and the reset would destroy the reply just sent.
 */
export async function closeGently(connection: Connection, clock: Clock, stopped: AbortSignal): Promise<void> {
  const limit = clock.limit(GOODBYE_MS, stopped);
  try {
    while ((await connection.read(limit.signal)).kind === "data");
  } finally {
    limit.clear();
    connection.close();
  }
}

/** The promise's answer, or `instead` as soon as the signal aborts. */
export function unlessAborted<Answer, Instead>(
  promise: Promise<Answer>,
  signal: AbortSignal,
  instead: Instead,
): Promise<Answer | Instead> {
  if (signal.aborted) return Promise.resolve(instead);
  return new Promise((resolve, reject) => {
    const give = () => resolve(instead);
    signal.addEventListener("abort", give, { once: true });
    const done = () => signal.removeEventListener("abort", give);
    promise.then(resolve, reject).then(done, done);
  });
}
