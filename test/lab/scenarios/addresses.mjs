import { CLIENT_INSIDE, NAME, SERVER, SERVER_INSIDE, SERVER_TOO } from "../addresses.mjs";
import { translation } from "../firewalls.mjs";
import { ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

/** Sends clients inside that ask for the public address to the server, as NAT reflection does. */
const REFLECTED = translation(
  "prerouting",
  `iifname "lan" ip daddr ${SERVER} tcp dport { 21, 40000-40050 } dnat to ${SERVER_INSIDE}`,
);
/** The full form of it: the server sees the router, and answers to it. */
const REFLECTED_FULLY = [
  REFLECTED,
  translation("postrouting", `iifname "lan" oifname "inside" ct status dnat snat to 10.0.0.1`),
].join("\n");

/** Hosts with several addresses, and clients in the server's own network. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "two-addresses",
    title: "a host with two public addresses, both in order",
    server: { product },
    topology: { also: [`${SERVER_TOO}/24`] },
    names: [SERVER, SERVER_TOO],
    target: NAME,
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["pasv-multi-address-server", "pasv-wrong-public-address"],
      control: { [SERVER]: "ready", [SERVER_TOO]: "ready" },
      modes: ALL_WORK,
    },
  })),
  ...withEachProduct((product) => ({
    name: "names-its-other-address",
    title: "the name has two addresses, and 227 names the second whichever the client came to",
    server: { product, advertise: SERVER_TOO },
    topology: { also: [`${SERVER_TOO}/24`] },
    names: [SERVER, SERVER_TOO],
    target: NAME,
    expect: {
      verdict: "degraded",
      causes: ["pasv-multi-address-server"],
      notCauses: ["pasv-wrong-public-address", "pasv-ports-refused", "pasv-ports-filtered", "pasv-range-partly-open"],
      severities: { "pasv-multi-address-server": "warning" },
      control: { [SERVER]: "ready", [SERVER_TOO]: "ready" },
      modes: inClear({ epsv: "works", pasv: ["repaired", "works"], eprt: "works", port: "works" }),
    },
  })),
  {
    name: "vsftpd-inside-reflected",
    title:
      "vsftpd: a client inside asks for the public address, the router reflects, and the server sees the client's own address",
    server: { product: "vsftpd", advertise: SERVER },
    topology: { client: "inside", server: "nat" },
    firewall: { router: REFLECTED },
    expect: {
      verdict: "healthy",
      // The server's calls do not pass through the reflection: they come from its inside address.
      causes: ["data-from-other-address"],
      notCauses: ["pasv-hairpin", "pasv-private-address"],
      severities: { "data-from-other-address": "notice" },
      advertised: SERVER,
      modes: inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" }),
    },
  },
  {
    name: "vsftpd-inside-reflected-private-address",
    title:
      "vsftpd: a client inside asks for the public address, the router reflects in its own name, and 227 names the inside address",
    server: { product: "vsftpd" },
    topology: { client: "inside", server: "nat" },
    firewall: { router: REFLECTED_FULLY },
    expect: {
      verdict: "degraded",
      // Data connections past the router come from the client itself, whom the server has never heard of.
      causes: ["pasv-private-address", "port-private-address"],
      notCauses: ["pasv-hairpin", "pasv-ports-filtered"],
      advertised: SERVER_INSIDE,
      modes: inClear({ epsv: "works", pasv: ["blocked", "repaired"], eprt: "refused", port: "refused" }),
    },
  },
  {
    name: "inside-not-reflected",
    title: `a client inside (${CLIENT_INSIDE}) is given the public address by its name server, and the router does not reflect`,
    server: { product: "vsftpd", advertise: SERVER },
    topology: { client: "inside", server: "nat" },
    names: [SERVER],
    target: NAME,
    expect: {
      verdict: "broken",
      causes: ["ctl-timeout"],
      notCauses: ["pasv-hairpin", "ctl-refused"],
      control: { [SERVER]: "timed-out" },
      modes: {},
    },
  },
  {
    name: "proftpd-inside-split-horizon",
    title: "ProFTPD: a client inside is given the inside address by its name server, and the server names that one too",
    server: { product: "proftpd" },
    topology: { client: "inside", server: "nat" },
    names: [SERVER_INSIDE],
    target: NAME,
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["pasv-hairpin", "pasv-private-address"],
      advertised: SERVER_INSIDE,
      modes: ALL_WORK,
    },
  },
];
