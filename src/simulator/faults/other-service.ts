import { bytes, CLOSE, HANG, type Script, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { greetingWith } from "./refusals.ts";

/** A TLS alert record, fatal handshake_failure: what a TLS server without a common cipher sends (RFC 8446 section 6). */
const TLS_ALERT = "\x15\x03\x03\x00\x02\x02\x28";

const SMTP: Script = [
  bytes("220 mail.example.com ESMTP Postfix\r\n"),
  { do: "wait-for-client" },
  bytes("502 5.5.2 Error: command not recognized\r\n"),
  HANG,
];

/** Something else than FTP is spoken on the port. */
export const OTHER_SERVICE_FAULTS: readonly Fault[] = [
  fault("speaks-ssh", "ctl-wrong-service", "an SSH server answers", () =>
    greetingWith([bytes("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"), HANG]),
  ),
  fault(
    "speaks-http",
    "ctl-wrong-service",
    "a web server answers, after the time given in ms or when the client speaks",
    (ms) =>
      greetingWith([
        wait(Number(ms)),
        bytes(
          "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>408</body></html>\r\n",
        ),
        CLOSE,
      ]),
    taking("ms", 0),
  ),
  fault("speaks-smtp", "ctl-wrong-service", "a mail server answers", () => greetingWith(SMTP)),
  fault("speaks-imap", "ctl-wrong-service", "an IMAP server answers", () =>
    greetingWith([bytes("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready.\r\n"), HANG]),
  ),
  fault("speaks-tls", "tls-mode-mismatch", "waits for a TLS ClientHello in silence, and ends with a TLS alert", () =>
    greetingWith([{ do: "wait-for-client" }, bytes(TLS_ALERT), CLOSE]),
  ),
  fault("garbage", "ctl-protocol-violation", "the greeting is 2 KiB of binary bytes", () =>
    greetingWith([bytes(garbage(2048)), HANG]),
  ),
];

/** The same bytes in every run (xorshift32 from its usual seed), without a line that could pass for a reply. */
function garbage(length: number): string {
  let state = 2463534242;
  return Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return String.fromCharCode((state & 127) + 128);
  }).join("");
}
