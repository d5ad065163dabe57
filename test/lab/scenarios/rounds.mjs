import { CLIENT, CLIENT_TOO, PORTS, SERVER, SERVER_INSIDE, TWIN_INSIDE } from "../addresses.mjs";
import { rule, translation } from "../firewalls.mjs";
import { inClear, underTls, withEachProduct } from "../scenario.mjs";

const TWIN_RANGE = { from: 40100, to: 40150 };
const TWIN_PORTS = `${TWIN_RANGE.from}-${TWIN_RANGE.to}`;
const TWO_BEHIND = /** @type {const} */ ({ server: "nat", twin: true });

/**
 * A balancer that gives control connections to its two machines in turn, while each machine has passive ports of its own:
 * so one session's control and data connections always meet.
 */
const IN_TURN = [
  translation(
    "prerouting",
    `iifname "outside" ip daddr ${SERVER} tcp dport 21 dnat to numgen inc mod 2 map { 0 : ${SERVER_INSIDE}, 1 : ${TWIN_INSIDE} }`,
    `iifname "outside" ip daddr ${SERVER} tcp dport ${TWIN_PORTS} dnat to ${TWIN_INSIDE}`,
  ),
  translation("postrouting", `oifname "outside" ip saddr ${TWIN_INSIDE} snat to ${SERVER}`),
].join("\n");

/** The client's NAT has two addresses, and each fifth data connection leaves through the one that the control connection does not have. */
const FIFTH_ELSEWHERE = translation(
  "postrouting",
  `oifname "wan" tcp dport 21 snat to ${CLIENT}`,
  `oifname "wan" tcp dport ${PORTS} snat to numgen inc mod 5 map { 0 : ${CLIENT}, 1 : ${CLIENT}, 2 : ${CLIENT}, 3 : ${CLIENT}, 4 : ${CLIENT_TOO} }`,
);

/** The first round meets the first machine, the second the second one, and so on: one session each. */
const SIX_ROUNDS = ["--modes", "epsv,pasv", "--max-sessions", "1", "--repeat", "6", "--interval", "1"];
const HALF = { "epsv/clear/ipv4": "3 of 6", "pasv/clear/ipv4": "3 of 6" };
const PASSIVE_WORKS = inClear({ epsv: "works", pasv: "works" });

/** What only several rounds show. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "rounds-healthy",
    title: "nothing is wrong, in any of six rounds",
    server: { product },
    options: ["--max-sessions", "1", "--repeat", "6", "--interval", "1"],
    ownDecision: true,
    expect: {
      verdict: "healthy",
      causes: [],
      modes: inClear({ epsv: "works", pasv: "works", eprt: "works", port: "works" }),
      rates: { "epsv/clear/ipv4": "6 of 6", "pasv/clear/ipv4": "6 of 6", "eprt/clear/ipv4": "6 of 6" },
      changes: [],
    },
  })),
  {
    name: "rounds-two-products-one-closed",
    title: "a balancer over vsftpd and ProFTPD: the passive ports of the second one are dropped by its firewall",
    server: { product: "vsftpd", advertise: SERVER },
    twin: { product: "proftpd", advertise: SERVER, range: TWIN_RANGE },
    topology: TWO_BEHIND,
    firewall: { router: IN_TURN, twin: rule("input", `tcp dport ${TWIN_PORTS} drop`) },
    options: SIX_ROUNDS,
    ownDecision: true,
    expect: {
      verdict: "degraded",
      causes: ["mode-unsteady"],
      notCauses: ["pasv-lb-other-backend", "pasv-ports-filtered", "pasv-range-partly-open"],
      modes: PASSIVE_WORKS,
      rates: HALF,
      changes: ["greeting", "product"],
    },
  },
  {
    name: "rounds-first-machine-closed",
    title: "the same, and it is the machine of the first round whose ports are dropped",
    server: { product: "vsftpd", advertise: SERVER },
    twin: { product: "proftpd", advertise: SERVER, range: TWIN_RANGE },
    topology: TWO_BEHIND,
    firewall: { router: IN_TURN, server: rule("input", `tcp dport ${PORTS} drop`) },
    options: SIX_ROUNDS,
    ownDecision: true,
    expect: {
      verdict: "degraded",
      causes: ["mode-unsteady", "pasv-ports-filtered"],
      severities: { "pasv-ports-filtered": "warning" },
      modes: inClear({ epsv: "blocked", pasv: "blocked" }),
      rates: HALF,
      changes: ["greeting", "product"],
    },
  },
  {
    name: "rounds-one-private-address",
    title: "a balancer over two ProFTPD: the second one names its private address in 227",
    server: { product: "proftpd", advertise: SERVER },
    twin: { product: "proftpd", range: TWIN_RANGE },
    topology: TWO_BEHIND,
    firewall: { router: IN_TURN },
    options: SIX_ROUNDS,
    ownDecision: true,
    expect: {
      verdict: "degraded",
      causes: ["mode-unsteady"],
      modes: PASSIVE_WORKS,
      rates: { "epsv/clear/ipv4": "6 of 6", "pasv/clear/ipv4": "6 of 6" },
      // ProFTPD greets with its own address.
      changes: ["greeting", "advertised"],
    },
  },
  {
    name: "rounds-client-nat-pool",
    title: "vsftpd: the client's NAT has two addresses, and takes the wrong one for the fifth data connection",
    server: { product: "vsftpd" },
    topology: { client: "nat", egress: [CLIENT_TOO] },
    firewall: { home: FIFTH_ELSEWHERE },
    options: ["--modes", "epsv", "--max-sessions", "1", "--repeat", "6", "--interval", "1"],
    ownDecision: true,
    expect: {
      verdict: "degraded",
      // That EPSV is unsteady follows from it.
      causes: ["client-nat-multi-egress"],
      notCauses: ["pasv-peer-ip-mismatch", "pasv-lb-other-backend"],
      modes: inClear({ epsv: "works" }),
      rates: { "epsv/clear/ipv4": "5 of 6" },
    },
  },
  {
    name: "rounds-other-certificate",
    title: "a balancer over two ProFTPD with different certificates; all works",
    server: { product: "proftpd", advertise: SERVER, tls: { certificate: "good" } },
    twin: { product: "proftpd", advertise: SERVER, range: TWIN_RANGE, tls: { certificate: "wrong-name" } },
    topology: TWO_BEHIND,
    trustsLab: true,
    firewall: { router: IN_TURN },
    options: [...SIX_ROUNDS, "--security", "explicit"],
    ownDecision: true,
    expect: {
      verdict: "healthy",
      causes: [],
      modes: underTls({ epsv: "works", pasv: "works" }),
      rates: { "epsv/tls/ipv4": "6 of 6", "pasv/tls/ipv4": "6 of 6" },
      changes: ["certificate"],
    },
  },
];
