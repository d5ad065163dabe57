import type { Endpoint } from "../model/endpoint.ts";
import type { Failure, Outcome } from "../model/failure.ts";
import type { Clock, Connection, Listener, Network } from "../system/ports.ts";

/** At most this much of a listing is kept. */
const SAMPLE_BYTES = 2_048;
/** Nobody needs to see more of a listing to know that bytes move; an endless one would fill the whole limit. */
const LISTING_BYTES = 8 * 1024 * 1024;
/** Callers with a foreign address that are hung up on before we stop listening. */
const STRANGERS = 8;

/** What was received on a data connection. */
export interface Received {
  bytes: number;
  /** Milliseconds to the first byte; null where none came. */
  firstByteMs: number | null;
  /** Beginning of what was received, latin1, secrets hidden. */
  sample: string;
}

/**
 * Reads a data connection to its end into `received`, which thereby holds what is known at any moment.
 * `silenceMs` limits each silence, `signal` the whole; more than 8 MiB are a `protocol-error`. `redact` hides secrets in
 * a text that may be cut off inside one.
 */
export async function receive(
  connection: Connection,
  clock: Clock,
  silenceMs: number,
  signal: AbortSignal,
  received: Received,
  redact: (text: string) => string,
  onFirstByte: () => void,
): Promise<Outcome> {
  const started = clock.now();
  let beginning = "";
  for (;;) {
    const limit = clock.limit(silenceMs, signal);
    const answer = await connection.read(limit.signal);
    limit.clear();
    if (answer.kind !== "data") {
      return answer.kind === "failed" ? answer.failure.outcome : "ok";
    }
    if (received.firstByteMs === null) {
      received.firstByteMs = Math.round((clock.now() - started) * 10) / 10;
      onFirstByte();
    }
    received.bytes += answer.bytes.length;
    const room = SAMPLE_BYTES - beginning.length;
    if (room > 0) {
      beginning += Buffer.from(answer.bytes.subarray(0, room)).toString("latin1");
      received.sample = redact(beginning).slice(0, SAMPLE_BYTES);
    }
    if (received.bytes > LISTING_BYTES) return "protocol-error";
  }
}

/** Listens for an active data connection on one of the ports allowed, in random order so that runs do not collide. */
export async function listenOn(
  network: Network,
  address: string,
  ports: { from: number; to: number } | null,
  random: () => number,
): Promise<{ ok: true; listener: Listener } | { ok: false; failure: Failure }> {
  if (ports === null) return network.listen({ address, port: 0 });
  const count = ports.to - ports.from + 1;
  const first = Math.floor(random() * count);
  for (let step = 0; ; step += 1) {
    const answer = await network.listen({ address, port: ports.from + ((first + step) % count) });
    if (answer.ok || answer.failure.code !== "EADDRINUSE" || step + 1 >= Math.min(count, 64)) return answer;
  }
}

/** Who called a listener. */
export interface Called {
  /** `connected`, `wrong-peer` where only strangers called, or why nobody did. */
  outcome: Outcome;
  code: string | null;
  connection: Connection | null;
  /** Callers from elsewhere; they were hung up on. */
  strangers: Endpoint[];
}

/** Waits for the expected peer to call; whoever else calls is hung up on (FTP bounce and port stealing, RFC 2577). */
export async function acceptFrom(listener: Listener, peerAddress: string, signal: AbortSignal): Promise<Called> {
  const strangers: Endpoint[] = [];
  for (let gone = 0; ; ) {
    const answer = await listener.accept(signal);
    if (!answer.ok) {
      const { outcome, code } = answer.failure;
      // A caller that was gone before it could be seen (a port scanner) is no reason to miss the server's call.
      if (outcome === "reset" && ++gone < STRANGERS) continue;
      return { outcome: strangers.length > 0 ? "wrong-peer" : outcome, code, connection: null, strangers };
    }
    const { connection } = answer;
    if (connection.remote.address === peerAddress) return { outcome: "connected", code: null, connection, strangers };
    strangers.push(connection.remote);
    connection.close();
    if (strangers.length >= STRANGERS) return { outcome: "wrong-peer", code: null, connection: null, strangers };
  }
}
