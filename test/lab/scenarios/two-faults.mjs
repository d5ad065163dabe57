import { NAME, NOBODY, SERVER, SERVER_INSIDE, SERVER_V6 } from "../addresses.mjs";
import { rule, stateful, TO_HIGH_PORTS } from "../firewalls.mjs";
import { inClear, PASV_REPAIRED, withEachProduct } from "../scenario.mjs";

const NEITHER_WAY = inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" });
const NO_CALLS = rule("input", "tcp flags & (syn | ack) == syn drop");
const SIX = inClear({ epsv: "works", eprt: "works" }, "ipv6");

/**
 * @param {import("../scenario.mjs").Expected["verdict"]} verdict
 * @param {string[]} causes
 * @param {import("../scenario.mjs").Expected["modes"]} modes
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 */
function both(verdict, causes, modes, more = {}) {
  return { verdict, causes, modes, ...more };
}

/** Two faults that have nothing to do with one another: both must be named. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "private-address-and-dead-ipv6",
    title: "two faults: 227 names the private address, and the IPv6 address does not answer",
    server: { product },
    topology: { server: "nat" },
    target: NAME,
    firewall: { router: rule("forward", "meta nfproto ipv6 drop") },
    expect: both("degraded", ["pasv-private-address", "ipv6-broken-path"], PASV_REPAIRED, {
      advertised: SERVER_INSIDE,
      notCauses: ["ctl-timeout", "pasv-ports-filtered"],
    }),
  })),
  {
    name: "vsftpd-private-address-and-ipv6-data-dropped",
    title: "vsftpd: two faults: 227 names the private address, and the range is closed over IPv6",
    server: { product: "vsftpd" },
    topology: { server: "nat" },
    target: NAME,
    firewall: { server: rule("input", `meta nfproto ipv6 ${TO_HIGH_PORTS} drop`) },
    mended: { "ipv6-data-blocked": { on: [], because: "another range would have to be forwarded for IPv4 as well" } },
    expect: both(
      "degraded",
      ["pasv-private-address", "ipv6-data-blocked"],
      { ...PASV_REPAIRED, ...inClear({ epsv: "blocked", eprt: "works" }, "ipv6") },
      { advertised: SERVER_INSIDE, notCauses: ["pasv-ports-filtered"] },
    ),
  },
  {
    name: "proftpd-wrong-address-and-range-rejected",
    title: "ProFTPD: two faults: 227 names an address of nobody, and the range is rejected (ICMP)",
    server: { product: "proftpd", advertise: NOBODY },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with icmpx admin-prohibited`) },
    expect: both(
      "broken",
      ["pasv-wrong-public-address", "pasv-ports-rejected"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
      { advertised: NOBODY, notCauses: ["pasv-ports-filtered", "pasv-ports-refused"] },
    ),
  },
  {
    name: "pure-ftpd-loopback-address-and-range-reset",
    title: "Pure-FTPd: two faults: 227 names 127.0.0.1, and the range is reset",
    server: { product: "pure-ftpd", advertise: "127.0.0.1" },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with tcp reset`) },
    expect: both(
      "broken",
      ["pasv-loopback-or-zero-address", "pasv-ports-refused"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
      { advertised: "127.0.0.1", notCauses: ["pasv-ports-filtered", "pasv-ports-rejected"] },
    ),
  },
  ...withEachProduct((product) => ({
    name: "private-address-and-client-firewall",
    title: "two faults: 227 names the private address, and the client's firewall drops the server's calls",
    server: { product },
    topology: { server: "nat" },
    firewall: { client: NO_CALLS },
    expect: both(
      "degraded",
      ["pasv-private-address", "port-client-firewall"],
      inClear({ epsv: "works", pasv: "repaired", eprt: "blocked", port: "blocked" }),
      { severities: { "pasv-private-address": "warning", "port-client-firewall": "notice" } },
    ),
  })),
  {
    name: "vsftpd-active-required-private-address-and-client-firewall",
    title: "vsftpd: the same two faults where active mode is required: the firewall is the worse one",
    server: { product: "vsftpd" },
    topology: { server: "nat" },
    firewall: { client: NO_CALLS },
    options: ["--require", "active"],
    expect: both(
      "broken",
      ["port-client-firewall", "pasv-private-address"],
      inClear({ epsv: "works", pasv: "repaired", eprt: "blocked", port: "blocked" }),
      { severities: { "pasv-private-address": "warning", "port-client-firewall": "error" } },
    ),
  },
  ...withEachProduct((product) => ({
    name: "range-dropped-and-client-firewall",
    title:
      "two faults: the passive range is dropped, and the client's firewall drops the server's calls: nothing works",
    server: { product },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`), client: NO_CALLS },
    expect: both("broken", ["pasv-ports-filtered", "port-client-firewall"], NEITHER_WAY, {
      notCauses: ["ctl-tarpit", "port-private-address"],
    }),
  })),
  {
    name: "vsftpd-range-dropped-and-active-disabled",
    title: "vsftpd: two faults: the passive range is dropped, and port_enable=NO",
    server: { product: "vsftpd", options: { port_enable: "NO" } },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: both(
      "broken",
      ["pasv-ports-filtered", "port-disabled"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "refused", port: "refused" }),
    ),
  },
  {
    name: "vsftpd-passive-disabled-and-client-firewall",
    title: "vsftpd: two faults: pasv_enable=NO, and the client's firewall drops the server's calls",
    server: { product: "vsftpd", options: { pasv_enable: "NO" } },
    firewall: { client: NO_CALLS },
    expect: both(
      "broken",
      ["pasv-disabled", "port-client-firewall"],
      inClear({ epsv: "refused", pasv: "refused", eprt: "blocked", port: "blocked" }),
    ),
  },
  {
    name: "vsftpd-no-epsv-and-private-address",
    title: "vsftpd: two faults: EPSV is denied (cmds_denied=EPSV), and 227 names the private address",
    server: { product: "vsftpd", options: { cmds_denied: "EPSV" } },
    topology: { server: "nat" },
    expect: both(
      ["degraded", "broken"],
      ["pasv-private-address", "epsv-rejected"],
      inClear({ epsv: "refused", pasv: "repaired", eprt: "works", port: "works" }),
      { advertised: SERVER_INSIDE, notCauses: ["pasv-disabled", "path-or-permission"] },
    ),
  },
  {
    name: "vsftpd-no-eprt-and-range-dropped",
    title: "vsftpd: two faults: EPRT is denied (cmds_denied=EPRT), and the passive range is dropped",
    server: { product: "vsftpd", options: { cmds_denied: "EPRT" } },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: both(
      "broken",
      ["pasv-ports-filtered", "eprt-unsupported"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "refused", port: "works" }),
      { notCauses: ["port-disabled", "path-or-permission"] },
    ),
  },
  {
    name: "proftpd-slow-greeting-and-range-dropped",
    title: "ProFTPD: two faults: it asks a name server that does not answer, and the passive range is dropped",
    server: { product: "proftpd", options: { UseReverseDNS: "on" }, resolver: "203.0.113.53" },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: both(
      "broken",
      ["pasv-ports-filtered", "ctl-banner-delay"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
      { notCauses: ["ctl-no-banner", "ctl-tarpit"] },
    ),
  },
  {
    name: "vsftpd-one-session-and-private-address",
    title: "vsftpd: two faults: one session for an address (max_per_ip=1), and 227 names the private address",
    server: { product: "vsftpd", options: { max_per_ip: 1 } },
    topology: { server: "nat" },
    expect: both("degraded", ["pasv-private-address", "ctl-max-per-ip"], PASV_REPAIRED, {
      severities: { "pasv-private-address": "warning", "ctl-max-per-ip": "notice" },
    }),
  },
  {
    name: "pure-ftpd-container-address-and-ipv6-refused",
    title: "Pure-FTPd in a container: two faults: 227 names the bridge's address, and nothing listens on IPv6",
    server: { product: "pure-ftpd", options: { "-4": true } },
    topology: { server: "nat", serverInside: "172.17.0.2" },
    target: NAME,
    expect: both("degraded", ["ipv6-broken-path", "pasv-container-bridge-address"], PASV_REPAIRED, {
      advertised: "172.17.0.2",
      control: { [SERVER]: "ready", [SERVER_V6]: "refused" },
    }),
  },
  {
    name: "vsftpd-range-dropped-and-dead-ipv6",
    title: "vsftpd: two faults: the passive range is dropped, and the IPv6 address does not answer",
    server: { product: "vsftpd" },
    target: NAME,
    firewall: {
      server: rule("input", `${TO_HIGH_PORTS} drop`),
      router: rule("forward", "meta nfproto ipv6 drop"),
    },
    expect: both(
      "broken",
      ["pasv-ports-filtered", "ipv6-broken-path"],
      inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
      { control: { [SERVER]: "ready", [SERVER_V6]: "timed-out" }, notCauses: ["ctl-timeout"] },
    ),
  },
  {
    name: "vsftpd-private-address-and-black-hole",
    title: "vsftpd: two faults: 227 names the private address, and full packets vanish on the way",
    server: { product: "vsftpd", manyFiles: 800 },
    topology: { server: "nat" },
    target: `ftp://${SERVER}/pub/many`,
    commands: { router: ["ip link set outside mtu 1000".split(" ")] },
    firewall: { router: rule("output", "icmp type destination-unreachable icmp code frag-needed drop") },
    // The address is certain; of the hole more than one size would have to be tried, for which no time is left.
    expect: both("broken", ["pasv-private-address", "data-pmtu-blackhole"], NEITHER_WAY, {
      advertised: SERVER_INSIDE,
      notCauses: ["pasv-ports-filtered", "port-client-firewall"],
    }),
  },
  {
    name: "proftpd-hairpin-and-client-firewall",
    title:
      "ProFTPD: two faults: a client inside is told the public address, and its own firewall drops the server's calls",
    server: { product: "proftpd", advertise: SERVER },
    topology: { client: "inside", server: "nat" },
    target: SERVER_INSIDE,
    firewall: { client: NO_CALLS },
    expect: both(
      "degraded",
      ["pasv-hairpin", "port-client-firewall"],
      inClear({ epsv: "works", pasv: "repaired", eprt: "blocked", port: "blocked" }),
    ),
  },
  {
    name: "pure-ftpd-helper-missing-and-dead-ipv4",
    title: "Pure-FTPd: two faults: the IPv4 address does not answer, and the firewall's FTP helper is missing for IPv6",
    server: { product: "pure-ftpd" },
    target: NAME,
    firewall: { router: stateful("forward", "ip6 daddr 2001:db8:2::5 tcp dport 21 accept") },
    expect: both(
      "broken",
      ["pasv-ports-filtered", "ctl-timeout"],
      { ...inClear({ epsv: "blocked", eprt: "works" }, "ipv6") },
      { rivals: ["pasv-conntrack-helper-missing"], control: { [SERVER]: "timed-out", [SERVER_V6]: "ready" } },
    ),
  },
  {
    name: "vsftpd-two-addresses-dead-and-private",
    title: "vsftpd: two faults: one of the name's addresses does not answer, and 227 names the private address",
    server: { product: "vsftpd" },
    topology: { server: "nat" },
    names: [SERVER, NOBODY, SERVER_V6],
    target: NAME,
    expect: both(
      "degraded",
      ["pasv-private-address", "ctl-timeout"],
      { ...PASV_REPAIRED, ...SIX },
      { control: { [SERVER]: "ready", [NOBODY]: "timed-out", [SERVER_V6]: "ready" } },
    ),
  },
];
