import { bytes, CLOSE, HANG, reply } from "../script.ts";
import { type Fault, fault } from "./fault.ts";
import { greetingWith } from "./refusals.ts";

/**
 * What a server could put into its text to hurt whoever shows it: a terminal (screen cleared, title set, clipboard
 * written, a line overwritten), HTML and XML, a spreadsheet, GitHub's log commands, Markdown, a format string, bidi.
 */
const HOSTILE_TEXTS: readonly string[] = [
  "\x1b[2J\x1b[H\x1b]0;owned\x07 screen",
  "\x1b]52;c;b3duZWQ=\x07 clipboard",
  "\x9b31m red and \x08\x08\x08 back",
  "nul \x00 byte and bell \x07",
  "<script>alert(1)</script><img src=x onerror=alert(1)> ]]> &amp;",
  "=cmd|' /C calc'!A0",
  "::error file=x::owned",
  "##[error]owned %0A::set-env name=X::y",
  "[click](javascript:alert(1)) `code` | cell | **bold**",
  "%s %n %x $\u007b7*7} {{7*7}} $(id) `id`",
  'quote " backslash \\ and {label="x"} 1',
  Buffer.from("\u202egnp.exe \u200b\u2066 bidi", "utf8").toString("latin1"),
  "\xff\xfe\xc3\x28 not utf-8",
  "bare\rcarriage return",
];

/** Text meant to hurt, and sizes meant to exhaust. */
export const HOSTILE_FAULTS: readonly Fault[] = [
  fault(
    "hostile-greeting",
    null,
    "the greeting carries terminal escapes, NUL bytes, HTML, formulas and log commands",
    () => ({
      greeting: () => [reply(...HOSTILE_TEXTS.map((text) => `220-${text}`), "220 ready")],
    }),
  ),
  fault("hostile-replies", null, "every reply after the greeting carries the same hostile text in its lines", () => ({
    deliver: (piece) => [hostileReply(piece)],
  })),
  fault("hostile-listing", null, "the file names listed carry hostile text", () => ({
    transfer: (usual) =>
      usual.map((a) =>
        a.do === "send-data"
          ? {
              ...a,
              text: HOSTILE_TEXTS.map((t) => `-r--r--r--    1 ftp      ftp             1 Jan 15  2024 ${t}\r\n`).join(
                "",
              ),
            }
          : a,
      ),
  })),
  fault("hostile-login-refusal", "auth-rejected", "the password is refused in hostile text", () => ({
    command: (usual, { verb }) =>
      verb === "PASS" ? [reply(...HOSTILE_TEXTS.map((text) => `530-${text}`), "530 \x1b[31mno\x1b[0m")] : usual(),
  })),
  fault("nul-greeting", "ctl-protocol-violation", "the greeting is NUL bytes", () =>
    greetingWith([bytes("\0".repeat(512)), HANG]),
  ),
  fault("long-line", "ctl-protocol-violation", "the greeting is one line of 100 kB", () =>
    greetingWith([bytes(`220 ${"x".repeat(100_000)}\r\n`)]),
  ),
  fault("long-reply", "ctl-protocol-violation", "the greeting is a well-formed reply of 10,000 lines", () =>
    greetingWith([bytes(`${"220-a line among many others\r\n".repeat(10_000)}220 ready\r\n`)]),
  ),
  fault("endless-line", "ctl-protocol-violation", "the greeting is a line that never ends", () =>
    greetingWith([bytes("220 "), { do: "flood", text: "x" }]),
  ),
  fault("endless-reply", "ctl-protocol-violation", "the greeting is a reply whose lines never end", () =>
    greetingWith([{ do: "flood", text: "220-and another line\r\n" }]),
  ),
  fault("endless-replies", "reply-desync", "the greeting is repeated without end", () =>
    greetingWith([{ do: "flood", text: "220 ready\r\n" }]),
  ),
  fault("no-codes", "ctl-protocol-violation", "the greeting is text without reply codes", () =>
    greetingWith([bytes("Hello there,\r\nthis is no reply.\r\n"), CLOSE]),
  ),
];

/** The reply made longer by hostile lines of the same code; a 227 or 229 stays readable. */
function hostileReply(piece: string): string {
  const code = piece.slice(0, 3);
  if (!/^\d{3}$/.test(code) || code === "227" || code === "229" || piece.startsWith("-", 3)) return piece;
  return `${HOSTILE_TEXTS.map((text) => `${code}-${text}\r\n`).join("")}${piece}`;
}
