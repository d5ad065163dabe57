import type { AddressReading } from "./codec-oddity.ts";

/**
 * Reads the positive reply to PASV or EPSV, also where it answers with the other's form.
 * A 229 has no address: the endpoint is then `peerAddress` (the control connection's remote address) with the port.
 */
export function readOffer(
  _sent: "pasv" | "epsv",
  _reply: { code: number; lines: readonly string[] },
  _peerAddress: string,
): AddressReading {
  throw new Error("not written yet");
}
