import { SERVER } from "../addresses.mjs";
import { rule } from "../firewalls.mjs";
import { ALL_WORK, asTls, bothWays, inClear, withEachProduct } from "../scenario.mjs";

const GOOD = /** @type {const} */ ({ certificate: "good" });
const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });
/** Somebody who has no TLS, or will not have it. */
const WITHOUT_TLS = ["--security", "none", "--allow-cleartext"];
/** A policy that leaves one protection is no harm, or a warning; which of the two is the tool's own decision. */
const HARMLESS = /** @type {const} */ (["healthy", "degraded"]);
const NETWORK = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-disabled", "port-disabled", "data-tls-alg-blind"];
const HANDSHAKE = ["tls-version-mismatch", "tls-cipher-mismatch", "tls-handshake-closed", "tls-client-cert-required"];
/** The mode's own command is taken, and the transfer refused: the tool may call either of them the answer. */
const NEITHER = /** @type {const} */ (["refused", "blocked"]);
const NO_TRANSFER = inClear({ epsv: NEITHER, pasv: NEITHER, eprt: NEITHER, port: NEITHER });

/**
 * What was asked for cannot be had at all.
 * @param {string} cause
 * @returns {import("../scenario.mjs").Expected}
 */
function broken(cause) {
  const notCauses = [...HANDSHAKE, "auth-rejected"].filter((id) => id !== cause);
  return { verdict: "broken", causes: [cause], notCauses, modes: {} };
}

/**
 * TLS is offered and cannot be had; clear text works, for those who may use it.
 * @param {string} cause
 * @returns {import("../scenario.mjs").Expected}
 */
function clearAlone(cause) {
  const notCauses = HANDSHAKE.filter((id) => id !== cause);
  return { verdict: "degraded", causes: [cause], notCauses, modes: ALL_WORK };
}

/** @type {import("../servers.mjs").TlsSettings} */
const OLD = { ...GOOD, versions: { from: "TLSv1", to: "TLSv1" }, weak: true };

/** What servers demand of TLS, and what they lack. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "tls-login-required",
    title: "logins in clear are refused; an anonymous visitor gets in under TLS",
    server: { product, tls: { ...GOOD, required: "login" } },
    trustsLab: true,
    expect: {
      verdict: "healthy",
      // vsftpd has words of its own for anonymous visitors.
      causes: [product === "vsftpd" ? "auth-anonymous-tls" : "auth-tls-required"],
      notCauses: ["auth-rejected", ...NETWORK],
      modes: asTls(ALL_WORK),
    },
  })),
  ...withEachProduct((product) => ({
    name: "tls-login-required-without",
    title: "logins in clear are refused, and the account comes in clear",
    server: { product, accounts: "named", tls: { ...GOOD, required: "login" } },
    login: ACCOUNT,
    options: WITHOUT_TLS,
    expect: broken("auth-tls-required"),
  })),
  {
    name: "vsftpd-tls-not-for-anonymous",
    title: "vsftpd: anonymous visitors may not use TLS (allow_anon_ssl=NO, as it is by default)",
    server: { product: "vsftpd", tls: GOOD, options: { allow_anon_ssl: "NO" } },
    trustsLab: true,
    expect: {
      verdict: HARMLESS,
      causes: ["auth-anonymous-tls"],
      notCauses: ["auth-rejected", "auth-tls-required", ...NETWORK],
      modes: ALL_WORK,
    },
  },
  {
    name: "vsftpd-tls-not-for-anonymous-explicit",
    title: "vsftpd: anonymous visitors may not use TLS, and one comes under TLS alone",
    server: { product: "vsftpd", tls: GOOD, options: { allow_anon_ssl: "NO" } },
    target: `ftpes://${SERVER}`,
    trustsLab: true,
    expect: { ...broken("auth-anonymous-tls"), verdict: ["broken", "undetermined"] },
  },
  ...["vsftpd", "proftpd"].map((product) => ({
    name: `${product}-tls-data-required`,
    title: `${product}: logins in clear are taken, transfers in clear are not`,
    server: {
      product: /** @type {"vsftpd" | "proftpd"} */ (product),
      tls: { ...GOOD, required: /** @type {const} */ ("data") },
    },
    trustsLab: /** @type {const} */ (true),
    expect: {
      verdict: HARMLESS,
      causes: ["data-tls-prot-p-required"],
      notCauses: NETWORK,
      modes: { ...NO_TRANSFER, ...asTls(ALL_WORK) },
    },
  })),
  {
    name: "vsftpd-tls-data-required-without",
    title: "vsftpd: an account in clear is let in, and gets no transfer in clear",
    server: { product: "vsftpd", accounts: "named", tls: { ...GOOD, required: "data" } },
    login: ACCOUNT,
    options: WITHOUT_TLS,
    expect: { verdict: "broken", causes: ["data-tls-prot-p-required"], notCauses: NETWORK, modes: NO_TRANSFER },
  },
  ...withEachProduct((product) => ({
    name: "tls-switched-off",
    title: "TLS is asked for, and switched off at the server",
    server: { product },
    target: `ftpes://${SERVER}`,
    expect: broken("tls-not-supported"),
  })),
  ...withEachProduct((product) => ({
    name: "tls-switched-off-account",
    title: "an account's password is to go under TLS, and the server has none; Pure-FTPd lists it all the same",
    server: { product, accounts: "named" },
    target: `ftpes://${SERVER}`,
    login: ACCOUNT,
    expect: broken("tls-not-supported"),
  })),
  ...["vsftpd", "proftpd"].map((product) => ({
    name: `${product}-tls-old-version`,
    title: `${product}: TLS 1.0 and nothing newer, which clients of today refuse`,
    server: { product: /** @type {"vsftpd" | "proftpd"} */ (product), tls: OLD },
    trustsLab: /** @type {const} */ (true),
    expect: clearAlone("tls-version-mismatch"),
  })),
  {
    name: "proftpd-tls-old-version-explicit",
    title: "ProFTPD: TLS 1.1 and nothing newer, for a client that has no other way",
    server: { product: "proftpd", tls: { ...OLD, versions: { from: "TLSv1.1", to: "TLSv1.1" } } },
    target: `ftpes://${SERVER}`,
    trustsLab: true,
    expect: broken("tls-version-mismatch"),
  },
  {
    name: "vsftpd-tls-odd-cipher",
    title: "vsftpd: the one cipher it takes is offered by no client (ssl_ciphers)",
    server: {
      product: "vsftpd",
      tls: { ...GOOD, versions: { from: "TLSv1.2", to: "TLSv1.2" } },
      options: { ssl_ciphers: "CAMELLIA256-SHA" },
    },
    trustsLab: true,
    expect: clearAlone("tls-cipher-mismatch"),
  },
  {
    name: "proftpd-tls-odd-cipher",
    title: "ProFTPD: the one cipher it takes is offered by no client (TLSCipherSuite)",
    server: {
      product: "proftpd",
      tls: { ...GOOD, versions: { from: "TLSv1.2", to: "TLSv1.2" } },
      options: { TLSCipherSuite: "CAMELLIA256-SHA" },
    },
    target: `ftpes://${SERVER}`,
    trustsLab: true,
    expect: broken("tls-cipher-mismatch"),
  },
  {
    name: "proftpd-tls-client-certificate",
    title: "ProFTPD: clients must show a certificate of their own (TLSVerifyClient on)",
    server: { product: "proftpd", tls: GOOD, options: { TLSVerifyClient: "on" } },
    target: `ftpes://${SERVER}`,
    trustsLab: true,
    expect: broken("tls-client-cert-required"),
  },
  {
    name: "vsftpd-tls-client-certificate",
    title: "vsftpd: clients must show a certificate of their own (require_cert=YES)",
    server: { product: "vsftpd", tls: GOOD, options: { require_cert: "YES" } },
    trustsLab: true,
    expect: clearAlone("tls-client-cert-required"),
  },
  {
    name: "pure-ftpd-tls-client-certificate",
    title: "Pure-FTPd: clients must show a certificate of their own (TLSCipherSuite -C:...)",
    server: { product: "pure-ftpd", tls: GOOD, options: { "-J": "-C:HIGH" } },
    trustsLab: true,
    expect: clearAlone("tls-client-cert-required"),
  },
  {
    name: "proftpd-tls-no-certificate",
    title: "ProFTPD: TLS is switched on, and its certificate is missing",
    server: { product: "proftpd", options: { LoadModule: "mod_tls.c", TLSEngine: "on" } },
    target: `ftpes://${SERVER}`,
    expect: broken("tls-not-configured"),
  },
  {
    name: "ftpd-ssl-tls-no-certificate",
    title: "BSD ftpd: it has no certificate and takes AUTH all the same; OpenSSL then finds no cipher",
    server: { product: "ftpd-ssl" },
    target: `ftpes://${SERVER}`,
    // OpenSSL says the same of both, and the server takes no version that would tell them apart.
    expect: { ...broken("tls-cipher-mismatch"), rivals: ["tls-not-configured"] },
  },
  {
    name: "vsftpd-tls-writable-chroot",
    title: "vsftpd under TLS: the account's home is writable; its last words come in clear amid TLS",
    server: { product: "vsftpd", accounts: "named", tls: GOOD, options: { chroot_local_user: "YES" } },
    login: ACCOUNT,
    trustsLab: true,
    expect: { ...broken("auth-chroot-writable-root"), notCauses: ["auth-rejected", "srv-session-crash"] },
  },
  {
    name: "vsftpd-tls-crash",
    title: "vsftpd under TLS: its session ends with words in clear that no rule knows",
    server: {
      product: "vsftpd",
      accounts: "named",
      tls: GOOD,
      options: { chroot_list_enable: "YES", chroot_list_file: "/no/such/file" },
    },
    login: ACCOUNT,
    trustsLab: true,
    expect: { ...broken("srv-session-crash"), notCauses: ["auth-rejected", "auth-chroot-writable-root"] },
  },
  ...modeMismatches(),
  ...withEachProduct((product) => ({
    name: "tls-healthy-matrix",
    title: "everything about TLS is tried (--tls-matrix), and nothing is wrong",
    server: { product, tls: GOOD },
    options: ["--tls-matrix"],
    trustsLab: true,
    expect: { verdict: "healthy", causes: [], modes: bothWays(ALL_WORK) },
  })),
];

/**
 * Asked for the wrong kind of TLS, the tool may go on under what the port does speak: for an anonymous visitor there is no harm in it.
 * @returns {import("../scenario.mjs").Scenario[]}
 */
function modeMismatches() {
  const expect = {
    ...broken("tls-mode-mismatch"),
    verdict: /** @type {const} */ (["degraded", "broken"]),
    notCauses: ["ctl-no-banner", "ctl-protocol-violation", "ctl-wrong-service", ...HANDSHAKE],
  };
  return [
    {
      name: "vsftpd-tls-from-first-byte-on-21",
      title: "vsftpd: TLS from the first byte on port 21, where the client waits for a greeting",
      server: { product: "vsftpd", tls: { ...GOOD, implicit: true }, port: 21, options: { listen_port: 21 } },
      trustsLab: true,
      expect: { ...expect, modes: asTls(ALL_WORK) },
    },
    {
      name: "proftpd-tls-explicit-asked-on-990",
      title: "ProFTPD: TLS from the first byte on port 990, where the client asks for it by AUTH (ftpes://)",
      server: { product: "proftpd", tls: { ...GOOD, implicit: true } },
      target: `ftpes://${SERVER}:990`,
      trustsLab: true,
      ownDecision: true,
      expect: { ...expect, modes: asTls(ALL_WORK) },
    },
    {
      name: "vsftpd-tls-clear-on-990",
      title: "vsftpd: no TLS on port 990, where the client begins with it (ftps://)",
      server: { product: "vsftpd", port: 990, options: { listen_port: 990 } },
      target: `ftps://${SERVER}`,
      trustsLab: true,
      ownDecision: true,
      expect: { ...expect, modes: ALL_WORK },
    },
    {
      name: "vsftpd-tls-clear-on-990-account",
      title: "vsftpd: no TLS on port 990, where an account's password is to go under it",
      server: { product: "vsftpd", accounts: "named", port: 990, options: { listen_port: 990 } },
      target: `ftps://${SERVER}`,
      login: ACCOUNT,
      trustsLab: true,
      ownDecision: true,
      expect: { ...expect, verdict: ["broken", "undetermined"] },
    },
    {
      name: "pure-ftpd-tls-implicit-asked-on-21",
      title: "Pure-FTPd: explicit TLS on port 21, where the client begins with TLS (ftps://...:21)",
      server: { product: "pure-ftpd", tls: GOOD },
      target: `ftps://${SERVER}:21`,
      trustsLab: true,
      ownDecision: true,
      expect: { ...expect, modes: bothWays(ALL_WORK) },
    },
    {
      name: "vsftpd-tls-implicit-asked-on-closed-990",
      title: "vsftpd: explicit TLS on port 21 alone, where the client calls port 990 (ftps://)",
      server: { product: "vsftpd", tls: GOOD },
      target: `ftps://${SERVER}`,
      trustsLab: true,
      ownDecision: true,
      mended: { "ctl-refused": { on: [], because: "the remedy is for the client: explicit TLS on port 21" } },
      expect: { ...broken("ctl-refused"), says: ["port 21 of the same host", "ftpes://"] },
    },
    {
      name: "proftpd-tls-implicit-asked-on-dropped-990",
      title: "ProFTPD: explicit TLS on port 21 alone, and a firewall that drops port 990, which the client calls",
      server: { product: "proftpd", tls: GOOD },
      firewall: { router: rule("forward", "tcp dport 990 drop") },
      target: `ftps://${SERVER}`,
      trustsLab: true,
      ownDecision: true,
      mended: { "ctl-timeout": { on: [], because: "the remedy is for the client: explicit TLS on port 21" } },
      expect: { ...broken("ctl-timeout"), says: ["port 21 of the same host", "ftpes://"] },
    },
  ];
}
