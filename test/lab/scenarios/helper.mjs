import { SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { FTP_HELPER, FTP_HELPER_COMMAND, stateful } from "../firewalls.mjs";
import { ACTIVE_REFUSED, ALL_WORK, inClear, PASSIVE_BLOCKED, withEachProduct } from "../scenario.mjs";

/** Lets new connections to port 21 in, and counts on the helper for the rest. */
const TRUSTS_HELPER = stateful("forward", "tcp dport 21 accept");
/** The same with iptables, on the server itself. */
const TRUSTS_HELPER_COMMANDS = [
  "-A INPUT -i lo -j ACCEPT",
  "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
  "-A INPUT -p tcp --dport 21 -j ACCEPT",
  "-P INPUT DROP",
].map((line) => ["iptables-legacy", ...line.split(" ")]);

/** From outside a helper that is missing looks like a range that is not open. */
const HELPER_MISSING = {
  verdict: /** @type {const} */ ("broken"),
  causes: ["pasv-ports-filtered"],
  rivals: ["pasv-conntrack-helper-missing"],
  notCauses: ["pasv-ports-refused", "pasv-ports-rejected", "pasv-private-address"],
  severities: { "pasv-ports-filtered": /** @type {const} */ ("error") },
  modes: PASSIVE_BLOCKED,
};
const HEALTHY = {
  verdict: /** @type {const} */ ("healthy"),
  causes: [],
  notCauses: ["pasv-ports-filtered", "pasv-private-address", "alg-address-mismatch", "alg-no-epsv"],
  modes: ALL_WORK,
};

/** The kernel's FTP helper: present, missing, on another port, and in the way. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "helper-missing",
    title: "a firewall counts on the FTP helper to let data connections in, and the helper is not assigned",
    server: { product },
    firewall: { router: TRUSTS_HELPER },
    expect: HELPER_MISSING,
  })),
  {
    name: "proftpd-helper-assigned",
    title: "ProFTPD: the same firewall with its helper",
    server: { product: "proftpd" },
    firewall: { router: `${TRUSTS_HELPER}\n${FTP_HELPER}` },
    expect: HEALTHY,
  },
  {
    name: "vsftpd-iptables-helper-missing",
    title: "vsftpd: the server's own iptables rules trust RELATED, and no helper is assigned (kernels since 4.7)",
    server: { product: "vsftpd" },
    commands: { server: TRUSTS_HELPER_COMMANDS },
    expect: HELPER_MISSING,
  },
  {
    name: "vsftpd-iptables-helper-assigned",
    title: "vsftpd: the same iptables rules, with the helper assigned by a rule of the raw table",
    server: { product: "vsftpd" },
    commands: { server: [FTP_HELPER_COMMAND, ...TRUSTS_HELPER_COMMANDS] },
    expect: HEALTHY,
  },
  {
    name: "vsftpd-helper-on-another-port",
    title: "vsftpd on port 2121, behind a firewall whose helper reads port 21 alone",
    server: { product: "vsftpd", port: 2121, options: { listen_port: 2121 } },
    target: `${SERVER}:2121`,
    firewall: { router: `${stateful("forward", "tcp dport { 21, 2121 } accept")}\n${FTP_HELPER}` },
    expect: { ...HELPER_MISSING, rivals: ["pasv-nonstandard-control-port"] },
  },
  {
    name: "pure-ftpd-helper-on-another-port-nat",
    title: "Pure-FTPd on port 2121 behind NAT, whose helper reads port 21 alone: neither address nor port is mended",
    server: { product: "pure-ftpd", port: 2121, options: { "-S": "2121" } },
    target: `${SERVER}:2121`,
    topology: { server: "nat", forwarded: "2121" },
    firewall: { router: FTP_HELPER },
    expect: {
      verdict: "broken",
      causes: ["pasv-private-address", "pasv-ports-filtered"],
      rivals: ["pasv-nonstandard-control-port"],
      advertised: SERVER_INSIDE,
      modes: PASSIVE_BLOCKED,
    },
  },
  ...withEachProduct((product) => ({
    name: "helper-and-public-address",
    title:
      "the server names its public address, which the NAT's helper does not know for the server's: PASV gets no port",
    server: { product, advertise: SERVER },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: FTP_HELPER },
    expect: {
      verdict: "degraded",
      causes: ["alg-address-mismatch"],
      notCauses: ["pasv-ports-filtered", "pasv-range-partly-open", "alg-no-epsv"],
      severities: { "alg-address-mismatch": "warning" },
      advertised: SERVER,
      modes: inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }),
    },
  })),
  {
    name: "vsftpd-helper-and-forwarded-range",
    title: "vsftpd: helper, public address in 227, and the range forwarded as well: nothing is missing",
    server: { product: "vsftpd", advertise: SERVER },
    topology: { server: "nat" },
    firewall: { router: FTP_HELPER },
    expect: { ...HEALTHY, advertised: SERVER },
  },
  {
    name: "proftpd-helper-and-private-address-forwarded",
    title: "ProFTPD: helper, private address in 227, range forwarded: the helper mends the address",
    server: { product: "proftpd" },
    topology: { server: "nat" },
    firewall: { router: FTP_HELPER },
    expect: { ...HEALTHY, advertised: SERVER },
  },
  ...withEachProduct((product) => ({
    name: "client-nat-iptables-helper",
    title: "client behind NAT whose router has the helper by an iptables rule: active mode works",
    server: { product },
    topology: { client: "nat" },
    commands: { home: [FTP_HELPER_COMMAND] },
    expect: { ...HEALTHY, notCauses: ["port-private-address", "port-client-firewall"] },
  })),
  {
    name: "vsftpd-client-nat-helper-on-another-port",
    title: "vsftpd on port 2121; the helper of the client's router reads port 21 alone, so active mode fails",
    server: { product: "vsftpd", port: 2121, options: { listen_port: 2121 } },
    target: `${SERVER}:2121`,
    topology: { client: "nat" },
    firewall: { home: FTP_HELPER },
    expect: {
      verdict: "healthy",
      causes: ["port-private-address"],
      severities: { "port-private-address": "notice" },
      modes: ACTIVE_REFUSED,
    },
  },
];
