import type { SecureRecord } from "../../model/evidence.ts";
import type { Confidence, Severity } from "../../model/report.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { controlArgs, controlArgsOf } from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { CLIENT_CERTIFICATE, failuresOfKind } from "../facts/handshake-failure.ts";
import { refusalsOf } from "../facts/said.ts";
import {
  controlHandshakes,
  firstLineOf,
  isEcho,
  noTlsSeverity,
  quoteHandshake,
  withoutHandshake,
} from "../facts/tls-control.ts";
import { mendServer } from "../words/mend.ts";

/** The server wants a certificate of the client, and ftp-doctor has none to give. */
export const tlsClientCertRequired = defineRule({
  id: "tls-client-cert-required",
  title: "The server demands a client certificate",
  since: "0.1.0",
  needs: ["secure", "login"],
  explains: ["tls-plaintext-in-stream"],
  replaces: ["auth-rejected", "ctl-closed-mid-session", "ctl-protocol-violation", "srv-session-crash"],
  references: [
    "RFC 8446 section 4.3.2 and 6.2 (certificate_required)",
    "vsftpd.conf(5) require_cert",
    "ProFTPD TLSVerifyClient",
    "https://github.com/curl/curl/issues/1316",
  ],
  meaning: [
    "The server asks for a certificate of the client during the handshake, and ends the connection or refuses the login where none comes. That is a policy, not a fault. ftp-doctor has no client certificate to give, so nothing behind it is tested.",
    "To use it, give the client its certificate and key (curl --cert and --key, lftp ssl:cert-file and ssl:key-file); to demand none: vsftpd require_cert=NO, ProFTPD TLSVerifyClient off.",
  ].join("\n\n"),
  severity: (facts): Severity => noTlsSeverity(facts),
  judge(facts) {
    return (
      judgeAlert(facts) ?? judgeLateAlert(facts) ?? judgeWords(facts) ?? withoutHandshake(facts) ?? { kind: "absent" }
    );
  },
  describe: (args, facts) => ({
    summary: `${args["host"]} demands a certificate of the client before it goes on under TLS.`,
    explanation:
      "The server ended the conversation because no client certificate was shown. ftp-doctor has none to give; clients that have one get in.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Give the client the certificate and key that the server's administrator issued (curl --cert FILE --key FILE; lftp: set ssl:cert-file and set ssl:key-file).",
      },
      ...mendServer("tls-client-certificate", facts, args),
    ],
  }),
});

function judgeAlert(facts: Facts): Judgement | null {
  const failures = failuresOfKind(facts, "client-certificate");
  if (failures === null) return null;
  const { first, all, args, because } = failures;
  return {
    kind: "present",
    confidence: first.confidence,
    at: "client",
    args,
    because,
    seen: [
      ...(first.handshake.certificateRequested === true ? ["the server asked for a client certificate"] : []),
      ...all.slice(0, 2).map(({ handshake }) => quoteHandshake(handshake)),
    ],
    rivals: [],
  };
}

/** Under TLS 1.3 the client's part is over before the server looks for its certificate: the alert comes behind it. */
function judgeLateAlert(facts: Facts): Judgement | null {
  const found = facts.addresses.flatMap((address) =>
    address.secures.flatMap((secure) => {
      const sign = signOf(secure, address, facts);
      return sign === null ? [] : [{ address, secure, ...sign }];
    }),
  );
  const [first] = found;
  if (first === undefined) return null;
  return {
    kind: "present",
    confidence: first.confidence,
    at: "client",
    args: controlArgsOf(found, facts),
    because: found.flatMap(({ address, secure }) => [
      secure.id,
      ...address.tlsVersions.map(({ id }) => id),
      ...address.logins.filter(({ session }) => session === secure.session).map(({ id }) => id),
    ]),
    seen: [first.seen],
    rivals: [],
  };
}

/** What shows it behind a handshake that was completed; null where nothing does. */
function signOf(
  secure: SecureRecord,
  { tlsVersions, logins }: AddressFacts,
  facts: Facts,
): { confidence: Confidence; seen: string } | null {
  if (secure.handshake?.outcome !== "ok") return null;
  const session = facts.evidence.sessions.find(({ id }) => id === secure.session);
  const alert = session?.alert ?? null;
  if (alert !== null && CLIENT_CERTIFICATE.includes(alert)) {
    return { confidence: "certain", seen: `behind the TLS handshake: the server's alert ${alert}` };
  }
  const asked = tlsVersions
    .flatMap(({ trials }) => trials)
    .some(({ handshake }) => handshake?.certificateRequested === true && handshake.outcome !== "ok");
  const cut = logins.some(({ session: id, result }) => id === secure.session && result === "failed");
  if (asked && cut) {
    return {
      confidence: "certain",
      seen: "with TLS 1.2 alone the server asks for a client certificate and ends there",
    };
  }
  // For the server the handshake was not over yet.
  return session?.foreign != null && isEcho(session.foreign)
    ? { confidence: "likely", seen: `behind the TLS handshake: ${firstLineOf(session.foreign)}` }
    : null;
}

/** vsftpd says it in words, in clear text inside TLS. */
function judgeWords(facts: Facts): Judgement | null {
  const said = refusalsOf(facts, "tls-client-cert-required");
  const [first] = said;
  if (first === undefined || controlHandshakes(facts).length === 0) return null;
  return {
    kind: "present",
    confidence: "certain",
    at: "client",
    args: controlArgs([...new Set(said.map(({ at }) => at))], facts),
    because: [...new Set(said.map(({ record }) => record))],
    seen: [...new Set(said.map(({ to, quote }) => `${to}: ${quote}`))].slice(0, 3),
    rivals: [],
  };
}
