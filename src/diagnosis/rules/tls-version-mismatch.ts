import type { TlsTrial } from "../../model/evidence.ts";
import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { completed, failuresOfKind, seenFailure } from "../facts/handshake-failure.ts";
import { noTlsSeverity, spoken, withoutHandshake } from "../facts/tls-control.ts";
import { mendControl } from "../words/mend.ts";
import { watchHandshake } from "../words/next.ts";

/** Client and server have no version of TLS in common. */
export const tlsVersionMismatch = defineRule({
  id: "tls-version-mismatch",
  title: "No TLS version in common",
  since: "0.1.0",
  needs: ["secure"],
  references: [
    "RFC 8446 section 4.2.1 and 6.2 (protocol_version)",
    "RFC 8996 (TLS 1.0 and 1.1 are deprecated)",
    "https://github.com/proftpd/proftpd/issues/1273",
    "https://github.com/lavv17/lftp/issues/502",
  ],
  meaning: [
    "Client and server must speak one version of TLS. An old server knows TLS 1.0 or 1.1 alone, which clients of today no longer offer; a new one may refuse everything below TLS 1.3. The handshake ends with the alert protocol_version or handshake_failure. Where a handshake fails, ftp-doctor offers each version by itself and names the ones that are taken.",
    "To mend it, let the server speak TLS 1.2 and 1.3 (vsftpd 3.0.4 and newer ssl_tlsv1_2, ProFTPD TLSProtocol, Pure-FTPd TLSCipherSuite, Schannel settings on Windows). Allowing an old version in the client (curl --tlsv1.0, OpenSSL @SECLEVEL=0) is a stop-gap.",
  ].join("\n\n"),
  severity: noTlsSeverity,
  judge(facts) {
    const missing = withoutHandshake(facts);
    if (missing !== null) return missing;
    const failures = failuresOfKind(facts, "version");
    if (failures === null) return { kind: "absent" };
    const { first, args, because } = failures;
    const taken = first.trials.filter(completed);
    return {
      kind: "present",
      confidence: first.confidence,
      at: "tls",
      args: { ...args, speaks: versionsOf(taken), alert: first.handshake.alert },
      because,
      seen: seenFailure(first, taken),
      rivals:
        first.confidence === "certain"
          ? []
          : [
              {
                cause: "tls-cipher-mismatch",
                toTellApart:
                  "Does the handshake succeed with weak ciphers allowed (openssl s_client -cipher DEFAULT:@SECLEVEL=0)? Then ciphers or keys are too weak.",
              },
              {
                cause: "tls-not-configured",
                toTellApart: "Does it fail with every version and cipher? Then the server has no usable certificate.",
              },
            ],
      next: taken.length > 0 ? [] : [watchHandshake(first, facts)],
    };
  },
  describe: (args, facts) => {
    const speaks = Array.isArray(args["speaks"]) ? args["speaks"].map(String) : [];
    return {
      summary:
        speaks.length > 0
          ? `${args["host"]} speaks ${listed(speaks)} alone, and a client that offers TLS 1.2 and 1.3 gets no handshake.`
          : `${args["host"]} accepts neither TLS 1.2 nor TLS 1.3 as they are offered${args["alert"] === null ? "" : ` (alert ${args["alert"]})`}.`,
      explanation:
        speaks.length > 0
          ? `Each version was offered by itself, and only ${listed(speaks)} was taken. Network and certificate are not at fault: the two sides know no version in common.`
          : "The server ended the handshake with an alert right after the first message, in which the client names the versions and ciphers it knows. Network and certificate are not at fault.",
      remedies: mendControl(facts, args, { server: ["tls-versions"] }),
    };
  },
});

/** `TLS 1.0`, `TLS 1.1`: what the completed trials agreed on. */
function versionsOf(taken: readonly TlsTrial[]): string[] {
  return [...new Set(taken.flatMap(({ handshake }) => handshake?.agreed?.version ?? []))].sort().map(spoken);
}
