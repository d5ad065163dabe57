import type { DialRecord, PassiveRecord, TransferRecord } from "../model/evidence.ts";

/**
 * How far a passive attempt got, as far as the next question depends on it.
 *
 * - `works`: bytes moved.
 * - `silent`: nobody answered at the port. `refused`: a reset did. `rejected`: an ICMP error did.
 * - `unserved`: connected, and the server does not know of it (425), or hung up on it before a byte came.
 * - `stalled`: connected, and nothing more came. `cut`: it ended before its time.
 * - `unsecured`: connected, but TLS on it failed, or the server refused the transfer behind the handshake.
 * - `unasked`: the data connection was not in question: no offer, a refused listing, a stop in the middle.
 */
export type PassiveChannel =
  | "works"
  | "silent"
  | "refused"
  | "rejected"
  | "unserved"
  | "stalled"
  | "cut"
  | "unsecured"
  | "unasked";

/** How far a passive attempt got. */
export function passiveChannel(record: PassiveRecord): PassiveChannel {
  if (record.status === "skipped" || record.status === "crashed" || record.offer?.advertised == null) return "unasked";
  if (record.dialled.some(({ outcome }) => outcome === "connected")) return channelOf(record.transfer);
  switch (decisiveDial(record)?.outcome) {
    case "timed-out":
      return "silent";
    case "unreachable":
      return "rejected";
    case "refused":
      return "refused";
    // Accepted and cut at once.
    case "reset":
    case "closed":
      return "unserved";
    default:
      return "unasked";
  }
}

/** Which of the two addresses carries the port, where they differ: the one that connected, else the peer's. */
export function dialRole(record: PassiveRecord): DialRecord["role"] {
  return decisiveDial(record)?.role ?? "advertised";
}

/** Whether anything came over the data connection. */
export function sawBytes(record: PassiveRecord): boolean {
  return (record.transfer?.bytes ?? 0) > 0;
}

function decisiveDial({ dialled }: PassiveRecord): DialRecord | undefined {
  return (
    dialled.find(({ outcome }) => outcome === "connected") ?? dialled.find(({ role }) => role === "peer") ?? dialled[0]
  );
}

function channelOf(transfer: TransferRecord | null): PassiveChannel {
  if (transfer === null || transfer.dataOutcome === "cancelled" || transfer.exchange.outcome === "cancelled") {
    return "unasked";
  }
  if (isUnsecured(transfer)) return "unsecured";
  // Cut off by us while it flowed.
  if (transfer.dataOutcome === "protocol-error") return "works";
  if (transfer.dataOutcome === "timed-out") return "stalled";
  const code = transfer.exchange.outcome === "ok" ? (transfer.exchange.replies.at(-1)?.code ?? 0) : 0;
  const served = transfer.bytes > 0;
  if (code >= 200 && code < 300 && transfer.dataOutcome === "ok") return "works";
  if (code === 425) return "unserved";
  // The listing itself was refused (450, 550), which says nothing of the channel.
  if (!served && (code === 450 || code >= 500)) return "unasked";
  if (transfer.dataOutcome === "reset" && !served) return "unserved";
  return "cut";
}

/** Refused for what is listed, and not for how: 550, and 450 where it is not about TLS. */
const ABOUT_THE_FILE = /^(?:550|450(?!.*(?:TLS|SSL)))/i;

/** In TLS 1.3 a server refuses behind the client's end of the handshake, which then shows as an alert where data should be. */
function isUnsecured({ tls, dataOutcome, bytes, exchange }: TransferRecord): boolean {
  if (tls == null) return false;
  if (tls.handshake.outcome !== "ok" || dataOutcome === "tls-failed") return true;
  const reply = exchange.replies.at(-1);
  if (bytes > 0) return false;
  return (
    dataOutcome === "reset" || (reply !== undefined && reply.code >= 400 && !ABOUT_THE_FILE.test(reply.lines[0] ?? ""))
  );
}
