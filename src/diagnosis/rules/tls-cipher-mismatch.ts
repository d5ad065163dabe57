import type { AgreedTls, CertificateRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import {
  certificateSeverity,
  type ShownCertificate,
  shownCertificates,
  weakAuthorities,
  weaknessesOf,
  withheldWords,
} from "../facts/certificate-facts.ts";
import { controlArgsOf } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { completed, failuresOfKind, seenFailure, TOO_WEAK } from "../facts/handshake-failure.ts";
import { noTlsSeverity, spoken, withoutHandshake } from "../facts/tls-control.ts";
import { mendControl } from "../words/mend.ts";
import { watchHandshake } from "../words/next.ts";

/** Server and client have no cipher in common, or what the server uses is too weak for many clients. */
export const tlsCipherMismatch = defineRule({
  id: "tls-cipher-mismatch",
  title: "The server's TLS is too weak for today's clients",
  since: "0.1.0",
  needs: ["secure"],
  references: [
    "NIST SP 800-131A",
    "vsftpd.conf(5) ssl_ciphers",
    "Pure-FTPd MSG_TLS_WEAK",
    "https://github.com/mimecuvalo/fireftp/issues/143",
  ],
  meaning: [
    'Client and server must agree on a cipher, and both must find keys and signatures strong enough. Old settings fail at that: vsftpd\'s old default ssl_ciphers=DES-CBC3-SHA, Diffie-Hellman groups of 1024 bits, RSA keys below 2048 bits, certificates signed with SHA-1. The handshake ends with handshake_failure, "no shared cipher" or "dh key too small"; where this machine still accepts it, stricter clients do not.',
    "To mend it, let the server offer modern ciphers (vsftpd ssl_ciphers=HIGH, ProFTPD TLSCipherSuite, Pure-FTPd TLSCipherSuite), a group of 2048 bits, and a certificate of 2048 bits or more signed with SHA-256.",
  ].join("\n\n"),
  severity(facts, { failed, withheld }): Severity {
    if (failed === true) return noTlsSeverity(facts);
    return withheld === true ? certificateSeverity(facts) : "warning";
  },
  judge(facts) {
    const missing = withoutHandshake(facts);
    if (missing !== null) return missing;
    return judgeFailed(facts) ?? judgeWeak(facts);
  },
  describe: (args, facts) => ({
    summary:
      args["failed"] === true
        ? `The TLS handshake with ${args["host"]} fails: the server uses ${args["weak"]}.`
        : `${args["host"]} uses ${args["weak"]}, which stricter clients refuse.`,
    explanation:
      args["failed"] === true
        ? `The two sides began to talk TLS, and then one of them found the other's keys or ciphers too weak. Nothing on the way is at fault.${newKey(args)}`
        : `TLS came about from here, but the current security settings of many systems and clients (OpenSSL's security level 2, which Debian, Ubuntu and others set; Windows; GnuTLS) do not accept that any more.${newKey(args)}${withheldWords(args)}`,
    remedies: mendControl(facts, args, {
      server: args["certificate"] === true ? ["tls-certificate"] : ["tls-ciphers"],
    }),
  }),
});

/** Renewed with the old key, or by the old authority, a certificate is as weak again. */
function newKey({ certificate }: Args): string {
  return certificate === true
    ? " The next certificate needs a key of 2048 bits or more (RSA) or an elliptic one, and a signature with SHA-256; so do those above it in the chain."
    : "";
}

/** The handshake failed over it; null where none did. */
function judgeFailed(facts: Facts): Judgement | null {
  const failures = failuresOfKind(facts, "cipher");
  if (failures === null) return null;
  const { first, args, because } = failures;
  const weak = first.weakness ?? "other ciphers or keys than a client of today accepts";
  return {
    kind: "present",
    confidence: first.confidence,
    at: "tls",
    args: { ...args, failed: true, weak, certificate: weak.includes("certificate") },
    because,
    seen: seenFailure(first, first.trials.filter(completed)),
    rivals:
      first.confidence === "certain"
        ? []
        : [
            {
              cause: "tls-not-configured",
              toTellApart: "Does the server's log speak of a certificate or a key that cannot be read?",
            },
          ],
    next: [watchHandshake(first, facts)],
  };
}

/** It works here with something that others refuse. */
function judgeWeak(facts: Facts): Judgement {
  const found = shownCertificates(facts).flatMap((shown) => {
    const weak = [...weaknessesOf(shown.agreed), ...weakTerms(shown.agreed)];
    return weak.length === 0 ? [] : [{ ...shown, weak }];
  });
  const [first] = found;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "certain",
    at: "tls",
    args: {
      ...controlArgsOf(found, facts),
      failed: false,
      weak: listed([...new Set(first.weak)]),
      certificate: weaknessesOf(first.agreed).length > 0,
      withheld:
        facts.addresses.some(({ logins }) => logins.some(({ result }) => result === "withheld")) && isRefused(first),
    },
    because: found.map(({ secure }) => secure.id),
    seen: [
      ...(first.leaf === null ? [] : [`certificate: ${strengthOf(first.leaf)}`]),
      ...weakAuthorities(first.agreed)
        .slice(0, 1)
        .map((each) => `its authority's (${each.subject}): ${strengthOf(each)}`),
      `agreed on ${first.agreed.version}, ${first.agreed.cipher}`,
    ],
    rivals: [],
  };
}

function strengthOf({ keyType, keyBits, signature }: CertificateRecord): string {
  const bits = keyBits === null ? "" : ` of ${keyBits} bits`;
  return `${keyType ?? "unknown"} key${bits}, signed with ${signature ?? "an unknown algorithm"}`;
}

/** Whether verification refuses the certificate for its weakness alone: for another reason another finding speaks of it. */
function isRefused({ agreed }: ShownCertificate): boolean {
  const codes = agreed.problems.map(({ code }) => code);
  return codes.some((code) => code in TOO_WEAK || (code === "UNSPECIFIED" && weaknessesOf(agreed).length > 0));
}

function weakTerms({ version, cipher, problems }: AgreedTls): string[] {
  const reason = problems.flatMap(({ code }) => TOO_WEAK[code] ?? []);
  return [
    ...reason,
    ...(version === "TLSv1" || version === "TLSv1.1" ? [`${spoken(version)} as its protocol`] : []),
    ...(/_(?:3DES|DES|RC4|RC2|IDEA|NULL|EXPORT)_/.test(cipher) ? [`the cipher ${cipher}`] : []),
  ];
}
