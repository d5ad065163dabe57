import { CLIENT, SERVER } from "../addresses.mjs";
import { rule } from "../firewalls.mjs";
import { ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

const ACTIVE_BLOCKED = inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" });
const ACTIVE_PORTS = "50000-50010";
const OUTGOING = "tcp flags & (syn | ack) == syn";

/** Calls that do not arrive: whose firewall it was cannot be told from here. */
const NO_CALL = {
  verdict: /** @type {const} */ ("healthy"),
  causes: ["port-client-firewall"],
  rivals: ["port-server-egress-blocked"],
  notCauses: ["port-private-address", "port-disabled", "srv-bind-failed"],
  severities: { "port-client-firewall": /** @type {const} */ ("notice") },
  modes: ACTIVE_BLOCKED,
};

/** What keeps servers from calling. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "server-egress-dropped",
    title: "the server's network lets no connection out, so active mode hangs",
    server: { product },
    firewall: { router: rule("forward", `iifname "inside" ${OUTGOING} drop`) },
    expect: NO_CALL,
  })),
  {
    name: "proftpd-server-own-egress-dropped",
    title: "ProFTPD: the server's own firewall drops what it sends out unasked; its system does not tell it",
    server: { product: "proftpd" },
    firewall: { server: rule("output", `oifname "eth0" ${OUTGOING} drop`) },
    expect: NO_CALL,
  },
  ...withEachProduct((product) => ({
    name: "server-egress-prohibited",
    title: "the server's system has a policy that prohibits its calls, and tells it so: permission denied",
    server: { product },
    commands: {
      server: [`ip rule add to ${CLIENT} ipproto tcp dport ${ACTIVE_PORTS} prohibit priority 10`.split(" ")],
    },
    options: ["--active-ports", ACTIVE_PORTS],
    expect: {
      ...NO_CALL,
      // vsftpd does not say why it could not call.
      ...(product === "vsftpd"
        ? {}
        : {
            causes: ["port-server-egress-blocked"],
            rivals: [],
            notCauses: ["port-client-firewall", "srv-bind-failed", "path-or-permission"],
            severities: { "port-server-egress-blocked": /** @type {const} */ ("notice") },
          }),
    },
  })),
  {
    name: "vsftpd-client-firewall-required",
    title: "vsftpd: the client's firewall drops calls, and active mode is what is required",
    server: { product: "vsftpd" },
    firewall: { client: rule("input", `${OUTGOING} drop`) },
    options: ["--require", "active"],
    expect: {
      verdict: "broken",
      causes: ["port-client-firewall"],
      severities: { "port-client-firewall": "error" },
      modes: ACTIVE_BLOCKED,
    },
  },
  {
    name: "vsftpd-client-firewall-trusts-port-20",
    title: "vsftpd: the client's firewall lets in what comes from port 20, which is where vsftpd calls from",
    server: { product: "vsftpd" },
    firewall: { client: rule("input", `${OUTGOING} tcp sport != 20 drop`) },
    expect: { verdict: "healthy", causes: [], notCauses: ["port-client-firewall"], modes: ALL_WORK },
  },
  {
    name: "vsftpd-not-from-port-20",
    title:
      "vsftpd: the client's firewall lets in what comes from port 20, and vsftpd calls from any port (connect_from_port_20=NO)",
    server: { product: "vsftpd", options: { connect_from_port_20: "NO" } },
    firewall: { client: rule("input", `${OUTGOING} tcp sport != 20 drop`) },
    mended: {
      "port-client-firewall": {
        on: [],
        because: "the lines are for calls from port 20, which this server is told not to make; the report cannot know",
      },
    },
    expect: { ...NO_CALL, rivals: [] },
  },
  {
    name: "vsftpd-port-20-taken",
    title: "vsftpd: another program holds port 20 of the server, so vsftpd cannot call from it",
    server: { product: "vsftpd" },
    mute: [{ on: "server", port: 20 }],
    expect: {
      verdict: "healthy",
      causes: ["srv-bind-failed"],
      notCauses: ["port-client-firewall", "srv-session-crash", "ctl-closed-mid-session"],
      control: { [SERVER]: "ready" },
      modes: ACTIVE_BLOCKED,
    },
  },
  {
    name: "proftpd-client-calls-unreachable",
    title: "ProFTPD: the client's network answers calls with ICMP host unreachable",
    server: { product: "proftpd" },
    firewall: { router: rule("forward", `ip daddr ${CLIENT} ${OUTGOING} reject with icmp host-unreachable`) },
    expect: NO_CALL,
  },
];
