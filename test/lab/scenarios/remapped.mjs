import { RANGE, SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { translation } from "../firewalls.mjs";
import { PASSIVE_BLOCKED } from "../scenario.mjs";

/**
 * Passive ports that a NAT forwards with other numbers.
 * @param {{ from: number, to: number }} inside the server's own
 * @param {number} higher so much higher they are outside
 */
function remapped({ from, to }, higher) {
  const pairs = Array.from({ length: to - from + 1 }, (_, index) => from + index).map(
    (port) => `${port + higher} : ${SERVER_INSIDE} . ${port}`,
  );
  return translation(
    "prerouting",
    `iifname "outside" ip daddr ${SERVER} tcp dport ${from + higher}-${to + higher} dnat to tcp dport map { ${pairs.join(", ")} }`,
  );
}

const FEW = { from: 8081, to: 8089 };
const LOOK_ALIKES = [
  "pasv-ports-refused",
  "pasv-ports-filtered",
  "pasv-ports-rejected",
  "pasv-ports-not-forwarded",
  "pasv-port-out-of-range",
  "pasv-port-wrong",
];

/**
 * What `ports` finds where the numbers of the outside are named.
 * @param {string[]} ipv4
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 * @returns {import("../scenario.mjs").Expected}
 */
function proven(ipv4, more = {}) {
  return {
    verdict: "degraded",
    causes: ["pasv-port-remapped"],
    notCauses: LOOK_ALIKES,
    modes: {},
    swept: { ipv4 },
    ...more,
  };
}

/** @type {Pick<import("../scenario.mjs").Scenario, "command" | "ownDecision">} */
const SWEEP = { command: "ports", ownDecision: true };

/** @type {import("../scenario.mjs").Scenario["mended"]} */
const NUMBERS_OF_THE_OUTSIDE = {
  "pasv-port-remapped": {
    on: ["router"],
    because: "the server's half mends nothing before the NAT forwards to the same numbers",
  },
};

/** A server whose passive ports have other numbers outside. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "vsftpd-range-remapped",
    title:
      "vsftpd in a container whose passive ports are published with numbers 1000 higher; the host refuses the others",
    server: { product: "vsftpd", advertise: SERVER },
    topology: { server: "nat", forwarded: "21", closed: "reset" },
    firewall: { router: remapped(RANGE, 1000) },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-refused"],
      rivals: ["pasv-port-remapped"],
      advertised: SERVER,
      modes: PASSIVE_BLOCKED,
    },
  },
  {
    name: "proftpd-range-remapped-dropping",
    title: "ProFTPD behind NAT that forwards the passive ports with numbers 1000 higher and drops the others",
    server: { product: "proftpd", advertise: SERVER },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: remapped(RANGE, 1000) },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      rivals: ["pasv-port-remapped"],
      advertised: SERVER,
      modes: PASSIVE_BLOCKED,
    },
  },
  {
    ...SWEEP,
    name: "ports-remapped",
    mended: NUMBERS_OF_THE_OUTSIDE,
    title: "vsftpd in a container: 8081-8089 inside are 8181-8189 outside, and the host refuses the others",
    server: { product: "vsftpd", advertise: SERVER, range: FEW },
    topology: { server: "nat", forwarded: "21", closed: "reset" },
    firewall: { router: remapped(FEW, 100) },
    options: ["--range", "8181-8189"],
    expect: proven(["8181-8189 closed"], { says: ["each 100 higher"] }),
  },
  {
    ...SWEEP,
    name: "ports-remapped-dropping",
    mended: NUMBERS_OF_THE_OUTSIDE,
    title: "Pure-FTPd behind NAT with the ports 1000 higher outside; the others are dropped",
    server: { product: "pure-ftpd", advertise: SERVER },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: remapped(RANGE, 1000) },
    options: ["--range", `${RANGE.from + 1000}-${RANGE.to + 1000}`],
    expect: proven([`${RANGE.from + 1000}-${RANGE.to + 1000} closed`], { says: ["each 1000 higher"] }),
  },
  {
    ...SWEEP,
    name: "ports-remapped-odd-offset",
    mended: NUMBERS_OF_THE_OUTSIDE,
    title: "ProFTPD under TLS, the ports 317 higher outside, within a declared range that is wider than its own",
    server: { product: "proftpd", advertise: SERVER, range: FEW, tls: { certificate: "good" } },
    trustsLab: true,
    topology: { server: "nat", forwarded: "21", closed: "reset" },
    firewall: { router: remapped(FEW, 317) },
    options: ["--range", "8390-8410"],
    expect: proven(["8390-8410 closed"], { says: ["each 317 higher"] }),
  },
  {
    ...SWEEP,
    name: "ports-remapped-elsewhere",
    title: "the range that was named leads to another machine, on which nobody listens: it is not the server's",
    server: { product: "vsftpd", advertise: SERVER, range: FEW },
    topology: { server: "nat", forwarded: "21", closed: "reset" },
    options: ["--range", "8181-8189"],
    expect: proven(["8181-8189 closed"], {
      causes: ["pasv-port-out-of-range"],
      notCauses: ["pasv-port-remapped"],
      rivals: ["pasv-port-remapped"],
    }),
  },
];
