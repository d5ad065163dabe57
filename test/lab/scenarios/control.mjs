import { NAME, SERVER, SERVER_V6 } from "../addresses.mjs";
import { rule } from "../firewalls.mjs";
import { ALL_WORK, withEachProduct } from "../scenario.mjs";

/**
 * Nobody gets as far as a session.
 * @param {string} id
 * @param {string} outcome of the control connection
 * @returns {import("../scenario.mjs").Expected}
 */
function noSession(id, outcome) {
  return {
    verdict: "broken",
    causes: [id],
    severities: { [id]: "critical" },
    control: { [SERVER]: outcome },
    modes: {},
  };
}

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "control-dropped",
    title: "a firewall drops the control port",
    server: { product: "vsftpd" },
    firewall: { server: rule("input", "tcp dport 21 drop") },
    expect: noSession("ctl-timeout", "timed-out"),
  },
  {
    name: "control-not-forwarded",
    title: "the server's NAT router forwards no port at all",
    server: { product: "vsftpd" },
    topology: { server: "nat", forwarded: "8080" },
    expect: noSession("ctl-timeout", "timed-out"),
  },
  {
    name: "control-nothing-listens",
    title: "no server runs on the host",
    server: null,
    expect: noSession("ctl-refused", "refused"),
  },
  {
    name: "control-reset",
    title: "a firewall answers the control port with a reset",
    server: { product: "vsftpd" },
    firewall: { server: rule("input", "tcp dport 21 reject with tcp reset") },
    expect: noSession("ctl-refused", "refused"),
  },
  {
    name: "control-prohibited",
    title: "a firewall rejects the control port (ICMP administratively prohibited)",
    server: { product: "vsftpd" },
    firewall: { server: rule("input", "tcp dport 21 reject with icmpx admin-prohibited") },
    expect: noSession("ctl-unreachable", "unreachable"),
  },
  {
    name: "control-host-unreachable",
    title: "a router knows no way to the host (ICMP host unreachable)",
    server: { product: "vsftpd" },
    firewall: { router: rule("forward", "tcp dport 21 reject with icmp host-unreachable") },
    expect: noSession("ctl-unreachable", "unreachable"),
  },
  ...withEachProduct((product) => ({
    name: "ipv6-dropped",
    title: "the name has an IPv6 address that does not answer, beside a working IPv4 one",
    server: { product },
    target: NAME,
    firewall: { router: rule("forward", "meta nfproto ipv6 drop") },
    expect: {
      verdict: "degraded",
      causes: ["ipv6-broken-path"],
      notCauses: ["ctl-timeout", "ctl-unreachable"],
      severities: { "ipv6-broken-path": "warning" },
      control: { [SERVER]: "ready", [SERVER_V6]: "timed-out" },
      modes: ALL_WORK,
    },
  })),
  {
    name: "ipv6-prohibited",
    title: "a firewall rejects IPv6 (ICMPv6 administratively prohibited), beside a working IPv4",
    server: { product: "vsftpd" },
    target: NAME,
    firewall: { router: rule("forward", "meta nfproto ipv6 reject with icmpv6 admin-prohibited") },
    expect: {
      verdict: "degraded",
      causes: ["ipv6-broken-path"],
      notCauses: ["ctl-timeout", "ctl-unreachable"],
      severities: { "ipv6-broken-path": "warning" },
      control: { [SERVER]: "ready", [SERVER_V6]: "unreachable" },
      modes: ALL_WORK,
    },
  },
];
