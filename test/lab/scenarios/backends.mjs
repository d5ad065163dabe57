import { PORTS, RANGE, SERVER, SERVER_INSIDE, TWIN_INSIDE } from "../addresses.mjs";
import { rule, translation } from "../firewalls.mjs";
import { ACTIVE_REFUSED, inClear, PASSIVE_BLOCKED, withEachProduct } from "../scenario.mjs";

const TWO_BEHIND = /** @type {const} */ ({ server: "nat", twin: true });

/** Where data connections go; the second machine's own calls leave as the public address. @param {string} target */
function balance(target) {
  return [
    translation("prerouting", `iifname "outside" ip daddr ${SERVER} tcp dport ${PORTS} dnat to ${target}`),
    translation("postrouting", `oifname "outside" ip saddr ${TWIN_INSIDE} snat to ${SERVER}`),
  ].join("\n");
}

/** Control connections all reach the first machine, every other data connection the second: real balancers draw by chance. */
const EVERY_OTHER = balance(`numgen inc mod 2 map { 0 : ${TWIN_INSIDE}, 1 : ${SERVER_INSIDE} }`);

/** @type {import("../scenario.mjs").Expected} */
const SPLIT = {
  verdict: "degraded",
  causes: ["pasv-lb-other-backend"],
  notCauses: ["alg-no-epsv", "pasv-range-partly-open", "pasv-ports-refused", "pasv-ports-filtered"],
  advertised: SERVER,
  modes: inClear({ epsv: "blocked", pasv: "works", eprt: "works", port: "works" }),
};

/** Several machines, containers and tunnels behind one address. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "split-backends",
    title: "two machines behind one address; every other data connection reaches the one that offered nothing",
    server: { product, advertise: SERVER },
    twin: { product, advertise: SERVER },
    topology: TWO_BEHIND,
    firewall: { router: EVERY_OTHER },
    expect: SPLIT,
  })),
  {
    name: "proftpd-split-backends-dropping",
    title: "ProFTPD: the same, and the second machine's firewall drops what nobody offered",
    server: { product: "proftpd", advertise: SERVER },
    twin: { product: "proftpd", advertise: SERVER },
    topology: TWO_BEHIND,
    firewall: { router: EVERY_OTHER, twin: rule("input", `tcp dport ${PORTS} drop`) },
    expect: SPLIT,
  },
  {
    name: "vsftpd-data-to-another-machine",
    title: "vsftpd: port 21 leads to one machine and the passive range always to another",
    server: { product: "vsftpd", advertise: SERVER },
    twin: { product: "vsftpd", advertise: SERVER },
    topology: TWO_BEHIND,
    firewall: { router: balance(TWIN_INSIDE) },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-refused"],
      rivals: ["pasv-lb-other-backend"],
      advertised: SERVER,
      modes: PASSIVE_BLOCKED,
    },
  },
  ...withEachProduct((product) => ({
    name: "container-port-21-published",
    title:
      "in a container of which port 21 alone is published: the bridge's address in 227, and closed ports: two faults",
    server: { product },
    topology: { server: "nat", serverInside: "172.17.0.2", forwarded: "21", closed: "reset" },
    expect: {
      verdict: "broken",
      causes: ["pasv-container-bridge-address", "pasv-ports-not-forwarded"],
      notCauses: ["pasv-ports-filtered", "pasv-private-address"],
      advertised: "172.17.0.2",
      modes: PASSIVE_BLOCKED,
    },
  })),
  {
    name: "pure-ftpd-control-port-forwarded-alone",
    title: "Pure-FTPd: the public address is named, and the router forwards port 21 alone",
    server: { product: "pure-ftpd", advertise: SERVER },
    topology: { server: "nat", forwarded: "21" },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      rivals: ["pasv-ports-not-forwarded"],
      advertised: SERVER,
      modes: PASSIVE_BLOCKED,
    },
  },
  {
    name: "vsftpd-range-through-user-proxy",
    title:
      "vsftpd in a container: port 21 is forwarded, the passive ports are published by programs that open connections of their own",
    server: { product: "vsftpd", advertise: SERVER },
    topology: { server: "nat", serverInside: "172.17.0.2", forwarded: "21" },
    commands: { router: [["nft", "flush", "chain", "inet", "topology", "own_ports"]] },
    userProxy: [{ on: "router", ports: Array.from({ length: 51 }, (_, index) => RANGE.from + index) }],
    expect: {
      verdict: "broken",
      causes: ["pasv-peer-ip-mismatch"],
      notCauses: ["pasv-container-bridge-address", "data-connect-no-data", "ctl-tarpit"],
      advertised: SERVER,
      modes: PASSIVE_BLOCKED,
    },
  },
  ...withEachProduct((product) => ({
    name: "container-user-proxy",
    title: "in a container behind a proxy program: the server takes the bridge's own address for the client's",
    server: { product, advertise: SERVER },
    topology: { server: "nat", serverInside: "172.17.0.2" },
    firewall: { router: translation("postrouting", 'oifname "inside" masquerade') },
    expect: {
      verdict: "healthy",
      // The client's address is right; the server cannot know it.
      causes: ["mode-unexplained"],
      notCauses: ["port-private-address", "port-disabled", "pasv-peer-ip-mismatch"],
      advertised: SERVER,
      modes: ACTIVE_REFUSED,
    },
  })),
];
