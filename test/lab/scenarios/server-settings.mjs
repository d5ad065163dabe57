import { ACTIVE_REFUSED, ALL_WORK, inClear } from "../scenario.mjs";

/**
 * Refused because others hold all the sessions there may be.
 * @param {string} id
 * @returns {import("../scenario.mjs").Expected}
 */
function full(id) {
  const other = id === "ctl-max-clients" ? "ctl-max-per-ip" : "ctl-max-clients";
  return {
    verdict: "broken",
    causes: [id],
    notCauses: [other, "auth-rejected"],
    severities: { [id]: "critical" },
    modes: {},
  };
}

/** A session held from the router's address fills the server for everybody, one from the client's for the client alone. */
const HELD_BY_OTHERS = /** @type {const} */ ({ from: "router", sessions: 1 });
const HELD_BY_CLIENT = /** @type {const} */ ({ from: "client", sessions: 1 });

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "vsftpd-passive-disabled",
    title: "vsftpd: pasv_enable=NO",
    server: { product: "vsftpd", options: { pasv_enable: "NO" } },
    expect: {
      verdict: "broken",
      causes: ["pasv-disabled"],
      notCauses: ["epsv-rejected", "path-or-permission", "pasv-server-listen-failed"],
      severities: { "pasv-disabled": "error" },
      modes: inClear({ epsv: "refused", pasv: "refused", eprt: "works", port: "works" }),
    },
  },
  {
    name: "vsftpd-active-disabled",
    title: "vsftpd: port_enable=NO",
    server: { product: "vsftpd", options: { port_enable: "NO" } },
    expect: {
      verdict: "healthy",
      causes: ["port-disabled"],
      notCauses: ["port-private-address", "eprt-unsupported", "path-or-permission"],
      severities: { "port-disabled": "notice" },
      modes: ACTIVE_REFUSED,
    },
  },
  {
    name: "vsftpd-full",
    title: "vsftpd: max_clients reached by others",
    server: { product: "vsftpd", options: { max_clients: 1 } },
    held: HELD_BY_OTHERS,
    expect: full("ctl-max-clients"),
  },
  {
    name: "pure-ftpd-full",
    title: "Pure-FTPd: MaxClientsNumber (-c) reached by others",
    server: { product: "pure-ftpd", options: { "-c": 1 } },
    held: HELD_BY_OTHERS,
    expect: full("ctl-max-clients"),
  },
  {
    name: "proftpd-full",
    title: "ProFTPD: MaxClients reached by others, refused at the login",
    server: { product: "proftpd", options: { MaxClients: 1 } },
    held: HELD_BY_OTHERS,
    expect: full("ctl-max-clients"),
  },
  {
    name: "vsftpd-full-for-us",
    title: "vsftpd: max_per_ip reached by other sessions of the client",
    server: { product: "vsftpd", options: { max_per_ip: 1 } },
    held: HELD_BY_CLIENT,
    expect: full("ctl-max-per-ip"),
  },
  {
    name: "pure-ftpd-full-for-us",
    title: "Pure-FTPd: MaxClientsPerIP (-C) reached by other sessions of the client",
    server: { product: "pure-ftpd", options: { "-C": 1 } },
    held: HELD_BY_CLIENT,
    expect: full("ctl-max-per-ip"),
  },
  {
    name: "vsftpd-one-session-each",
    title: "vsftpd: max_per_ip=1, which the tool itself must respect: all modes in one session",
    server: { product: "vsftpd", options: { max_per_ip: 1 } },
    expect: {
      verdict: "healthy",
      causes: ["ctl-max-per-ip"],
      severities: { "ctl-max-per-ip": "notice" },
      modes: ALL_WORK,
    },
  },
];
