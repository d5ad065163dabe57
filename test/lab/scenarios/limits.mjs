import { PORTS, SERVER } from "../addresses.mjs";
import { ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

/**
 * A limit in the router for one source address, as hosting firewalls set them.
 * @param {string} limited which connections count
 * @param {string} limit
 * @param {string} statement what becomes of those beyond it
 */
function limit(limited, limit, statement) {
  return `table inet filter {
  set sources {
    type ipv4_addr
    flags dynamic
  }
  chain forward {
    type filter hook forward priority filter
    iifname "outside" ct state new ${limited} add @sources { ip saddr ${limit} } ${statement}
  }
}`;
}

/** One session at a time is enough for everything, so that there are no more is worth knowing only. */
const ONE_SESSION = {
  verdict: /** @type {const} */ ("healthy"),
  causes: ["ctl-max-per-ip"],
  notCauses: ["ctl-timeout", "ctl-refused", "ctl-closed-mid-session"],
  severities: { "ctl-max-per-ip": /** @type {const} */ ("notice") },
  control: { [SERVER]: "ready" },
  modes: ALL_WORK,
};
const UNHURT = { verdict: /** @type {const} */ ("healthy"), causes: [], modes: ALL_WORK };

/** Limits for one client address, in firewalls. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "vsftpd-connlimit-dropping",
    title: "vsftpd: a firewall drops a second control connection of the same address",
    server: { product: "vsftpd" },
    firewall: { router: limit("tcp dport 21", "ct count over 1", "drop") },
    expect: ONE_SESSION,
  },
  {
    name: "proftpd-connlimit-resetting",
    title: "ProFTPD: a firewall resets a second control connection of the same address",
    server: { product: "proftpd" },
    firewall: { router: limit("tcp dport 21", "ct count over 1", "reject with tcp reset") },
    expect: ONE_SESSION,
  },
  {
    name: "pure-ftpd-connlimit-iptables",
    title: "Pure-FTPd: CSF's CONNLIMIT in iptables, two control connections for an address: enough for a good guest",
    server: { product: "pure-ftpd" },
    commands: {
      server: [
        "iptables-legacy -A INPUT -p tcp --syn --dport 21 -m connlimit --connlimit-above 2 -j REJECT --reject-with tcp-reset".split(
          " ",
        ),
      ],
    },
    expect: UNHURT,
  },
  {
    name: "vsftpd-connlimit-of-all-ports",
    title: "vsftpd: two connections for an address, data connections among them; the third is reset",
    server: { product: "vsftpd" },
    firewall: { router: limit(`tcp dport { 21, ${PORTS} }`, "ct count over 2", "reject with tcp reset") },
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["ctl-max-per-ip"],
      notCauses: ["alg-no-epsv", "pasv-range-partly-open", "pasv-ports-refused", "pasv-lb-other-backend"],
      modes: inClear({
        epsv: ["works", "blocked"],
        pasv: ["works", "blocked"],
        eprt: "works",
        port: "works",
      }),
    },
  },
  ...withEachProduct((product) => ({
    name: "rate-limit-of-five",
    title: "a firewall lets an address open five connections in a burst and one a minute: enough for a good guest",
    server: { product },
    firewall: {
      router: limit(`tcp dport { 21, ${PORTS} }`, "limit rate over 1/minute burst 5 packets", "drop"),
    },
    expect: UNHURT,
  })),
  {
    name: "vsftpd-second-login-refused-for-a-while",
    title:
      "vsftpd: a firewall lets an address open one control connection a minute (as PORTFLOOD) and resets the others",
    server: { product: "vsftpd" },
    firewall: { router: limit("tcp dport 21", "limit rate over 1/minute burst 1 packets", "reject with tcp reset") },
    expect: ONE_SESSION,
  },
];
