import { FTP_HELPER, rule } from "../firewalls.mjs";
import { ACTIVE_REFUSED, ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

/** Nobody asked for active mode, so that it fails is worth knowing and no more. */
const ACTIVE_BLOCKED = inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" });

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "client-nat",
    // ProFTPD on a public address takes a private one in PORT for a mistake and calls the control connection's address instead.
    title:
      product === "proftpd"
        ? "client behind NAT; the server calls the client's router, which knows of nothing"
        : "client behind NAT; the server refuses to call the private address in PORT and EPRT",
    server: { product },
    topology: { client: "nat" },
    expect: {
      verdict: "healthy",
      causes: ["port-private-address"],
      notCauses: ["port-disabled", "port-client-firewall", "eprt-unsupported"],
      severities: { "port-private-address": "notice" },
      modes: product === "proftpd" ? ACTIVE_BLOCKED : ACTIVE_REFUSED,
    },
  })),
  {
    name: "vsftpd-client-nat-helper",
    title: "vsftpd: client behind NAT whose router's FTP helper makes active mode work",
    server: { product: "vsftpd" },
    topology: { client: "nat" },
    firewall: { home: FTP_HELPER },
    expect: { verdict: "healthy", causes: [], notCauses: ["port-private-address"], modes: ALL_WORK },
  },
  ...withEachProduct((product) => ({
    name: "client-firewall",
    title: "the client's firewall drops what comes in by itself",
    server: { product },
    firewall: { client: rule("input", "tcp flags & (syn | ack) == syn drop") },
    expect: {
      verdict: "healthy",
      causes: ["port-client-firewall"],
      notCauses: ["port-private-address", "port-disabled"],
      severities: { "port-client-firewall": "notice" },
      modes: ACTIVE_BLOCKED,
    },
  })),
  {
    name: "vsftpd-client-firewall-resets",
    title: "vsftpd: the client's firewall resets what comes in by itself",
    server: { product: "vsftpd" },
    firewall: { client: rule("input", "tcp flags & (syn | ack) == syn reject with tcp reset") },
    expect: {
      verdict: "healthy",
      causes: ["port-client-firewall"],
      severities: { "port-client-firewall": "notice" },
      modes: ACTIVE_BLOCKED,
    },
  },
];
