import { type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateRecord } from "../model/evidence.ts";

/** A chain longer than this tells nothing more. */
const CHAIN_AT_MOST = 8;

/** Names of signature algorithms by their object identifier (RFC 5758, 8017, 8410); others are shown as the number. */
const SIGNATURES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};

/** Whether the text is one certificate in PEM. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** SHA-256 of a certificate in PEM, in the notation of Node. */
export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}

/** What a certificate and those above it say, the server's own first. */
export function readChain(certificate: X509Certificate | undefined): CertificateRecord[] {
  const chain: CertificateRecord[] = [];
  const seen = new Set<string>();
  for (let each = certificate; each !== undefined && chain.length < CHAIN_AT_MOST; each = each.issuerCertificate) {
    if (seen.has(each.fingerprint256)) break;
    seen.add(each.fingerprint256);
    chain.push(read(each));
  }
  return chain;
}

function read(certificate: X509Certificate): CertificateRecord {
  const key = keyOf(certificate);
  const details = key?.asymmetricKeyDetails;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesOf(certificate),
    notBefore: isoDate(certificate.validFrom),
    notAfter: isoDate(certificate.validTo),
    keyType: key?.asymmetricKeyType ?? null,
    keyBits: details?.modulusLength ?? null,
    curve: details?.namedCurve ?? null,
    signature: signatureOf(certificate.raw),
    fingerprint256: certificate.fingerprint256,
    selfSigned: certificate.subject === certificate.issuer && certificate.checkIssued(certificate),
  };
}

/** Node throws at a key of a kind that its OpenSSL does not know, which an authority above the server's certificate may well have. */
function keyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

/** Node parts the fields by line feeds; at most 256 characters, since the text is the server's. */
function oneLine(text: string | undefined): string {
  return (text ?? "").split("\n").reverse().join(", ").slice(0, 256);
}

/** DNS names and addresses the certificate is for; the common name where it has none (RFC 6125 section 6.4.4). */
function namesOf({ subjectAltName, subject }: X509Certificate): string[] {
  // Node writes a name with odd characters as a JSON string, commas and quotes in it included.
  const entries = (subjectAltName ?? "").matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)/g);
  const names = [...entries]
    .filter(([, kind]) => kind === "DNS" || kind === "IP Address")
    .map(([, , name = ""]) => unquoted(name).slice(0, 253));
  if (names.length > 0) return names.slice(0, 100);
  const common = /^CN=(.*)$/m.exec(subject ?? "")?.[1];
  return common === undefined ? [] : [common.slice(0, 253)];
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** `Nov 21 07:46:00 2026 GMT` as ISO 8601; null where it is no date. */
function isoDate(text: string): string | null {
  const [, month = "", day = "", time = "", year = ""] =
    /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT$/.exec(text) ?? [];
  const index = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].indexOf(month);
  return index < 0 ? null : `${year}-${String(index + 1).padStart(2, "0")}-${day.padStart(2, "0")}T${time}Z`;
}

/** The signature algorithm, which Node 20 does not tell: the second element of the outer sequence (RFC 5280 section 4.1). */
function signatureOf(der: Uint8Array): string | null {
  const outer = element(der, 0);
  const body = outer === null ? null : element(der, outer.start);
  const algorithm = body === null ? null : element(der, body.end);
  const identifier = algorithm === null ? null : element(der, algorithm.start);
  if (identifier === null || der[algorithm?.start ?? 0] !== 6) return null;
  const number = objectIdentifier(der.subarray(identifier.start, identifier.end));
  return SIGNATURES[number] ?? number;
}

/** Where the contents of the DER element at `at` begin and end; null where it does not fit. */
function element(der: Uint8Array, at: number): { start: number; end: number } | null {
  const first = der[at + 1];
  if (first === undefined) return null;
  const long = first & 0x80 ? first & 0x7f : 0;
  let length = long === 0 ? first : 0;
  for (let index = 0; index < long; index += 1) length = length * 256 + (der[at + 2 + index] ?? 0);
  const start = at + 2 + long;
  return start + length > der.length ? null : { start, end: start + length };
}

function objectIdentifier(bytes: Uint8Array): string {
  const [first = 0, ...rest] = bytes;
  const parts = [Math.floor(first / 40), first % 40];
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      parts.push(value);
      value = 0;
    }
  }
  return parts.join(".");
}
