import type { Endpoint } from "../model/endpoint.ts";
import type { PortRange } from "../model/evidence.ts";
import { type Failure, type Outcome, TIMED_OUT } from "../model/failure.ts";
import { tenth } from "../model/milliseconds.ts";
import type { Clock, Connection, Listener, Network } from "../system/ports.ts";

/** At most this much of a listing is kept. */
const SAMPLE_BYTES = 2_048;
/** Nobody needs to see more of a listing to know that bytes move; an endless one would fill the whole limit. */
const LISTING_BYTES = 8 * 1024 * 1024;
/** Callers with a foreign address that are hung up on before we stop listening. */
const STRANGERS = 8;
/**
 * Ports of a range that are tried before we say that none is free: a range as full as that is busy with something else,
 * and each try costs a system call.
 */
const PORTS_TRIED = 64;

/** What was received on a data connection. */
export interface Received {
  /** How many bytes came. */
  bytes: number;
  /** Milliseconds to the first byte; null where none came. */
  firstByteMs: number | null;
  /** Beginning of what was received, latin1, secrets hidden. */
  sample: string;
}

/** How a data connection is received. */
export interface Reception {
  /** The clock of the run. */
  clock: Clock;
  /** Limit of the whole, in milliseconds. */
  limitMs: number;
  /** Stops it: the run is over. */
  signal: AbortSignal;
  /** Hides secrets in a text that may be cut off inside one. */
  redact(text: string): string;
  /** Called once, when something has come. */
  onFirstByte(): void;
  /** Enough to have seen; what comes beyond is cut off. 8 MiB where left out. */
  mostBytes?: number;
}

/**
 * Reads a data connection to its end, or for as long as its limit, into `received`, which thereby holds what is known
 * at any moment. What is cut off by us while it still flows, for its length or at the limit, is a `protocol-error`;
 * `timed-out` is silence: nothing came at all, or nothing for the last half of the limit.
 */
export async function receive(connection: Connection, received: Received, how: Reception): Promise<Outcome> {
  const { clock, limitMs } = how;
  const started = clock.now();
  let lastByteMs = -limitMs;
  let beginning = "";
  const limit = clock.limit(limitMs, how.signal);
  try {
    for (;;) {
      const answer = await connection.read(limit.signal);
      const ms = clock.now() - started;
      if (answer.kind === "end") return "ok";
      if (answer.kind === "failed") {
        const flowing = answer.failure.outcome === "timed-out" && ms - lastByteMs < limitMs / 2;
        return flowing ? "protocol-error" : answer.failure.outcome;
      }
      if (received.firstByteMs === null) {
        received.firstByteMs = tenth(ms);
        how.onFirstByte();
      }
      lastByteMs = ms;
      received.bytes += answer.bytes.length;
      const room = SAMPLE_BYTES - beginning.length;
      if (room > 0) {
        beginning += Buffer.from(answer.bytes.subarray(0, room)).toString("latin1");
        received.sample = how.redact(beginning).slice(0, SAMPLE_BYTES);
      }
      if (received.bytes > (how.mostBytes ?? LISTING_BYTES)) return "protocol-error";
    }
  } finally {
    limit.clear();
  }
}

/** A piece of what is sent: small enough that a stop comes soon. */
const PIECE_BYTES = 16 * 1024;

/**
 * Sends `bytes` over a data connection, ends it, and waits for the other side to end it too: `ok` then. `sent` counts
 * what the system took, which is no proof of arrival.
 */
export async function send(
  connection: Connection,
  bytes: Uint8Array,
  sent: { bytes: number },
  how: Pick<Reception, "clock" | "limitMs" | "signal">,
): Promise<Outcome> {
  const limit = how.clock.limit(how.limitMs, how.signal);
  const stopped = new Promise<Outcome>((resolve) => {
    const tell = () => resolve(limit.signal.reason === TIMED_OUT ? "timed-out" : "cancelled");
    if (limit.signal.aborted) tell();
    else limit.signal.addEventListener("abort", tell, { once: true });
  });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      const answer = await Promise.race([connection.write(piece), stopped]);
      if (answer !== null) return typeof answer === "string" ? answer : answer.outcome;
      sent.bytes += piece.length;
    }
    connection.end();
    for (;;) {
      const answer = await connection.read(limit.signal);
      if (answer.kind === "end") return "ok";
      if (answer.kind === "failed") return answer.failure.outcome;
    }
  } finally {
    limit.clear();
  }
}

/**
 * Listens for an active data connection, on any port where `ports` is null, else on the first free one of the range,
 * begun at a random place so that runs do not collide. `random` gives a number from 0 up to 1.
 */
export async function listenOn(
  network: Network,
  address: string,
  ports: PortRange | null,
  random: () => number,
): Promise<{ ok: true; listener: Listener } | { ok: false; failure: Failure }> {
  if (ports === null) return network.listen({ address, port: 0 });
  const count = ports.to - ports.from + 1;
  const first = Math.floor(random() * count);
  for (let step = 0; ; step += 1) {
    const answer = await network.listen({ address, port: ports.from + ((first + step) % count) });
    if (answer.ok || answer.failure.code !== "EADDRINUSE" || step + 1 >= Math.min(count, PORTS_TRIED)) return answer;
  }
}

/** Who called a listener. */
export interface Called {
  /** `connected`, `wrong-peer` where only strangers called, or why nobody did. */
  outcome: Outcome;
  /** The system's error code; null where there was none. */
  code: string | null;
  /** The expected peer's connection; null where it did not call. */
  connection: Connection | null;
  /** Callers from elsewhere; they were hung up on. */
  strangers: Endpoint[];
}

/**
 * Waits for the expected peer to call; whoever else calls is hung up on (FTP bounce and port stealing, RFC 2577).
 * `onGone` is called for each caller that was gone before it could be seen: another one is waited for.
 */
export async function acceptFrom(
  listener: Listener,
  peerAddress: string,
  signal: AbortSignal,
  onGone: () => void = () => {},
): Promise<Called> {
  const strangers: Endpoint[] = [];
  for (let gone = 0; ; ) {
    const answer = await listener.accept(signal);
    if (!answer.ok) {
      const { outcome, code } = answer.failure;
      // A caller that was gone before it could be seen (a port scanner) is no reason to miss the server's call.
      if (outcome === "reset") onGone();
      if (outcome === "reset" && ++gone < STRANGERS) continue;
      // Somebody called and hung up: that is not silence.
      const heard = strangers.length > 0 ? "wrong-peer" : gone > 0 && outcome !== "local-error" ? "reset" : outcome;
      return { outcome: heard, code, connection: null, strangers };
    }
    const { connection } = answer;
    if (connection.remote.address === peerAddress) return { outcome: "connected", code: null, connection, strangers };
    strangers.push(connection.remote);
    connection.close();
    if (strangers.length >= STRANGERS) return { outcome: "wrong-peer", code: null, connection: null, strangers };
  }
}
