import type { HandshakeRecord } from "../../model/evidence.ts";
import { wordingOf } from "./said.ts";

/**
 * The line in clear text with which a server says, in place of the handshake, that it has nothing to make TLS with;
 * null where it says none. vsftpd does so when it cannot load its certificate.
 */
export function unableLine(handshake: HandshakeRecord | null): string | null {
  const lines = (handshake?.foreign ?? "").split(/\r?\n/).filter((line) => line !== "");
  const code = Number(/^([45]\d\d)[ -]/.exec(lines[0] ?? "")?.[1] ?? 0);
  const found = code === 0 ? null : wordingOf({ code, lines });
  return found?.wording.finding === "tls-not-configured" ? found.line : null;
}
