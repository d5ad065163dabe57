import { NAME, PORTS, RANGE, SERVER, SERVER_V6 } from "../addresses.mjs";
import { FTP_HELPER, NO_HIGH_PORTS, rule, stateful, TO_HIGH_PORTS, thirdSyn, translation } from "../firewalls.mjs";
import { IN_CLEAR, inClear } from "../scenario.mjs";

const MIDDLE = 40025;
const PORT_FAULTS = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"];
/** The whole range, and ports around it that no rule speaks of. */
const AROUND = ["--range", `${RANGE.from}-${RANGE.to}`];

/**
 * What `ports` finds out over IPv4; no mode is tried by it.
 * @param {import("../scenario.mjs").Expected["verdict"]} verdict
 * @param {string[]} ipv4
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 * @returns {import("../scenario.mjs").Expected}
 */
function finds(verdict, ipv4, more = {}) {
  return { verdict, causes: [], modes: {}, swept: { ipv4 }, ...more };
}

/** @type {Pick<import("../scenario.mjs").Scenario, "command" | "server" | "options" | "ownDecision">} */
const SWEEP = { command: "ports", server: { product: "vsftpd" }, options: AROUND, ownDecision: true };

/**
 * A router that remembers so many connections, and drops new ones where its table is full. The kernel's own limit (nf_conntrack_max) is
 * the whole machine's and cannot be set in a namespace; connections that are over do not count here, as they do there for some seconds.
 * @param {number} entries
 * @param {number} halfOpenSeconds that a connection is remembered whose SYN nobody has answered
 * @returns {Pick<import("../scenario.mjs").Scenario, "commands"> & { router: string }}
 */
function connectionTable(entries, halfOpenSeconds) {
  const timeout = `net.netfilter.nf_conntrack_tcp_timeout_syn_sent=${halfOpenSeconds}`;
  return {
    commands: { router: [["sysctl", "-qw", timeout]] },
    router: rule("forward", `iifname "outside" ct state new ct count over ${entries} drop`),
  };
}

const SMALL_TABLE = connectionTable(300, 1);
const SLOW_TABLE = connectionTable(200, 120);

const GOOD = /** @type {const} */ ({ certificate: "good" });
/** The lab's own account, whose password goes under TLS alone. */
const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });

const CALLED = ["--active-ports", "50000-50007"];

/**
 * What `ports --active-ports` finds out over IPv4.
 * @param {import("../scenario.mjs").Expected["verdict"]} verdict
 * @param {string[]} ipv4
 * @param {import("../scenario.mjs").OneOf<string | null>} fromPort20
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 * @returns {import("../scenario.mjs").Expected}
 */
function called(verdict, ipv4, fromPort20, more = {}) {
  return { verdict, causes: [], modes: {}, called: { ipv4 }, fromPort20, ...more };
}

/** The client's own firewall is at fault, and named with the ports that it stops. @param {"warning" | "error"} severity */
const stoppedHere = (severity) => ({
  causes: ["port-client-firewall"],
  notCauses: ["port-server-egress-blocked", "port-private-address", "mode-unexplained"],
  severities: { "port-client-firewall": severity },
});

/** Passive ports mapped by `ftp-doctor ports`. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    ...SWEEP,
    name: "ports-healthy",
    title: "nothing stands before the passive range of an idle server: every port is closed, which is as it should be",
    expect: finds("healthy", [`${PORTS} closed`], {
      notCauses: PORT_FAULTS,
      says: [`All of the 51 ports from ${RANGE.from} to ${RANGE.to}`],
    }),
  },
  {
    ...SWEEP,
    name: "ports-offers-only",
    title: "no range is declared: the offers alone tell",
    options: [],
    expect: { verdict: "healthy", causes: [], modes: {}, swept: {}, says: ["ports offered"] },
  },
  {
    ...SWEEP,
    name: "ports-half-open",
    title: "the firewall lets the lower half of the passive range in and drops the upper",
    firewall: { server: rule("input", `tcp dport ${MIDDLE + 1}-${RANGE.to} drop`) },
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} filtered`], {
      causes: ["pasv-range-partly-open"],
      notCauses: PORT_FAULTS,
      severities: { "pasv-range-partly-open": "warning" },
      says: [`${RANGE.from}-${MIDDLE} answer, above nothing does`],
    }),
  },
  {
    ...SWEEP,
    name: "ports-wide-half-open",
    title: "vsftpd keeps to a thousand ports, of which the firewall lets the first seven hundred in",
    server: { product: "vsftpd", range: { from: 49152, to: 50151 } },
    options: ["--range", "49152-50151"],
    firewall: { server: rule("input", "tcp dport 49852-50151 drop") },
    expect: finds("degraded", ["49152-49851 closed", "49852-50151 filtered"], {
      causes: ["pasv-range-partly-open"],
      says: ["49152-49851 answer, above nothing does"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-hole",
    title: "three ports in the middle of the range are dropped",
    firewall: { server: rule("input", "tcp dport 40010-40012 drop") },
    expect: finds("degraded", ["40000-40009 closed", "40010-40012 filtered", "40013-40050 closed"], {
      causes: ["pasv-range-partly-open"],
      says: ["40010-40012 do not answer"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-filtered",
    title: "a firewall drops the whole passive range",
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: finds("broken", [`${PORTS} filtered`], {
      causes: ["pasv-ports-filtered"],
      notCauses: ["pasv-range-partly-open", "pasv-ports-refused", "pasv-ports-rejected"],
      severities: { "pasv-ports-filtered": "error" },
    }),
  },
  {
    ...SWEEP,
    name: "ports-rejected",
    title: "a firewall rejects the whole passive range (ICMP)",
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with icmpx admin-prohibited`) },
    // Linux sends few ICMP errors in a second: which ports meet silence instead is chance.
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-rejected"],
      notCauses: ["pasv-range-partly-open", "pasv-ports-refused", "pasv-ports-filtered"],
      modes: {},
      says: ["None of the 51 ports", "a firewall rejects"],
    },
  },
  {
    ...SWEEP,
    name: "ports-rejected-by-default",
    title:
      "a firewall rejects the whole passive range as nft does by default (ICMP port unreachable), which systems report as a refusal",
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject`) },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-rejected"],
      notCauses: ["pasv-range-partly-open", "pasv-ports-refused", "pasv-ports-filtered"],
      modes: {},
      says: ["None of the 51 ports", "a firewall rejects"],
    },
  },
  {
    ...SWEEP,
    name: "ports-reset",
    title: "a firewall answers with resets in the server's place: the ports look closed, and no offer opens",
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with tcp reset`) },
    expect: finds("broken", [`${PORTS} closed`], { causes: ["pasv-ports-refused"] }),
  },
  {
    ...SWEEP,
    name: "ports-taken",
    title: "another service listens in the middle of the passive range",
    mute: [{ on: "server", port: 40040 }],
    server: { product: "vsftpd", range: { from: 40000, to: 40030 } },
    expect: finds("healthy", ["40000-40039 closed", "40040 open", "40041-40050 closed"], {
      notCauses: PORT_FAULTS,
      says: ["Another service listens on 40040"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-range-exhausted",
    title: "vsftpd: sessions of others hold every port of a range of three",
    server: { product: "vsftpd", range: { from: 40000, to: 40002 } },
    held: { from: "client", sessions: 3, listening: true },
    options: ["--range", "40000-40002"],
    expect: finds("broken", ["40000-40002 open"], {
      causes: ["pasv-range-exhausted"],
      notCauses: [...PORT_FAULTS, "srv-session-crash", "ctl-closed-mid-session", "ctl-tarpit"],
      severities: { "pasv-range-exhausted": "error" },
      says: ["no passive port left"],
    }),
  },
  {
    name: "vsftpd-range-exhausted",
    title: "vsftpd: the same, asked by a probe",
    server: { product: "vsftpd", range: { from: 40000, to: 40002 } },
    held: { from: "client", sessions: 3, listening: true },
    expect: {
      verdict: "broken",
      causes: ["pasv-range-exhausted"],
      notCauses: ["srv-session-crash", "ctl-closed-mid-session", "pasv-disabled"],
      modes: inClear({ epsv: "refused", pasv: ["refused", "blocked"], eprt: "works", port: "works" }),
    },
  },
  {
    ...SWEEP,
    name: "ports-half-redirected",
    title:
      "a rule on the server's host leads the upper half of the range to something else, which accepts and says nothing",
    firewall: { server: translation("prerouting", `tcp dport ${MIDDLE + 1}-${RANGE.to} redirect to :9`) },
    mute: [{ on: "server", port: 9 }],
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} open`], {
      causes: ["pasv-range-partly-open"],
      notCauses: [...PORT_FAULTS, "ctl-tarpit"],
      severities: { "pasv-range-partly-open": "warning" },
      says: ["something else answers there"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-user-proxy",
    title:
      "a container's ports are published by programs that take every connection themselves, as docker-proxy does: a sweep cannot tell",
    server: { product: "vsftpd", advertise: SERVER },
    topology: { server: "nat", serverInside: "172.17.0.2", forwarded: "1" },
    commands: { router: [["nft", "flush", "chain", "inet", "topology", "own_ports"]] },
    userProxy: [{ on: "router", ports: [21, ...Array.from({ length: 51 }, (_, index) => RANGE.from + index)] }],
    expect: finds("undetermined", [`${PORTS} open`], {
      notCauses: [...PORT_FAULTS, "ctl-tarpit", "pasv-range-exhausted", "pasv-range-partly-open"],
      says: ["something before it answers"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-tarpit",
    title: "a device accepts connections to every port but 21",
    firewall: {
      router: translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport != 21 dnat to 203.0.113.1:9`),
    },
    mute: [{ on: "router", port: 9 }],
    expect: finds("undetermined", [`${PORTS} open`], {
      causes: ["ctl-tarpit"],
      says: ["something before it answers in its place"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-tarpit-offers-only",
    title: "the same, and no range is declared",
    options: [],
    firewall: {
      router: translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport != 21 dnat to 203.0.113.1:9`),
    },
    mute: [{ on: "router", port: 9 }],
    expect: {
      verdict: "undetermined",
      causes: ["ctl-tarpit"],
      modes: {},
      swept: {},
      says: ["something before it answers in its place"],
    },
  },
  {
    ...SWEEP,
    name: "ports-syn-limit",
    title: "a firewall lets thirty SYN in a second, and twenty at once: what it drops beyond that is no closed range",
    firewall: {
      server: rule(
        "input",
        "tcp dport 1024-65535 tcp flags & (syn | ack) == syn limit rate over 30/second burst 20 packets drop",
      ),
    },
    expect: finds("healthy", [`${PORTS} closed`], { notCauses: [...PORT_FAULTS, "pasv-range-partly-open"] }),
  },
  {
    ...SWEEP,
    name: "ports-syn-limit-no-burst",
    title: "a firewall lets fifty SYN in a second, and hardly any at once: nothing is rejected, and no helper at work",
    firewall: {
      server: rule(
        "input",
        "tcp dport 1024-65535 tcp flags & (syn | ack) == syn limit rate over 50/second burst 5 packets drop",
      ),
    },
    options: ["--range", "40000-40300"],
    expect: finds("healthy", ["40000-40300 closed"], { notCauses: [...PORT_FAULTS, "pasv-range-partly-open"] }),
  },
  {
    ...SWEEP,
    name: "ports-third-syn",
    title:
      "a firewall lets only the third SYN of each connection to a high port in: what answers after two seconds is no closed range",
    firewall: { server: thirdSyn("tcp dport 1024-65535") },
    expect: finds("healthy", [`${PORTS} closed`], { notCauses: [...PORT_FAULTS, "pasv-range-partly-open"] }),
  },
  {
    ...SWEEP,
    name: "ports-third-syn-half-open",
    title: "the same in haste, also on port 21, and the upper half of the range is dropped",
    firewall: { server: thirdSyn("tcp dport 1-65535", `tcp dport ${MIDDLE + 1}-${RANGE.to} drop`) },
    options: [...AROUND, "--rate", "max"],
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} filtered`], {
      causes: ["pasv-range-partly-open"],
      notCauses: PORT_FAULTS,
      says: [`${RANGE.from}-${MIDDLE} answer, above nothing does`],
    }),
  },
  {
    ...SWEEP,
    name: "ports-full-table",
    title:
      "a router's table of connections is full after three hundred, and forgets the unanswered ones after a second",
    commands: SMALL_TABLE.commands,
    firewall: { router: SMALL_TABLE.router, server: rule("input", "tcp dport 40300-40999 drop") },
    options: ["--range", "40000-40999", "--rate", "max"],
    expect: finds("degraded", ["40000-40299 closed", "40300-40999 filtered"], {
      causes: ["pasv-range-partly-open"],
      notCauses: PORT_FAULTS,
      says: ["40000-40299 answer, above nothing does"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-full-table-for-long",
    title: "the same, and it forgets them after two minutes, as Linux does: what is silent then is no closed range",
    commands: SLOW_TABLE.commands,
    firewall: { router: SLOW_TABLE.router, server: rule("input", "tcp dport 40500-42999 drop") },
    options: ["--range", "40000-42999", "--rate", "max"],
    expect: {
      verdict: "undetermined",
      causes: [],
      notCauses: [...PORT_FAULTS, "pasv-range-partly-open"],
      modes: {},
      says: ["it could not be told"],
    },
  },
  {
    ...SWEEP,
    name: "ports-connlimit-resetting",
    title:
      "a router resets what is beyond twenty unanswered connections: the dropped half of the range then looks closed",
    firewall: {
      router: rule(
        "forward",
        'iifname "outside" tcp dport 1024-65535 ct state new ct count over 20 reject with tcp reset',
      ),
      server: rule("input", "tcp dport 40100-40199 drop"),
    },
    options: ["--range", "40000-40199"],
    expect: {
      verdict: "undetermined",
      causes: [],
      notCauses: [...PORT_FAULTS, "pasv-range-partly-open", "ctl-max-per-ip"],
      modes: {},
      says: ["Not every port"],
    },
  },
  {
    ...SWEEP,
    name: "ports-half-rejected",
    title:
      "a firewall rejects the upper half of the range as firewalls do by default, which looks like a closed port once per second",
    firewall: { server: rule("input", `tcp dport ${MIDDLE + 1}-${RANGE.to} reject with icmpx port-unreachable`) },
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} rejected`], {
      causes: ["pasv-range-partly-open"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-out-of-range",
    title: "the range that was meant is open, and the server uses another one, which is dropped",
    server: { product: "vsftpd", range: { from: 30000, to: 30050 } },
    firewall: { server: rule("input", "tcp dport 30000-30050 drop") },
    // The exit code is about the range that was named, and that can be reached; what is offered cannot.
    expect: finds("degraded", [`${PORTS} closed`], {
      causes: ["pasv-port-out-of-range"],
      notCauses: [...PORT_FAULTS, "pasv-range-partly-open"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-helper",
    title: "a firewall closes the range and opens each port as it reads the offer in clear",
    server: { product: "vsftpd" },
    commands: { server: [["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0"]] },
    firewall: { server: `${FTP_HELPER}\n${stateful("input", "tcp dport 21 accept")}` },
    expect: finds("degraded", [`${PORTS} filtered`], {
      causes: ["pasv-range-partly-open"],
      notCauses: PORT_FAULTS,
      says: ["opens a port only when it reads the offer"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-helper-for-ipv4-alone",
    title: "the same, and the helper was assigned for IPv4 alone: over IPv6 the ports stay closed",
    server: { product: "vsftpd" },
    target: NAME,
    names: [SERVER, SERVER_V6],
    commands: { server: [["sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0"]] },
    firewall: {
      server: `${FTP_HELPER.replace("table inet", "table ip")}\n${stateful("input", "tcp dport 21 accept")}`,
    },
    expect: {
      verdict: "degraded",
      causes: ["pasv-conntrack-helper-missing"],
      notCauses: [...PORT_FAULTS, "ipv6-data-blocked", "pasv-range-partly-open"],
      modes: {},
      swept: { ipv4: [`${PORTS} filtered`], ipv6: [`${PORTS} filtered`] },
      says: ["opens a port only when it reads the offer"],
    },
  },
  {
    ...SWEEP,
    name: "ports-forbidden-here",
    title: "the system of this machine forbids connections to high ports, and says so",
    commands: { client: NO_HIGH_PORTS },
    expect: finds("broken", [`${PORTS} rejected`], {
      causes: ["pasv-client-egress-blocked"],
      notCauses: PORT_FAULTS,
      says: ["None of the 51 ports", "this machine's own system forbids"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-no-login",
    title: "no credentials for a server that wants some: the range is swept all the same",
    server: { product: "vsftpd", accounts: "named" },
    firewall: { server: rule("input", `tcp dport ${MIDDLE + 1}-${RANGE.to} drop`) },
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} filtered`], {
      causes: ["pasv-range-partly-open", "auth-rejected"],
      says: ["No offers were asked for: the login was refused"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-wrong-password",
    title:
      "the password is wrong, and a firewall answers with resets in the server's place: nothing shows that a port is reached",
    server: { product: "vsftpd", accounts: "named" },
    login: { user: "lab", password: "wrong" },
    options: [...AROUND, ...IN_CLEAR],
    firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with tcp reset`) },
    expect: finds("undetermined", [`${PORTS} closed`], {
      causes: ["auth-rejected"],
      notCauses: PORT_FAULTS,
      says: ["did not get as far as a login", "refuses the login of lab"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-half-reset",
    title:
      "a firewall answers with resets for the upper half of the range: it looks closed like the rest, until an offer refuses",
    firewall: { server: rule("input", `tcp dport ${MIDDLE + 1}-${RANGE.to} reject with tcp reset`) },
    expect: finds("degraded", [`${PORTS} closed`], {
      causes: ["pasv-range-partly-open"],
      notCauses: PORT_FAULTS,
      says: ["a reset answers there even while the server offers the port"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-both-families",
    title: "the range is open over IPv4 and dropped over IPv6",
    target: NAME,
    names: [SERVER, SERVER_V6],
    firewall: { server: rule("input", `meta nfproto ipv6 ${TO_HIGH_PORTS} drop`) },
    expect: {
      verdict: "degraded",
      causes: ["ipv6-data-blocked"],
      modes: {},
      swept: { ipv4: [`${PORTS} closed`], ipv6: [`${PORTS} filtered`] },
      says: ["over IPv6"],
    },
  },
  {
    ...SWEEP,
    name: "ports-called-all",
    title: "vsftpd: nothing stands in the way of its calls, which come from port 20",
    options: CALLED,
    expect: called("healthy", ["50000-50007 works"], "always"),
  },
  {
    ...SWEEP,
    name: "ports-called-from-high-ports",
    title: "Pure-FTPd: the same, and it calls from where its system lets it",
    server: { product: "pure-ftpd" },
    options: CALLED,
    expect: called("healthy", ["50000-50007 works"], ["never", "always"]),
  },
  {
    ...SWEEP,
    name: "ports-called-in-part",
    title: "the client's firewall lets calls in to the first half of the range and drops the rest",
    firewall: { client: rule("input", "tcp dport 50004-65535 tcp flags & (syn | ack) == syn drop") },
    options: CALLED,
    expect: called("degraded", ["50000-50003 works", "50004-50007 blocked"], "always", stoppedHere("warning")),
  },
  {
    ...SWEEP,
    name: "ports-called-in-part-rejected",
    title: "ProFTPD: the same, and the client's firewall answers with resets",
    server: { product: "proftpd" },
    firewall: { client: rule("input", "tcp dport 50004-65535 tcp flags & (syn | ack) == syn reject with tcp reset") },
    options: CALLED,
    expect: called(
      "degraded",
      ["50000-50003 works", "50004-50007 blocked"],
      ["always", "never"],
      stoppedHere("warning"),
    ),
  },
  {
    ...SWEEP,
    name: "ports-called-border",
    title: "vsftpd: of 101 local ports the client's firewall drops the upper half: five logins find where it begins",
    firewall: { client: rule("input", "tcp dport 50050-65535 tcp flags & (syn | ack) == syn drop") },
    options: ["--active-ports", "50000-50100"],
    expect: called("degraded", ["50000-50048 works", "50052-50100 blocked"], "always", stoppedHere("warning")),
  },
  {
    ...SWEEP,
    name: "ports-called-none",
    title: "vsftpd: the client's firewall drops all calls",
    firewall: { client: rule("input", "tcp flags & (syn | ack) == syn drop") },
    options: ["--active-ports", "50000-50002"],
    expect: called("broken", ["50000-50002 blocked"], null, stoppedHere("error")),
  },
  {
    ...SWEEP,
    name: "ports-called-behind-nat",
    title: "vsftpd: the client stands behind a NAT that knows nothing of FTP, so that nobody can call it",
    topology: { client: "nat" },
    options: ["--active-ports", "50000-50002"],
    expect: called("broken", ["50000-50002 refused"], null, {
      causes: ["port-private-address"],
      notCauses: ["port-client-firewall", "mode-unexplained"],
    }),
  },
  {
    ...SWEEP,
    name: "ports-tls-account",
    title: "vsftpd: a real account under explicit TLS, of which the upper half of the range is dropped",
    server: { product: "vsftpd", accounts: "named", tls: GOOD },
    trustsLab: true,
    target: `ftpes://${SERVER}`,
    login: ACCOUNT,
    firewall: { server: rule("input", `tcp dport ${MIDDLE + 1}-${RANGE.to} drop`) },
    expect: finds("degraded", [`${RANGE.from}-${MIDDLE} closed`, `${MIDDLE + 1}-${RANGE.to} filtered`], {
      causes: ["pasv-range-partly-open"],
      notCauses: [...PORT_FAULTS, "data-tls-alg-blind"],
      says: [`${RANGE.from}-${MIDDLE} answer, above nothing does`],
    }),
  },
  {
    ...SWEEP,
    name: "ports-called-tls-implicit",
    title: "ProFTPD: a real account under implicit TLS, and the client's firewall drops calls to the upper ports",
    server: { product: "proftpd", accounts: "named", tls: { ...GOOD, implicit: true } },
    trustsLab: true,
    target: `ftps://${SERVER}`,
    login: ACCOUNT,
    firewall: { client: rule("input", "tcp dport 50004-65535 tcp flags & (syn | ack) == syn drop") },
    options: CALLED,
    expect: called("degraded", ["50000-50003 works", "50004-50007 blocked"], "never", stoppedHere("warning")),
  },
  {
    ...SWEEP,
    name: "ports-ipv6-alone",
    title: "vsftpd: the name has an IPv6 address alone; its range is swept and the local ports are called there",
    target: NAME,
    names: [SERVER_V6],
    server: { product: "vsftpd", tls: GOOD },
    trustsLab: true,
    options: [...AROUND, "--active-ports", "50000-50003"],
    expect: {
      verdict: "healthy",
      causes: [],
      modes: {},
      swept: { ipv6: [`${PORTS} closed`] },
      called: { ipv6: ["50000-50003 works"] },
    },
  },
];
