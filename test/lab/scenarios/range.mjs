import { RANGE } from "../addresses.mjs";
import { rule } from "../firewalls.mjs";
import { inClear, withEachProduct } from "../scenario.mjs";

/** Servers draw their ports by chance, so which modes meet an open one is chance as well; enough offers show both. */
const PARTLY = {
  verdict: /** @type {const} */ (["degraded", "broken"]),
  causes: ["pasv-range-partly-open"],
  notCauses: [
    "pasv-ports-filtered",
    "pasv-ports-refused",
    "pasv-ports-rejected",
    "alg-no-epsv",
    "pasv-lb-other-backend",
  ],
  modes: inClear({ epsv: ["works", "blocked"], pasv: ["works", "blocked"], eprt: "works", port: "works" }),
};
const SAMPLES = ["--samples", "24"];
const MIDDLE = 40025;

const PARTS = [
  {
    name: "lower-half",
    title: "the firewall lets the lower half of the range in and drops the upper",
    closed: `${MIDDLE}-${RANGE.to}`,
    how: "drop",
  },
  {
    name: "upper-half",
    title: "the firewall lets the upper half of the range in and resets the lower",
    closed: `${RANGE.from}-${MIDDLE}`,
    how: "reject with tcp reset",
  },
  {
    name: "middle",
    title: "the firewall rejects the middle of the range (ICMP)",
    closed: "40012-40037",
    how: "reject with icmpx admin-prohibited",
  },
];

/** Ranges of the server and of its firewall that do not agree. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...PARTS.flatMap(({ name, title, closed, how }) =>
    withEachProduct((product) => ({
      name: `range-${name}`,
      title,
      server: { product },
      firewall: { server: rule("input", `tcp dport ${closed} ${how}`) },
      options: SAMPLES,
      expect: PARTLY,
    })),
  ),
  {
    name: "vsftpd-range-hole",
    title: "vsftpd: one port of four is blocked, because another service has a rule for it",
    server: { product: "vsftpd", range: { from: 40000, to: 40003 } },
    firewall: { server: rule("input", "tcp dport 40002 drop") },
    options: SAMPLES,
    expect: PARTLY,
  },
  {
    name: "proftpd-range-shifted",
    title: "ProFTPD: the firewall opens a range that begins and ends fifty ports higher than the server's",
    server: { product: "proftpd", range: { from: 40000, to: 40099 } },
    firewall: { server: rule("input", "tcp flags & (syn | ack) == syn tcp dport { 1024-40049, 40150-65535 } drop") },
    options: SAMPLES,
    expect: PARTLY,
  },
  {
    name: "vsftpd-range-not-set",
    title: "vsftpd takes any port, and the firewall opens a range it was never told of",
    server: { product: "vsftpd", range: { from: 0, to: 0 } },
    firewall: {
      server: rule(
        "input",
        `tcp dport 1024-65535 tcp dport != ${RANGE.from}-${RANGE.from + 2} tcp flags & (syn | ack) == syn drop`,
      ),
    },
    expect: {
      verdict: "broken",
      // None of some twenty ports drawn from tens of thousands is one of the three that are open: with fifty, every sixtieth run met one.
      causes: ["pasv-ports-filtered"],
      notCauses: ["pasv-ports-refused", "pasv-ports-rejected", "pasv-private-address"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "pure-ftpd-range-beside",
    title: "Pure-FTPd: the firewall opens the range of another server product; not one port is shared",
    server: { product: "pure-ftpd", range: { from: 30000, to: 30050 } },
    firewall: { server: rule("input", "tcp dport 30000-30050 drop") },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      notCauses: ["pasv-range-partly-open"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
];
