import type { AgreedTls, CertificateRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { weakDigestOf } from "../../model/weak-digest.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { controlArgsOf } from "./control-facts.ts";
import type { AddressFacts, Facts } from "./facts.ts";
import { type ControlHandshake, controlHandshakes, withoutHandshake } from "./tls-control.ts";
import { heardUnderTls } from "./under-tls.ts";

/** A certificate that a server showed on its control connection, and what verification said of it. */
export interface ShownCertificate extends ControlHandshake {
  /** What the handshake agreed on. */
  agreed: AgreedTls;
  /** The server's own certificate; null where it sent none. */
  leaf: CertificateRecord | null;
}

/** Every certificate that an address let us see, each once: behind a balancer there may be several. */
export function shownCertificates(facts: Facts): ShownCertificate[] {
  return facts.addresses.flatMap((address) => {
    if (isOfAnother(address)) return [];
    const shown = controlHandshakes(facts).flatMap((made): ShownCertificate[] => {
      const { agreed } = made.handshake;
      if (made.address !== address || agreed === null || agreed.resumed) return [];
      return [{ ...made, agreed, leaf: agreed.certificates[0] ?? null }];
    });
    return shown.filter((each, index) => shown.findIndex((other) => isSame(each, other)) === index);
  });
}

function isSame(one: ShownCertificate, other: ShownCertificate): boolean {
  return one.leaf?.fingerprint256 === other.leaf?.fingerprint256;
}

/** Whether TLS came about and no FTP server was met under it: the certificate is another service's. */
function isOfAnother(address: AddressFacts): boolean {
  const met = address.control === "silent" || address.control === "not-ftp" ? heardUnderTls(address) : null;
  return met !== null && !met.greeted;
}

/** What a rule about certificates answers where none was seen; null where one was. */
export function withoutCertificate(facts: Facts): Judgement | null {
  if (shownCertificates(facts).length > 0) return null;
  if (facts.addresses.some(isOfAnother)) return { kind: "undetermined", missing: "no FTP server was met under TLS" };
  return withoutHandshake(facts) ?? { kind: "undetermined", missing: "no handshake got as far as a certificate" };
}

/**
 * A bad certificate is no obstacle to who does not look at it: works here, and fails for every client that verifies. Where the login
 * was withheld because of it, nothing works for who asked.
 */
export function certificateSeverity(facts: Facts): Severity {
  return facts.loggedIn || facts.addresses.every(({ logins }) => logins.every(({ result }) => result !== "withheld"))
    ? "warning"
    : "error";
}

/** The values that all words about a certificate need. */
export function certificateArgs(shown: readonly ShownCertificate[], facts: Facts): Args {
  const [first] = shown;
  const addresses = [...new Set(shown.map(({ address }) => address))];
  const all = shownCertificates(facts).filter(({ address }) => addresses.includes(address));
  return {
    ...controlArgsOf(shown, facts),
    // Another connection to the same address was shown one with which all is well.
    sometimes: all.length > shown.length,
    subject: first?.leaf?.subject ?? null,
    issuer: first?.leaf?.issuer ?? null,
    names: first?.leaf?.names ?? [],
    notBefore: first?.leaf?.notBefore ?? null,
    notAfter: first?.leaf?.notAfter ?? null,
    store: first?.agreed.store ?? null,
    withheld: facts.addresses.some(({ logins }) => logins.some(({ result }) => result === "withheld")),
  };
}

/** Reasons of OpenSSL that have nothing to do with who vouches for a certificate: the name, the dates, the strength. */
export const NOT_OF_TRUST =
  /^(?:ERR_TLS_CERT_ALTNAME_INVALID|CERT_(?:HAS_EXPIRED|NOT_YET_VALID)|(?:EE|CA)_(?:KEY_TOO_SMALL|MD_TOO_WEAK))$/;

/** Whether it could be that nothing is amiss with the certificates but their authority: a further root is then the way out. */
export function lacksRootAlone(facts: Facts): boolean {
  const codes = shownCertificates(facts).flatMap(({ agreed }) =>
    agreed.problems.map(({ code }) => NOT_OF_TRUST.test(code) || weaknessesOf(agreed).length > 0),
  );
  return codes.length > 0 && !codes.includes(true);
}

/**
 * The file of `--ca-file` where clients need it too: not where the roots that come with every client vouch for the server, which a
 * client that is given a file may trust no more, and not where the file does not help. `at` is the address in question.
 */
export function neededRoots(facts: Facts, at: AddressFacts | undefined): string | null {
  const { caFile = null } = facts.evidence.policy;
  const needless = shownCertificates(facts).some(
    ({ address, agreed: { root, problems } }) =>
      (at === undefined || address === at) &&
      (root === "bundled" || problems.some(({ code }) => !NOT_OF_TRUST.test(code))),
  );
  return needless ? null : caFile;
}

/** `Checked against the roots that come with Node.js and those of --ca-file.` */
export function storeWords({ store }: Args): string {
  return store === "bundled+ca-file"
    ? "It was checked against the root certificates that come with Node.js and those of --ca-file."
    : "It was checked against the root certificates that come with Node.js, not against this machine's own store; --ca-file adds others.";
}

/** That it is one machine of several; empty where every connection was shown it. */
export function sometimesWords({ sometimes }: Args): string {
  return sometimes === true
    ? " Other connections to the same address were shown another certificate, so several machines answer there, and not all of them are set up alike."
    : "";
}

/** What became of the login because of it; empty where it was sent. */
export function withheldWords({ withheld }: Args): string {
  return withheld === true
    ? " The password was therefore not sent; --insecure sends it all the same, and whoever stands in the way can then read it."
    : "";
}

/** `certificate: CN=ftp.example.com, issued by CN=An authority`. */
export function quoteCertificate({ subject, issuer, selfSigned }: CertificateRecord): string {
  return `certificate: ${subject || "no subject"}, ${selfSigned ? "signed by itself" : `issued by ${issuer || "nobody named"}`}`;
}

/** `SHA-256 of the certificate: AA:BB:...`: what an administrator compares before somebody trusts it. */
export function quoteFingerprint({ fingerprint256 }: CertificateRecord, whose = "the certificate"): string {
  return `SHA-256 of ${whose}: ${fingerprint256}`;
}

/** What verification said, as `seen`. */
export function quoteProblems({ problems }: Pick<AgreedTls, "problems">): string[] {
  return problems.map(({ code }) => `verification: ${code}`);
}

/** Shorter RSA and DSA keys are refused by systems of today (NIST SP 800-131A). */
const RSA_BITS = 2048;

/**
 * What of the certificates themselves systems of today refuse, in words; empty where nothing is. Those above the server's own count where
 * verification minds: a chain may bring one along that nobody needs, and a root is trusted as it is.
 */
export function weaknessesOf(agreed: Pick<AgreedTls, "certificates" | "problems">): string[] {
  return [
    ...agreed.certificates
      .slice(0, 1)
      .flatMap((leaf) => [
        ...weakKey(leaf).map((key) => `a ${key}`),
        ...weakSignature(leaf).map((by) => `a certificate ${by}`),
      ]),
    ...weakAuthorities(agreed)
      .flatMap((each) => [...weakKey(each).map((key) => `with a ${key}`), ...weakSignature(each)])
      .map((what) => `an authority's certificate ${what}`),
  ];
}

/** The certificates above the server's own that systems of today refuse, where verification minds. */
export function weakAuthorities({
  certificates,
  problems,
}: Pick<AgreedTls, "certificates" | "problems">): CertificateRecord[] {
  const minds = problems.some(({ code }) => /^(?:UNSPECIFIED|CA_)/.test(code));
  return certificates
    .slice(1)
    .filter((each) => minds && !each.selfSigned && [...weakKey(each), ...weakSignature(each)].length > 0);
}

function weakKey({ keyType, keyBits }: CertificateRecord): string[] {
  const short = (keyType === "rsa" || keyType === "dsa") && keyBits !== null && keyBits < RSA_BITS;
  return short ? [`key of only ${keyBits} bits (${String(keyType).toUpperCase()})`] : [];
}

function weakSignature({ signature }: CertificateRecord): string[] {
  const digest = weakDigestOf(signature);
  return digest === null ? [] : [`signed with ${digest}`];
}

/** When a certificate was looked at, in milliseconds of the calendar. */
export function seenAtMs({ secure }: ControlHandshake, facts: Facts): number {
  return Date.parse(facts.evidence.startedAt) + secure.startedMs;
}
