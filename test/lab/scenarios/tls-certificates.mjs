import { NAME, SERVER } from "../addresses.mjs";
import { ALL_WORK, asTls, bothWays, withEachProduct } from "../scenario.mjs";

/** @typedef {import("../certificates.mjs").CertificateKind} CertificateKind */

const ALL = [
  "tls-cert-expired",
  "tls-cert-name",
  "tls-cert-untrusted",
  "tls-cipher-mismatch",
  "tls-version-mismatch",
  "tls-handshake-closed",
];

/**
 * What an anonymous visitor finds: everything works, and who verifies certificates stays out.
 * @param {string[]} causes
 * @returns {import("../scenario.mjs").Expected}
 */
function warned(...causes) {
  return {
    verdict: "degraded",
    causes,
    notCauses: ALL.filter((id) => !causes.includes(id)),
    modes: bothWays(ALL_WORK),
  };
}

/**
 * A real password is not sent to whoever cannot prove to be the server.
 * @param {string} cause
 * @returns {import("../scenario.mjs").Expected}
 */
function withheld(cause) {
  return { verdict: "undetermined", causes: [cause], notCauses: ["auth-rejected", "auth-tls-required"], modes: {} };
}

/**
 * @param {CertificateKind} certificate
 * @param {import("../servers.mjs").Server["product"]} product
 */
function serving(certificate, product) {
  return { product, tls: { certificate } };
}

const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });

/** Certificates with which something is wrong. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "tls-expired",
    title: "the certificate has expired",
    server: serving("expired", product),
    trustsLab: true,
    expect: warned("tls-cert-expired"),
  })),
  {
    name: "proftpd-tls-not-yet-valid",
    title: "ProFTPD: the certificate is not valid yet",
    server: serving("not-yet-valid", "proftpd"),
    trustsLab: true,
    expect: warned("tls-cert-expired"),
  },
  ...withEachProduct((product) => ({
    name: "tls-wrong-name",
    title: "the certificate is for the hosting company's own host name",
    server: serving("wrong-name", product),
    target: NAME,
    options: ["--family", "4"],
    trustsLab: true,
    expect: warned("tls-cert-name"),
  })),
  ...withEachProduct((product) => ({
    name: "tls-self-signed",
    title: "the certificate is signed by nobody but itself",
    server: serving("self-signed", product),
    expect: warned("tls-cert-untrusted"),
  })),
  {
    name: "vsftpd-tls-own-authority",
    title: "vsftpd: the certificate is signed by an authority that the client does not know",
    server: serving("good", "vsftpd"),
    expect: warned("tls-cert-untrusted"),
  },
  {
    name: "pure-ftpd-tls-missing-intermediate",
    title: "Pure-FTPd: the intermediate certificate is not sent",
    server: serving("missing-intermediate", "pure-ftpd"),
    trustsLab: true,
    expect: warned("tls-cert-untrusted"),
  },
  {
    name: "proftpd-tls-wrong-name-implicit",
    title: "ProFTPD: implicit TLS with a certificate for another host",
    server: { product: "proftpd", tls: { certificate: "wrong-name", implicit: true } },
    target: `ftps://${NAME}`,
    options: ["--family", "4"],
    trustsLab: true,
    expect: { ...warned("tls-cert-name"), modes: asTls(ALL_WORK) },
  },
  ...withEachProduct((product) => ({
    name: "tls-withheld-self-signed",
    title: "an account's password is not sent over TLS whose certificate nobody vouches for",
    server: { ...serving("self-signed", product), accounts: "named" },
    login: ACCOUNT,
    ownDecision: true,
    expect: withheld("tls-cert-untrusted"),
  })),
  {
    name: "vsftpd-tls-withheld-expired",
    title: "vsftpd: an account's password is not sent over TLS with an expired certificate",
    server: { ...serving("expired", "vsftpd"), accounts: "named" },
    login: ACCOUNT,
    trustsLab: true,
    ownDecision: true,
    expect: withheld("tls-cert-expired"),
  },
  {
    name: "proftpd-tls-withheld-wrong-name",
    title: "ProFTPD: an account's password is not sent to a server with another's certificate",
    server: { ...serving("wrong-name", "proftpd"), accounts: "named" },
    target: `ftpes://${NAME}`,
    options: ["--family", "4"],
    login: ACCOUNT,
    trustsLab: true,
    ownDecision: true,
    expect: withheld("tls-cert-name"),
  },
  {
    name: "pure-ftpd-tls-insecure-self-signed",
    title: "Pure-FTPd: the same password is sent where the user says so (--insecure)",
    server: { ...serving("self-signed", "pure-ftpd"), accounts: "named" },
    login: ACCOUNT,
    options: ["--insecure"],
    expect: { ...warned("tls-cert-untrusted"), modes: asTls(ALL_WORK) },
  },
  {
    name: "vsftpd-tls-insecure-wrong-name",
    title: "vsftpd: a certificate for another host, and --insecure",
    server: { ...serving("wrong-name", "vsftpd"), accounts: "named" },
    target: NAME,
    login: ACCOUNT,
    trustsLab: true,
    options: ["--insecure", "--family", "4"],
    expect: { ...warned("tls-cert-name"), modes: asTls(ALL_WORK) },
  },
  {
    name: "vsftpd-tls-tiny-key",
    title: "vsftpd: an RSA key of 512 bits, which no client of today takes",
    server: {
      product: "vsftpd",
      tls: { certificate: "tiny-key", weak: true, versions: { from: "TLSv1.2", to: "TLSv1.2" } },
    },
    target: `ftpes://${SERVER}`,
    trustsLab: true,
    expect: { ...warned("tls-cipher-mismatch"), modes: asTls(ALL_WORK) },
  },
  {
    name: "vsftpd-tls-weak-key",
    title: "vsftpd: an RSA key of 1024 bits, which works here and not with stricter clients",
    server: { product: "vsftpd", tls: { certificate: "weak-key", weak: true } },
    trustsLab: true,
    expect: warned("tls-cipher-mismatch"),
  },
  {
    name: "proftpd-tls-weak-signature",
    title: "ProFTPD: the certificate is signed with SHA-1",
    server: { product: "proftpd", tls: { certificate: "weak-signature", weak: true } },
    trustsLab: true,
    expect: warned("tls-cipher-mismatch"),
  },
  {
    name: "pure-ftpd-tls-withheld-weak-signature",
    title: "Pure-FTPd: a certificate signed with SHA-1 is refused, and an account's password not sent",
    server: { product: "pure-ftpd", tls: { certificate: "weak-signature", weak: true }, accounts: "named" },
    login: ACCOUNT,
    trustsLab: true,
    ownDecision: true,
    expect: withheld("tls-cipher-mismatch"),
  },
  {
    name: "pure-ftpd-tls-ending",
    title: "Pure-FTPd: the certificate is good, and over in five days",
    server: serving("ending", "pure-ftpd"),
    trustsLab: true,
    expect: warned("tls-cert-expired"),
  },
];
