import { NAME, PORTS, SERVER, SERVER_V6 } from "../addresses.mjs";
import { rule, TO_HIGH_PORTS } from "../firewalls.mjs";
import { ALL_WORK, inClear, PASSIVE_BLOCKED, withEachProduct } from "../scenario.mjs";

const FAULTS = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"];

/** What a firewall that stops the passive ports makes of them, and what that is called. */
const STOPPED = [
  { name: "range-dropped", how: "drops", statement: "drop", id: "pasv-ports-filtered" },
  { name: "range-reset", how: "resets", statement: "reject with tcp reset", id: "pasv-ports-refused" },
  {
    name: "range-prohibited",
    how: "rejects (ICMP administratively prohibited)",
    statement: "reject with icmpx admin-prohibited",
    id: "pasv-ports-rejected",
  },
  {
    name: "range-unreachable",
    how: "rejects (ICMP host unreachable)",
    statement: "reject with icmpx host-unreachable",
    id: "pasv-ports-rejected",
  },
];

/** @param {string} id */
function only(id) {
  return {
    verdict: /** @type {const} */ ("broken"),
    causes: [id],
    notCauses: FAULTS.filter((other) => other !== id),
    severities: { [id]: /** @type {const} */ ("error") },
    modes: PASSIVE_BLOCKED,
  };
}

/** As a load balancer or a container's proxy does, on the passive ports alone. */
const SOURCE_CHANGED = `table inet scenario {
  chain source_changed {
    type nat hook postrouting priority srcnat
    oifname "inside" tcp dport ${PORTS} masquerade
  }
}`;

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...STOPPED.flatMap(({ name, how, statement, id }) =>
    withEachProduct((product) => ({
      name,
      title: `the server's firewall ${how} the passive range`,
      server: { product },
      firewall: { server: rule("input", `${TO_HIGH_PORTS} ${statement}`) },
      expect: only(id),
    })),
  ),
  {
    name: "vsftpd-range-dropped-on-the-way",
    title: "vsftpd: a router drops the passive range",
    server: { product: "vsftpd" },
    firewall: { router: rule("forward", `ip daddr ${SERVER} ${TO_HIGH_PORTS} drop`) },
    expect: only("pasv-ports-filtered"),
  },
  {
    name: "vsftpd-range-dropped-client-nat",
    title: "vsftpd: the passive range is dropped and the client is behind NAT: nothing works",
    server: { product: "vsftpd" },
    topology: { client: "nat" },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: {
      ...only("pasv-ports-filtered"),
      causes: ["pasv-ports-filtered", "port-private-address"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "proftpd-range-dropped-dual-stack",
    title: "ProFTPD: the passive range is dropped in both address families",
    server: { product: "proftpd" },
    target: NAME,
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: {
      ...only("pasv-ports-filtered"),
      control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
      modes: { ...PASSIVE_BLOCKED, ...inClear({ epsv: "blocked", eprt: "works" }, "ipv6") },
    },
  },
  ...withEachProduct((product) => ({
    name: "data-from-another-address",
    title: "a device before the server changes the source address of data connections, and the server refuses them",
    // ProFTPD 1.3.8 lets such connections in unless it is told not to.
    server: { product, ...(product === "proftpd" ? { options: { AllowForeignAddress: "off" } } : {}) },
    firewall: { router: SOURCE_CHANGED },
    expect: {
      verdict: "broken",
      causes: ["pasv-peer-ip-mismatch"],
      notCauses: [...FAULTS, "data-connect-no-data"],
      severities: { "pasv-peer-ip-mismatch": "error" },
      modes: PASSIVE_BLOCKED,
    },
  })),
  {
    name: "proftpd-data-from-another-address-let-in",
    title: "ProFTPD: the same device, and ProFTPD's default, which lets such connections in",
    server: { product: "proftpd" },
    firewall: { router: SOURCE_CHANGED },
    expect: { verdict: "healthy", causes: [], notCauses: ["pasv-peer-ip-mismatch"], modes: ALL_WORK },
  },
];
