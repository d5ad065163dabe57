import { SERVER } from "../addresses.mjs";
import { rule, TO_HIGH_PORTS, translation } from "../firewalls.mjs";
import { ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

/** A folder whose listing takes some forty full packets, and what it takes to ask for it. */
const MANY = { manyFiles: 800 };
const LIST_MANY = `ftp://${SERVER}/pub/many`;

/** Packets above 1000 bytes do not fit towards the client, and nobody says so. */
const BLACK_HOLE = {
  commands: { router: ["ip link set outside mtu 1000".split(" ")] },
  firewall: { router: rule("output", "icmp type destination-unreachable icmp code frag-needed drop") },
};

/** Ends data connections that carried more: the client hears a reset, and answers whatever still comes with one of its own. */
const CUT_AT = rule(
  "forward",
  'iifname "outside" tcp dport != 21 tcp flags & rst == 0 ct bytes > 6000 reject with tcp reset',
);

/** The kernel's SYN proxy: it answers every connection itself, and only then opens one to the server. */
const SYN_PROXY = `table inet protect {
  chain strangers {
    type filter hook prerouting priority raw
    iifname "outside" tcp flags & (syn | ack) == syn notrack
  }
  chain joined {
    type filter hook forward priority filter
    iifname "outside" ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
    ct state invalid drop
  }
}`;
const STRICT_TRACKING = ["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0"];

/** What a listing of many packets makes of all four modes. */
const ALL_BLOCKED = inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" });

/** The way itself: packets that are too large, connections that are cut, devices that answer for others. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "mtu-black-hole",
    title: "full packets vanish on the way to the client, and the folder takes many of them",
    server: { product, ...MANY },
    target: LIST_MANY,
    ...BLACK_HOLE,
    expect: {
      verdict: "broken",
      causes: ["data-pmtu-blackhole"],
      notCauses: ["pasv-ports-filtered", "data-connect-no-data", "ctl-tarpit", "srv-slow-listing", "data-reset-midway"],
      severities: { "data-pmtu-blackhole": "error" },
      modes: ALL_BLOCKED,
    },
  })),
  {
    name: "vsftpd-mtu-black-hole-unseen",
    title: "vsftpd: the same way, but a listing that fits into one packet: nothing to be seen",
    server: { product: "vsftpd" },
    ...BLACK_HOLE,
    expect: { verdict: "healthy", causes: [], notCauses: ["data-pmtu-blackhole"], modes: ALL_WORK },
  },
  {
    name: "vsftpd-mtu-small-but-told",
    title: "vsftpd: the way takes 1000 bytes at most and says so (ICMP fragmentation needed): large listings work",
    server: { product: "vsftpd", ...MANY },
    target: LIST_MANY,
    commands: BLACK_HOLE.commands,
    expect: { verdict: "healthy", causes: [], notCauses: ["data-pmtu-blackhole"], modes: ALL_WORK },
  },
  {
    name: "proftpd-mtu-clamped",
    title: "ProFTPD: the black hole, and a router that clamps the segment size: large listings work",
    server: { product: "proftpd", ...MANY },
    target: LIST_MANY,
    commands: BLACK_HOLE.commands,
    firewall: {
      router: `${BLACK_HOLE.firewall.router}\n${rule("forward", "tcp flags syn tcp option maxseg size set 940")}`,
    },
    expect: { verdict: "healthy", causes: [], notCauses: ["data-pmtu-blackhole"], modes: ALL_WORK },
  },
  // Pure-FTPd calls the listing complete, and what was cut off cannot be seen.
  ...withEachProduct((product) => ({
    name: "data-cut-midway",
    title: "a device resets data connections after 6000 bytes",
    server: { product, ...MANY },
    target: LIST_MANY,
    firewall: { router: CUT_AT },
    expect: {
      verdict: "broken",
      causes: ["data-reset-midway"],
      notCauses: ["data-pmtu-blackhole", "data-aborted-by-server", "pasv-ports-refused", "data-connect-no-data"],
      modes: ALL_BLOCKED,
    },
  })).filter(({ server }) => server?.product !== "pure-ftpd"),
  {
    name: "vsftpd-syn-proxy",
    title: "vsftpd: a SYN proxy answers for the server, and joins the connections as it should",
    server: { product: "vsftpd" },
    firewall: { router: SYN_PROXY },
    commands: { router: [STRICT_TRACKING] },
    expect: { verdict: "healthy", causes: [], notCauses: ["ctl-tarpit"], modes: ALL_WORK },
  },
  {
    name: "vsftpd-syn-proxy-and-range-dropped",
    title:
      "vsftpd: the passive range is dropped behind a SYN proxy, so every connection comes about and carries nothing",
    server: { product: "vsftpd" },
    firewall: { router: SYN_PROXY, server: rule("input", `${TO_HIGH_PORTS} drop`) },
    commands: { router: [STRICT_TRACKING] },
    expect: {
      verdict: "broken",
      causes: ["ctl-tarpit"],
      notCauses: ["pasv-ports-filtered", "data-pmtu-blackhole", "pasv-peer-ip-mismatch"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "tarpit",
    title: "a tarpit accepts connections to every port and says nothing",
    server: { product: "vsftpd" },
    firewall: { server: translation("prerouting", "tcp dport 1-65535 redirect to :9") },
    mute: [{ on: "server", port: 9 }],
    expect: {
      verdict: "broken",
      causes: ["ctl-tarpit"],
      notCauses: ["ctl-no-banner", "ctl-banner-delay", "tls-mode-mismatch"],
      control: { [SERVER]: "silent" },
      modes: {},
    },
  },
  {
    name: "control-port-mute",
    title: "what listens on port 21 says nothing; other ports are closed as they should be",
    server: null,
    mute: [{ on: "server", port: 21 }],
    expect: {
      verdict: "broken",
      causes: ["ctl-no-banner"],
      notCauses: ["ctl-tarpit", "ctl-banner-delay"],
      control: { [SERVER]: "silent" },
      modes: {},
    },
  },
  ...withEachProduct((product) => ({
    name: "tarpit-for-data",
    title: "a device accepts connections to every port but 21 and says nothing",
    server: { product },
    firewall: {
      router: translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport != 21 dnat to 203.0.113.1:9`),
    },
    mute: [{ on: "router", port: 9 }],
    expect: {
      verdict: "broken",
      causes: ["ctl-tarpit"],
      notCauses: ["pasv-ports-filtered", "data-pmtu-blackhole", "pasv-peer-ip-mismatch", "pasv-lb-other-backend"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  })),
  {
    name: "vsftpd-idle-dropped",
    title: "vsftpd: a router forgets connections that are idle for three seconds, and drops what it does not know",
    server: { product: "vsftpd" },
    commands: {
      router: [STRICT_TRACKING, ["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_timeout_established=3"]],
    },
    firewall: { router: rule("forward", "ct state invalid drop") },
    options: ["--hold", "8"],
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["ctl-nat-idle-drop"],
      notCauses: ["ctl-idle-timeout", "ctl-closed-mid-session"],
      modes: ALL_WORK,
    },
  },
  {
    name: "vsftpd-idle-client-nat",
    title:
      "vsftpd: the client's NAT forgets connections that are idle for three seconds; the server then hears of a stranger",
    server: { product: "vsftpd" },
    topology: { client: "nat" },
    commands: {
      home: [STRICT_TRACKING, ["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_timeout_established=3"]],
    },
    firewall: { home: rule("forward", "ct state invalid drop") },
    options: ["--hold", "8"],
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["ctl-nat-idle-drop", "port-private-address"],
      notCauses: ["ctl-idle-timeout", "ctl-closed-mid-session"],
      modes: inClear({ epsv: "works", pasv: "works", eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "vsftpd-server-idle-timeout",
    title: "vsftpd: the server itself ends sessions that are idle for three seconds, and says so",
    server: { product: "vsftpd", options: { idle_session_timeout: 3 } },
    options: ["--hold", "8"],
    expect: {
      verdict: ["healthy", "degraded"],
      causes: ["ctl-idle-timeout"],
      notCauses: ["ctl-nat-idle-drop", "ctl-closed-mid-session"],
      modes: ALL_WORK,
    },
  },
  {
    name: "vsftpd-held-and-healthy",
    title: "vsftpd: a session that is held idle for some seconds, and nothing minds",
    server: { product: "vsftpd" },
    options: ["--hold", "5"],
    expect: { verdict: "healthy", causes: [], modes: ALL_WORK },
  },
];
