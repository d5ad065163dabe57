import { NAME, PORTS, SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { FTP_HELPER, rule, stateful } from "../firewalls.mjs";
import {
  ACTIVE_REFUSED,
  ALL_WORK,
  asTls,
  bothWays,
  inClear,
  PASSIVE_BLOCKED,
  PASV_REPAIRED,
  underTls,
  withEachProduct,
} from "../scenario.mjs";

const GOOD = /** @type {const} */ ({ certificate: "good" });
const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });
/** Not usable as a whole, or usable in clear alone: which of the two it is called is the tool's own decision. */
const HALF = /** @type {const} */ (["degraded", "broken"]);
const NO_CALLS = rule("input", "tcp flags & (syn | ack) == syn drop");
const ACTIVE_BLOCKED = inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" });
/** Every packet whose payload begins as a handshake of TLS does (RFC 8446 section 5.1). */
const HANDSHAKES = "@ih,0,8 0x16";
const ON_RANGE = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected", "pasv-range-partly-open"];
const PROTECTION = ["data-tls-session-reuse-required", "data-tls-handshake-blocked"];

/** Firewalls and NAT under TLS, which they cannot read. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "tls-nat-helper",
    title: "behind NAT with port 21 alone forwarded: the helper does the rest in clear, and is blind under TLS",
    server: { product, tls: GOOD },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: FTP_HELPER },
    trustsLab: true,
    expect: {
      verdict: HALF,
      causes: ["data-tls-alg-blind"],
      notCauses: ["pasv-private-address", ...ON_RANGE, ...PROTECTION],
      advertised: SERVER,
      advertisedUnderTls: SERVER_INSIDE,
      modes: { ...ALL_WORK, ...asTls(PASSIVE_BLOCKED) },
    },
  })),
  ...withEachProduct((product) => ({
    name: "tls-nat-helper-range-forwarded",
    title:
      "behind NAT with the range forwarded: the helper mends 227 in clear alone; under TLS it names the private address",
    server: { product, tls: GOOD },
    topology: { server: "nat" },
    firewall: { router: FTP_HELPER },
    trustsLab: true,
    expect: {
      verdict: "degraded",
      causes: ["data-tls-alg-blind"],
      notCauses: ["pasv-private-address", ...ON_RANGE, ...PROTECTION],
      advertised: SERVER,
      advertisedUnderTls: SERVER_INSIDE,
      modes: { ...ALL_WORK, ...asTls(PASV_REPAIRED) },
    },
  })),
  ...withEachProduct((product) => ({
    name: "tls-firewall-trusts-helper",
    title: "a firewall counts on the helper to let data connections in: in clear it does, under TLS it cannot",
    server: { product, tls: GOOD },
    firewall: { router: `${stateful("forward", "tcp dport 21 accept")}\n${FTP_HELPER}` },
    trustsLab: true,
    expect: {
      verdict: HALF,
      causes: ["data-tls-alg-blind"],
      notCauses: [...ON_RANGE, ...PROTECTION],
      modes: { ...ALL_WORK, ...asTls(PASSIVE_BLOCKED) },
    },
  })),
  {
    name: "vsftpd-tls-firewall-trusts-helper-account",
    title: "vsftpd: the same firewall, and an account that may come under TLS alone: there is nothing to compare with",
    server: { product: "vsftpd", accounts: "named", tls: GOOD },
    firewall: { router: `${stateful("forward", "tcp dport 21 accept")}\n${FTP_HELPER}` },
    login: ACCOUNT,
    trustsLab: true,
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      rivals: ["data-tls-alg-blind"],
      notCauses: PROTECTION,
      modes: asTls(PASSIVE_BLOCKED),
    },
  },
  {
    name: "proftpd-tls-nat-helper-account",
    title: "ProFTPD: the NAT with its helper, and an account under TLS alone: private address, and no ports",
    server: { product: "proftpd", accounts: "named", tls: GOOD },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: FTP_HELPER },
    login: ACCOUNT,
    trustsLab: true,
    expect: {
      verdict: "broken",
      causes: ["pasv-private-address", "pasv-ports-filtered"],
      rivals: ["data-tls-alg-blind"],
      advertised: SERVER_INSIDE,
      modes: asTls(PASSIVE_BLOCKED),
    },
  },
  {
    name: "vsftpd-tls-nat-helper-and-public-address",
    title:
      "vsftpd: two faults: it names the public address, which the helper does not know for the server's, and TLS gets no ports at all",
    server: { product: "vsftpd", advertise: SERVER, tls: GOOD },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: FTP_HELPER },
    trustsLab: true,
    expect: {
      verdict: HALF,
      causes: ["data-tls-alg-blind", "alg-address-mismatch"],
      notCauses: [...ON_RANGE, "pasv-private-address"],
      advertised: SERVER,
      advertisedUnderTls: SERVER,
      modes: {
        ...inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }),
        ...asTls(PASSIVE_BLOCKED),
      },
    },
  },
  ...withEachProduct((product) => ({
    name: "tls-range-dropped",
    title: "the passive range is dropped, in clear and under TLS alike",
    server: { product, tls: GOOD },
    firewall: { server: rule("input", `tcp dport ${PORTS} drop`) },
    trustsLab: true,
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      notCauses: ["data-tls-alg-blind", ...PROTECTION],
      modes: bothWays(PASSIVE_BLOCKED),
    },
  })),
  {
    name: "proftpd-tls-range-rejected-account",
    title: "ProFTPD: the passive range is rejected (ICMP), and an account comes under TLS",
    server: { product: "proftpd", accounts: "named", tls: GOOD },
    firewall: { server: rule("input", `tcp dport ${PORTS} reject with icmpx admin-prohibited`) },
    login: ACCOUNT,
    trustsLab: true,
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-rejected"],
      notCauses: ["pasv-ports-filtered", "pasv-ports-refused", ...PROTECTION],
      modes: asTls(PASSIVE_BLOCKED),
    },
  },
  ...withEachProduct((product) => ({
    name: "tls-nat-no-masquerade",
    title: "behind NAT, 227 names the private address in clear and under TLS alike",
    server: { product, tls: GOOD },
    topology: { server: "nat" },
    trustsLab: true,
    expect: {
      verdict: "degraded",
      causes: ["pasv-private-address"],
      notCauses: ["data-tls-alg-blind", ...ON_RANGE, ...PROTECTION],
      advertised: SERVER_INSIDE,
      advertisedUnderTls: SERVER_INSIDE,
      modes: bothWays(PASV_REPAIRED),
    },
  })),
  ...withEachProduct((product) => ({
    name: "tls-client-nat-helper",
    title: "client behind NAT whose helper mends PORT in clear; under TLS the server is told the private address",
    server: { product, tls: GOOD },
    topology: { client: "nat" },
    firewall: { home: FTP_HELPER },
    trustsLab: true,
    expect: {
      verdict: "healthy",
      causes: ["port-client-nat-no-alg-tls"],
      notCauses: ["port-private-address", "port-client-firewall", "port-disabled"],
      severities: { "port-client-nat-no-alg-tls": "notice" },
      // ProFTPD takes any address under TLS, since no helper can have put it right.
      modes: { ...ALL_WORK, ...asTls(product === "proftpd" ? ACTIVE_BLOCKED : ACTIVE_REFUSED) },
    },
  })),
  {
    name: "vsftpd-tls-client-nat",
    title: "vsftpd: client behind NAT without a helper: active mode fails in clear and under TLS alike",
    server: { product: "vsftpd", tls: GOOD },
    topology: { client: "nat" },
    trustsLab: true,
    expect: {
      verdict: "healthy",
      causes: ["port-private-address"],
      notCauses: ["port-client-nat-no-alg-tls"],
      modes: bothWays(ACTIVE_REFUSED),
    },
  },
  ...withEachProduct((product) => ({
    name: "tls-data-handshakes-dropped",
    title: "a firewall lets data connections through, and no handshake of TLS on them",
    server: { product, tls: GOOD },
    firewall: { router: rule("forward", `tcp dport ${PORTS} ${HANDSHAKES} drop`) },
    trustsLab: true,
    expect: {
      verdict: HALF,
      causes: ["data-tls-handshake-blocked"],
      notCauses: ["data-tls-session-reuse-required", "data-tls-alg-blind", ...ON_RANGE],
      modes: {
        ...ALL_WORK,
        // What waits for two handshakes may have no time left for the rest.
        ...underTls({ epsv: "blocked", pasv: "blocked", eprt: ["works", "skipped"], port: ["works", "skipped"] }),
      },
    },
  })),
  ...withEachProduct((product) => ({
    name: "tls-handshakes-dropped",
    title: "a firewall lets AUTH through, and no handshake of TLS on port 21",
    server: { product, tls: GOOD },
    firewall: { router: rule("forward", `tcp dport 21 ${HANDSHAKES} drop`) },
    trustsLab: true,
    expect: {
      verdict: "degraded",
      causes: ["tls-handshake-stall"],
      notCauses: ["tls-handshake-closed", "tls-version-mismatch", "tls-not-configured"],
      modes: ALL_WORK,
    },
  })),
  {
    name: "proftpd-tls-handshakes-reset",
    title: "ProFTPD: a firewall resets connections on which a handshake of TLS begins",
    server: { product: "proftpd", tls: GOOD },
    firewall: { router: rule("forward", `tcp dport 21 ${HANDSHAKES} reject with tcp reset`) },
    trustsLab: true,
    expect: {
      verdict: "degraded",
      causes: ["tls-handshake-closed"],
      notCauses: ["tls-handshake-stall", "tls-version-mismatch"],
      modes: ALL_WORK,
    },
  },
  {
    name: "vsftpd-tls-black-hole",
    title: "vsftpd: full packets vanish on the way: short listings pass, the server's part of the handshake does not",
    server: { product: "vsftpd", tls: GOOD },
    commands: { router: ["ip link set outside mtu 1000".split(" ")] },
    firewall: { router: rule("output", "icmp type destination-unreachable icmp code frag-needed drop") },
    trustsLab: true,
    expect: {
      verdict: HALF,
      causes: ["tls-handshake-stall"],
      rivals: ["data-pmtu-blackhole"],
      notCauses: ["tls-handshake-closed"],
      modes: ALL_WORK,
    },
  },
  {
    name: "proftpd-tls-expired-and-range-dropped",
    title: "ProFTPD: two faults: the passive range is dropped, and the certificate has expired",
    server: { product: "proftpd", tls: { certificate: "expired" } },
    firewall: { server: rule("input", `tcp dport ${PORTS} drop`) },
    trustsLab: true,
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered", "tls-cert-expired"],
      notCauses: ["data-tls-alg-blind"],
      modes: bothWays(PASSIVE_BLOCKED),
    },
  },
  {
    name: "vsftpd-tls-self-signed-and-nat-helper",
    title: "vsftpd: two faults: behind NAT and its helper, with a certificate that nobody vouches for",
    server: { product: "vsftpd", tls: { certificate: "self-signed" } },
    topology: { server: "nat" },
    firewall: { router: FTP_HELPER },
    expect: {
      verdict: "degraded",
      causes: ["tls-cert-untrusted", "data-tls-alg-blind"],
      notCauses: ["pasv-private-address"],
      modes: { ...ALL_WORK, ...asTls(PASV_REPAIRED) },
    },
  },
  {
    name: "pure-ftpd-tls-wrong-name-and-private-address",
    title: "Pure-FTPd: two faults: 227 names the private address, and the certificate is for another host",
    server: { product: "pure-ftpd", tls: { certificate: "wrong-name" } },
    topology: { server: "nat" },
    target: NAME,
    options: ["--family", "4"],
    trustsLab: true,
    expect: {
      verdict: "degraded",
      causes: ["tls-cert-name", "pasv-private-address"],
      modes: bothWays(PASV_REPAIRED),
    },
  },
  {
    name: "proftpd-tls-login-required-and-client-firewall",
    title: "ProFTPD: two faults: logins in clear are refused, and the client's firewall drops the server's calls",
    server: { product: "proftpd", tls: { ...GOOD, required: "login" } },
    firewall: { client: NO_CALLS },
    trustsLab: true,
    expect: {
      verdict: "healthy",
      causes: ["auth-tls-required", "port-client-firewall"],
      modes: underTls({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" }),
    },
  },
];
