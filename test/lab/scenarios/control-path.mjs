import { CLIENT, NAME, NOBODY, SERVER, SERVER_TOO } from "../addresses.mjs";
import { rule, translation } from "../firewalls.mjs";
import { ALL_WORK, inClear } from "../scenario.mjs";

/**
 * Nobody gets as far as a session.
 * @param {string} id
 * @param {import("../scenario.mjs").OneOf<string>} outcome of the control connection
 * @param {string} [truth] what cannot be told from it
 * @returns {import("../scenario.mjs").Expected}
 */
function noSession(id, outcome, truth) {
  return {
    verdict: "broken",
    causes: [id],
    ...(truth === undefined ? {} : { rivals: [truth] }),
    notCauses: ["ctl-timeout", "ctl-refused", "ctl-unreachable", "ctl-dns"].filter((other) => other !== id),
    severities: { [id]: "critical" },
    control: { [SERVER]: outcome },
    modes: {},
  };
}

/** One of two addresses of the name does not answer. @param {string} id @param {import("../scenario.mjs").OneOf<string>} outcome */
function oneDead(id, outcome) {
  return {
    verdict: /** @type {const} */ ("degraded"),
    causes: [id],
    notCauses: ["ctl-dns", "ipv6-broken-path", "pasv-multi-address-server"],
    severities: { [id]: /** @type {const} */ ("warning") },
    control: { [SERVER]: "ready", [SERVER_TOO]: outcome },
    modes: ALL_WORK,
  };
}

/** The way to the control port. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "control-banned-port",
    title: "the client's address is banned from port 21 (as fail2ban does); other ports of the host answer",
    server: { product: "vsftpd" },
    firewall: { server: rule("input", `ip saddr ${CLIENT} tcp dport 21 drop`) },
    expect: noSession("ctl-timeout", "timed-out", "ctl-source-banned"),
  },
  {
    name: "control-banned-all",
    title: "the client's address is banned from the whole host (as lfd does), with iptables",
    server: { product: "proftpd" },
    commands: { server: [`iptables-nft -I INPUT -s ${CLIENT} -j DROP`.split(" ")] },
    expect: noSession("ctl-timeout", "timed-out", "ctl-source-banned"),
  },
  {
    name: "control-banned-reset",
    title: "the client's address is banned from port 21 with a reset",
    server: { product: "pure-ftpd" },
    firewall: { server: rule("input", `ip saddr ${CLIENT} tcp dport 21 reject with tcp reset`) },
    expect: noSession("ctl-refused", "refused"),
  },
  {
    name: "control-on-another-port",
    title: "the server listens on port 2121 and was looked for on port 21",
    server: { product: "vsftpd", port: 2121, options: { listen_port: 2121 } },
    expect: noSession("ctl-refused", "refused"),
  },
  {
    name: "control-host-down",
    title: "no machine has the address: the last router says so after it asked for a while",
    server: null,
    topology: { client: "nat" },
    target: "203.0.113.99",
    expect: { ...noSession("ctl-unreachable", "unreachable"), control: { "203.0.113.99": "unreachable" } },
  },
  {
    name: "control-nobody",
    title: "the address belongs to nobody, and packets to it vanish",
    server: null,
    target: NOBODY,
    expect: { ...noSession("ctl-timeout", "timed-out"), control: { [NOBODY]: "timed-out" } },
  },
  ...["net-unreachable", "net-prohibited", "host-prohibited"].map((answer) => ({
    name: `control-${answer}`,
    title: `a router rejects the control port (ICMP ${answer})`,
    server: { product: /** @type {const} */ ("vsftpd") },
    firewall: { router: rule("forward", `tcp dport 21 reject with icmp ${answer}`) },
    expect: noSession("ctl-unreachable", "unreachable"),
  })),
  {
    name: "control-iptables-final-reject",
    title:
      "the rules of older Red Hat systems: SSH is accepted and the rest rejected (ICMP host prohibited), with iptables",
    server: { product: "vsftpd" },
    commands: {
      server: [
        "iptables-legacy -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
        "iptables-legacy -A INPUT -p tcp --dport 22 -j ACCEPT",
        "iptables-legacy -A INPUT -j REJECT --reject-with icmp-host-prohibited",
      ].map((line) => line.split(" ")),
    },
    expect: noSession("ctl-unreachable", "unreachable"),
  },
  {
    name: "control-forwarded-to-nobody",
    title: "the NAT router forwards port 21 to a machine that has gone",
    server: { product: "vsftpd" },
    topology: { server: "nat" },
    firewall: {
      router: translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport 21 dnat to 10.0.0.77`),
    },
    expect: noSession("ctl-unreachable", "unreachable"),
  },
  {
    name: "control-forwarded-to-the-wrong-port",
    title: "the NAT router forwards port 21 to a port of the server where nothing listens",
    server: { product: "vsftpd" },
    topology: { server: "nat" },
    firewall: {
      router: translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport 21 dnat to 10.0.0.2:2100`),
    },
    expect: noSession("ctl-refused", "refused"),
  },
  {
    name: "control-cut-midway",
    title: "a device resets the control connection after some commands",
    server: { product: "vsftpd" },
    firewall: { router: rule("forward", "tcp dport 21 ct original packets > 12 reject with tcp reset") },
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["ctl-closed-mid-session"],
      notCauses: ["ctl-idle-timeout", "ctl-nat-idle-drop", "srv-session-crash", "pasv-alg-reset", "ctl-timeout"],
      control: { [SERVER]: "ready" },
      modes: inClear({
        epsv: ["works", "blocked", "inconclusive"],
        pasv: ["works", "blocked", "inconclusive"],
        eprt: ["works", "blocked", "inconclusive"],
        port: ["works", "blocked", "inconclusive"],
      }),
    },
  },
  {
    name: "two-addresses-one-dropped",
    title: "the name has two IPv4 addresses, and one of them does not answer",
    server: { product: "vsftpd" },
    topology: { also: [`${SERVER_TOO}/24`] },
    names: [SERVER, SERVER_TOO],
    target: NAME,
    firewall: { router: rule("forward", `ip daddr ${SERVER_TOO} drop`) },
    mended: { "ctl-timeout": { on: [], because: "everything for that address is dropped, not a port" } },
    expect: oneDead("ctl-timeout", "timed-out"),
  },
  {
    name: "two-addresses-one-refused",
    title: "the name has two IPv4 addresses, and the server listens on one of them",
    server: { product: "vsftpd", advertise: SERVER, options: { listen_address: SERVER } },
    topology: { also: [`${SERVER_TOO}/24`] },
    names: [SERVER, SERVER_TOO],
    target: NAME,
    expect: oneDead("ctl-refused", "refused"),
  },
];
