import { realFiles } from "../system/files.ts";
import { UsageProblem } from "./problem.ts";
import { shown } from "./values.ts";

/** All roots of the world are half a megabyte. */
const CA_FILE_BYTES = 4 * 1024 * 1024;
const BEGIN = "-----BEGIN CERTIFICATE-----";
const TO_PEM = "openssl x509 -inform der -in FILE -out FILE.pem makes PEM of a certificate";

/** What else people have in PEM, by the label behind BEGIN (RFC 7468); nothing of the file itself is ever repeated. */
const OTHER_LABELS: readonly (readonly [label: RegExp, is: string])[] = [
  [
    /PRIVATE KEY$/,
    "holds a private key and no certificate; give the authority's certificate, and keep the key to yourself",
  ],
  [
    /CERTIFICATE REQUEST$/,
    "holds a certificate request and no certificate; give the certificate that the authority made of it",
  ],
  [/^PUBLIC KEY$/, "holds a public key and no certificate; give the authority's certificate"],
  [/^X509 CRL$/, "holds a list of revoked certificates and no certificate; give the authority's certificate"],
  [/^PKCS7$/, "holds certificates in PKCS #7; openssl pkcs7 -print_certs -in FILE -out FILE.pem writes them out"],
  [
    /^TRUSTED CERTIFICATE$/,
    "holds a certificate with OpenSSL's own trust settings; openssl x509 -in FILE -out FILE.pem takes them off",
  ],
];

/**
 * The certificates of `--ca-file`. Each must be one, since a root that is left out silently would make a good server look
 * bad. Throws `UsageProblem`, which says what the file holds and never repeats any of it.
 */
export async function readRoots(path: string | null): Promise<string[] | null> {
  if (path === null) return null;
  let text: string;
  try {
    text = await realFiles.read(path, CA_FILE_BYTES);
  } catch (error) {
    throw new UsageProblem(`--ca-file: ${error instanceof Error ? error.message : "cannot be read"}`);
  }
  const { isCertificate } = await import("../system/certificate.ts");
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const begun = text.split(BEGIN).length - 1;
  if (begun === 0) throw new UsageProblem(`--ca-file ${shown(path)} ${insteadOf(text)}`);
  const bad = certificates.findIndex((each) => !isCertificate(each));
  if (bad >= 0) throw new UsageProblem(`--ca-file ${shown(path)}: certificate ${bad + 1} in it cannot be read`);
  if (begun > certificates.length) {
    throw new UsageProblem(`--ca-file ${shown(path)}: certificate ${begun} in it is cut off; its END line is missing`);
  }
  return certificates;
}

/** What a file without a certificate holds, and what to do. */
function insteadOf(text: string): string {
  if (text.trim() === "") return "is empty; give a file with the authority's certificate in PEM";
  const labels = [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]{1,40})-----/gm)].map(([, label = ""]) => label);
  const other = OTHER_LABELS.find(([pattern]) => labels.some((label) => pattern.test(label)));
  if (other !== undefined) return other[1];
  // The first byte of every certificate in DER, and of every PKCS #12 file, is that of a SEQUENCE; what follows is no text.
  const der = text.startsWith("0") && text.slice(0, 64).includes("\ufffd");
  return der
    ? `holds no certificate in PEM, but binary data (DER or PKCS #12); ${TO_PEM}`
    : `holds no certificate; give a file in PEM (${BEGIN})`;
}
