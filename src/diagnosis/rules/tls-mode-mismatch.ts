import { controlArgs, controlEndpoint, controlSeverity, triedAddresses, verb } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import type { AddressFacts } from "../facts.ts";

/** A TLS alert record (RFC 8446 sections 5.1 and 6): what a TLS server answers to a line of text. */
const ALERT = /^\x15\x03[\0-\x04]/;

/** The port speaks TLS from the first byte, and was asked in clear. */
export const tlsModeMismatch = defineRule({
  id: "tls-mode-mismatch",
  title: "The port speaks TLS from the first byte (implicit FTPS)",
  since: "0.1.0",
  needs: ["control"],
  replaces: ["ctl-no-banner", "ctl-wrong-service"],
  references: ["RFC 8446 section 6 (alerts)", "RFC 4217 section 15.1", "https://github.com/lavv17/lftp/issues/486"],
  meaning: [
    "The server waits for a TLS handshake while the client waits for a greeting, so neither begins: the port is meant for implicit FTPS (usually 990), and the client speaks FTP in clear or explicit FTPS. Sent a line of text, the server answered with a TLS alert.",
    "To use it, set the client to implicit FTP over TLS (ftps://) for this port; for port 21 and AUTH TLS the setting is explicit (ftpes://). This version of ftp-doctor does not probe under TLS.",
  ].join("\n\n"),
  severity: controlSeverity,
  judge(facts) {
    const tried = triedAddresses(facts).filter(({ controls }) => controls[0]?.greeting != null);
    if (tried.length === 0) return { kind: "undetermined", missing: "no connection was made" };
    const hits = tried.filter((address) => alertAt(address) !== null);
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const nudged = first.control === "silent";
    return {
      kind: "present",
      confidence: "certain",
      at: "client",
      args: { ...controlArgs(hits, facts), nudged },
      because: hits.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: hits
        .slice(0, 2)
        .map(
          (address) =>
            `${controlEndpoint(address, facts)} ${nudged ? "silent, and after an empty line" : "began with"} a TLS alert (hex ${hex(alertAt(address) ?? "")})`,
        ),
      rivals: [],
      next: [
        {
          command: `openssl s_client -connect ${controlEndpoint(first, facts)}`,
          tells: "The certificate of the server, and after it the greeting of the FTP server behind TLS.",
        },
      ],
    };
  },
  describe: (args) => ({
    summary: `${args["endpoints"]} ${verb(args, "speaks", "speak")} TLS from the first byte (implicit FTPS); a client in clear text gets no greeting there.`,
    explanation:
      "The port said nothing by itself and answered a line of text with an alert of the TLS protocol, so it waits for a TLS handshake. Client and server are set to different kinds of TLS; nothing is broken on the way.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: 'Set the client to implicit FTP over TLS for this port (FileZilla: Encryption "Require implicit FTP over TLS"; WinSCP: "TLS/SSL Implicit encryption"; lftp and curl: ftps:// in the address), or use port 21 with explicit TLS.',
        commands: [`curl ftps://${args["host"]}${args["port"] === 990 ? "" : `:${args["port"]}`}/ --user NAME`],
      },
    ],
  }),
});

/** The alert that came; null where none did. */
function alertAt({ control, controls }: AddressFacts): string | null {
  const greeting = controls[0]?.greeting;
  const bytes = control === "silent" ? greeting?.afterNewline?.firstBytes : greeting?.firstBytes;
  return bytes !== undefined && ALERT.test(bytes) ? bytes : null;
}

function hex(bytes: string): string {
  return [...bytes.slice(0, 7)].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
}
