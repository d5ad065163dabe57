import { CLIENT_INSIDE, NOBODY, SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { inClear, PASV_REPAIRED, withEachProduct } from "../scenario.mjs";

/** PASV names an address that cannot be used, EPSV works: usable, with a warning. */
const REPAIRED = /** @type {const} */ ({ verdict: "degraded", modes: PASV_REPAIRED });
const ADDRESS_FAULTS = [
  "pasv-private-address",
  "pasv-wrong-public-address",
  "pasv-loopback-or-zero-address",
  "pasv-container-bridge-address",
  "pasv-hairpin",
];

/**
 * @param {string} id
 * @param {string} advertised the address in 227
 */
function only(id, advertised) {
  return {
    ...REPAIRED,
    advertised,
    causes: [id],
    notCauses: [...ADDRESS_FAULTS.filter((other) => other !== id), "pasv-ports-filtered", "pasv-ports-refused"],
    severities: { [id]: /** @type {const} */ ("warning") },
  };
}

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product, called) => ({
    name: "nat-no-masquerade",
    title: "behind NAT, the range is forwarded, and 227 names the private address",
    server: { product },
    topology: { server: "nat" },
    expect: { ...only("pasv-private-address", SERVER_INSIDE), product: called },
  })),
  ...withEachProduct((product) => ({
    name: "nat-only-control-forwarded",
    title: "behind NAT with port 21 alone forwarded, and 227 names the private address: two faults",
    server: { product },
    topology: { server: "nat", forwarded: "21" },
    expect: {
      verdict: "broken",
      causes: ["pasv-private-address", "pasv-ports-filtered"],
      advertised: SERVER_INSIDE,
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  })),
  {
    name: "proftpd-nat-both-sides",
    title: "ProFTPD: client and server both behind NAT, 227 names the private address",
    server: { product: "proftpd" },
    topology: { client: "nat", server: "nat" },
    expect: {
      verdict: "degraded",
      causes: ["pasv-private-address", "port-private-address"],
      advertised: SERVER_INSIDE,
      modes: inClear({ epsv: "works", pasv: "repaired", eprt: "refused", port: "refused" }),
    },
  },
  ...withEachProduct((product) => ({
    name: "wrong-public-address",
    title: "227 names a public address that belongs to somebody else",
    server: { product, advertise: NOBODY },
    expect: only("pasv-wrong-public-address", NOBODY),
  })),
  ...withEachProduct((product) => ({
    name: "loopback-address",
    title: "227 names 127.0.0.1",
    server: { product, advertise: "127.0.0.1" },
    expect: only("pasv-loopback-or-zero-address", "127.0.0.1"),
  })),
  {
    name: "vsftpd-zero-address",
    title: "vsftpd: 227 names 0.0.0.0",
    server: { product: "vsftpd", advertise: "0.0.0.0" },
    expect: only("pasv-loopback-or-zero-address", "0.0.0.0"),
  },
  {
    name: "vsftpd-masquerade-on-ipv6-listener",
    title: "vsftpd: the right pasv_address, but listen_ipv6=YES, with which vsftpd makes 0,0,0,0 of it",
    server: { product: "vsftpd", advertise: SERVER, options: { listen: "NO", listen_ipv6: "YES" } },
    topology: { server: "nat" },
    expect: only("pasv-loopback-or-zero-address", "0.0.0.0"),
  },
  ...withEachProduct((product) => ({
    name: "container-address",
    title: "in a container; the range is published, and 227 names the address on the bridge",
    server: { product },
    topology: { server: "nat", serverInside: "172.17.0.2" },
    expect: only("pasv-container-bridge-address", "172.17.0.2"),
  })),
  ...withEachProduct((product) => ({
    name: "hairpin",
    title: `client inside the server's network (${CLIENT_INSIDE}), 227 names the public address, and the router does not reflect`,
    server: { product, advertise: SERVER },
    topology: { client: "inside", server: "nat" },
    target: SERVER_INSIDE,
    expect: only("pasv-hairpin", SERVER),
  })),
];
