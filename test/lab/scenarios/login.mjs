import { SERVER } from "../addresses.mjs";
import { ALL_WORK, IN_CLEAR, withEachProduct } from "../scenario.mjs";

/**
 * The session ends at the login.
 * @param {string} id
 * @param {"broken" | "undetermined"} [verdict]
 * @returns {import("../scenario.mjs").Expected}
 */
function noLogin(id, verdict = "broken") {
  return { verdict, causes: [id], control: { [SERVER]: "ready" }, modes: {} };
}

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "wrong-password",
    title: "the password is wrong",
    server: { product },
    login: { user: "lab", password: "wrong" },
    options: IN_CLEAR,
    expect: noLogin("auth-rejected"),
  })),
  {
    name: "pure-ftpd-login-withheld",
    title: "Pure-FTPd: it lists AUTH TLS, so an account's password is not sent in clear without the user's word",
    server: { product: "pure-ftpd" },
    login: { user: "lab", password: "right" },
    // The login that is asked for is one in clear; under TLS there would be nothing to withhold.
    options: ["--security", "none"],
    ownDecision: true,
    expect: { verdict: "undetermined", causes: [], control: { [SERVER]: "ready" }, modes: {} },
  },
  {
    name: "proftpd-login-without-tls",
    title:
      "ProFTPD: it has no TLS and says so twice, in its features and to AUTH; an account's password then goes in clear",
    server: { product: "proftpd", accounts: "named" },
    login: { user: "lab", password: "right" },
    ownDecision: true,
    expect: { verdict: "healthy", causes: ["tls-not-supported"], modes: ALL_WORK },
  },
  ...withEachProduct((product) => ({
    name: "no-anonymous",
    title: "no credentials were given, and the server wants some",
    server: { product, accounts: "named" },
    expect: noLogin("auth-rejected", "undetermined"),
  })),
  {
    name: "vsftpd-anonymous-only",
    title: "vsftpd: an account was given to a server for anonymous visitors alone",
    server: { product: "vsftpd", accounts: "anonymous" },
    login: { user: "lab", password: "right" },
    expect: noLogin("auth-rejected"),
  },
  {
    name: "vsftpd-writable-chroot",
    title: "vsftpd: the account's home is writable and vsftpd locks it in there",
    server: { product: "vsftpd", options: { chroot_local_user: "YES" } },
    login: { user: "lab", password: "right" },
    expect: { ...noLogin("auth-chroot-writable-root"), notCauses: ["auth-rejected", "srv-session-crash"] },
  },
  {
    name: "vsftpd-no-home",
    title: "vsftpd: the account's home does not exist",
    server: { product: "vsftpd" },
    login: { user: "homeless", password: "right" },
    expect: { ...noLogin("auth-home-inaccessible"), notCauses: ["auth-rejected", "srv-session-crash"] },
  },
  {
    name: "vsftpd-no-such-folder",
    title: "vsftpd: the folder asked for does not exist; everything else is in order",
    server: { product: "vsftpd" },
    target: `ftp://${SERVER}/no/such/folder`,
    expect: {
      verdict: ["healthy", "degraded", "broken"],
      causes: ["path-or-permission"],
      notCauses: ["auth-home-inaccessible", "pasv-disabled"],
      modes: ALL_WORK,
    },
  },
];
