import { CLIENT, CLIENT_AT_HOME, CLIENT_TOO, PORTS, SERVER } from "../addresses.mjs";
import { NO_HIGH_PORTS, rule, translation } from "../firewalls.mjs";
import { ALL_WORK, inClear, PASSIVE_BLOCKED, withEachProduct } from "../scenario.mjs";

const ACTIVE_PORTS = "50000-50010";

/**
 * A NAT with two addresses outside. Control connections leave through the first; every other data connection through the second.
 * Real ones draw by chance, which would make another truth of every run.
 */
const POOL = translation(
  "postrouting",
  `oifname "wan" tcp dport 21 snat to ${CLIENT}`,
  `oifname "wan" tcp dport ${PORTS} snat to numgen inc mod 2 map { 0 : ${CLIENT_TOO}, 1 : ${CLIENT} }`,
);
/** The same where the address follows the port: two lines to the Internet, one of them for what is not FTP's or the web's. */
const TWO_LINES = translation(
  "postrouting",
  `oifname "wan" tcp dport 21 snat to ${CLIENT}`,
  `oifname "wan" snat to ${CLIENT_TOO}`,
);
const EVERY_OTHER = translation(
  "postrouting",
  `oifname "wan" snat to numgen inc mod 2 map { 0 : ${CLIENT}, 1 : ${CLIENT_TOO} }`,
);
const TWO_ADDRESSES = /** @type {const} */ ({ client: "nat", egress: [CLIENT_TOO] });

/** ProFTPD lets foreign data connections in unless it is told not to. @param {string} product */
function strict(product) {
  return product === "proftpd" ? { options: { AllowForeignAddress: "off" } } : {};
}

/**
 * @param {string} ports that the client's network lets out
 * @param {string} statement
 */
function onlyOut(ports, statement) {
  return rule("forward", `iifname "lan" tcp flags & (syn | ack) == syn tcp dport != { ${ports} } ${statement}`);
}

/** What stands between the client and the Internet. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "client-nat-pool",
    title: "the client's NAT has two addresses, and every other data connection leaves through the wrong one",
    server: { product, ...strict(product) },
    topology: TWO_ADDRESSES,
    firewall: { home: POOL },
    expect: {
      verdict: "degraded",
      causes: ["client-nat-multi-egress", "port-private-address"],
      notCauses: ["pasv-peer-ip-mismatch", "pasv-range-partly-open", "alg-no-epsv", "data-connect-no-data"],
      modes: inClear({
        epsv: "blocked",
        pasv: "works",
        eprt: ["refused", "blocked"],
        port: ["refused", "blocked"],
      }),
    },
  })),
  {
    name: "pure-ftpd-client-nat-pool-for-all",
    title:
      "Pure-FTPd: the client's NAT has two addresses and takes the next one for every connection, control connections too",
    server: { product: "pure-ftpd" },
    topology: TWO_ADDRESSES,
    firewall: { home: EVERY_OTHER },
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["client-nat-multi-egress", "port-private-address"],
      notCauses: ["pasv-range-partly-open", "alg-no-epsv"],
      modes: inClear({ epsv: ["works", "blocked"], pasv: ["works", "blocked"], eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "vsftpd-client-two-lines",
    title: "vsftpd: the client's network sends port 21 out by one line and high ports by another",
    server: { product: "vsftpd" },
    topology: TWO_ADDRESSES,
    firewall: { home: TWO_LINES },
    expect: {
      verdict: "broken",
      causes: ["pasv-peer-ip-mismatch", "port-private-address"],
      rivals: ["client-nat-multi-egress"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "vsftpd-client-egress-dropped",
    title: "vsftpd: the client's network lets ports 21, 80 and 443 out and drops the rest",
    server: { product: "vsftpd" },
    topology: { client: "nat" },
    firewall: { home: onlyOut("21, 80, 443", "drop") },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered", "port-private-address"],
      rivals: ["pasv-client-egress-blocked"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "proftpd-client-egress-rejected",
    title: "ProFTPD: the client's network lets ports 21, 80 and 443 out and rejects the rest (ICMP)",
    server: { product: "proftpd" },
    topology: { client: "nat" },
    firewall: { home: onlyOut("21, 80, 443", "reject with icmpx admin-prohibited") },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-rejected", "port-private-address"],
      rivals: ["pasv-client-egress-blocked"],
      modes: inClear({
        epsv: "blocked",
        pasv: "blocked",
        eprt: ["refused", "blocked"],
        port: ["refused", "blocked"],
      }),
    },
  },
  {
    name: "pure-ftpd-client-egress-forbidden",
    title: "Pure-FTPd: the system of the client's machine forbids connections to high ports, and says so",
    server: { product: "pure-ftpd" },
    commands: { client: NO_HIGH_PORTS },
    expect: {
      verdict: "broken",
      causes: ["pasv-client-egress-blocked"],
      notCauses: ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"],
      severities: { "pasv-client-egress-blocked": "error" },
      modes: PASSIVE_BLOCKED,
    },
  },
  {
    name: "control-egress-dropped",
    title: "the client's network lets the web out and drops port 21",
    server: { product: "vsftpd" },
    topology: { client: "nat" },
    firewall: { home: onlyOut("80, 443", "drop") },
    expect: {
      verdict: "broken",
      causes: ["ctl-timeout"],
      rivals: ["ctl-client-egress-blocked"],
      severities: { "ctl-timeout": "critical" },
      control: { [SERVER]: "timed-out" },
      modes: {},
    },
  },
  ...withEachProduct((product) => ({
    name: "client-nat-active-forwarded",
    title: "client behind NAT, its router forwards a range for active mode, and the tool is told of it",
    server: { product },
    topology: { client: "nat" },
    firewall: {
      home: translation("prerouting", `iifname "wan" tcp dport ${ACTIVE_PORTS} dnat to ${CLIENT_AT_HOME}`),
    },
    options: ["--active-address", CLIENT, "--active-ports", ACTIVE_PORTS],
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["port-private-address", "port-client-firewall"],
      modes: ALL_WORK,
    },
  })),
  ...withEachProduct((product) => ({
    name: "active-low-port",
    title: "the client offers ports below 1024 for active mode, which servers refuse to call",
    server: { product },
    options: ["--active-ports", "1000-1010"],
    expect: {
      verdict: "healthy",
      causes: ["port-low-port-refused"],
      notCauses: ["port-private-address", "port-disabled", "eprt-unsupported"],
      severities: { "port-low-port-refused": "notice" },
      modes: inClear({ epsv: "works", pasv: "works", eprt: "refused", port: "refused" }),
    },
  })),
];
