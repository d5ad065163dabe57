import { NAME, SERVER, SERVER_INSIDE, SERVER_V6 } from "../addresses.mjs";
import { FTP_HELPER } from "../firewalls.mjs";
import { ALL_WORK, IN_CLEAR, inClear, withEachProduct } from "../scenario.mjs";

/** IPv6 has no PASV and no PORT; that is no fault. */
const EXTENDED_OVER_IPV6 = inClear({ epsv: "works", eprt: "works" }, "ipv6");

/** @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product, called) => ({
    name: "healthy",
    title: "public addresses on both sides and nothing in between",
    server: { product },
    expect: { verdict: "healthy", causes: [], control: { [SERVER]: "ready" }, modes: ALL_WORK, product: called },
  })),
  ...withEachProduct((product, called) => ({
    name: "healthy-dual-stack",
    title: "both address families, all in order",
    server: { product },
    target: NAME,
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["ipv6-broken-path", "ipv6-no-epsv"],
      control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
      modes: { ...ALL_WORK, ...EXTENDED_OVER_IPV6 },
      product: called,
    },
  })),
  ...withEachProduct((product, called) => ({
    name: "healthy-nat",
    title: "behind NAT, with the public address in 227 and the range forwarded",
    server: { product, advertise: SERVER },
    topology: { server: "nat" },
    expect: { verdict: "healthy", causes: [], advertised: SERVER, modes: ALL_WORK, product: called },
  })),
  ...withEachProduct((product, called) => ({
    name: "healthy-kernel-helper",
    title: "behind NAT with port 21 alone forwarded; the kernel's FTP helper rewrites 227 and opens the ports",
    server: { product },
    topology: { server: "nat", forwarded: "21" },
    firewall: { router: FTP_HELPER },
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["pasv-private-address", "pasv-ports-filtered"],
      advertised: SERVER,
      modes: ALL_WORK,
      product: called,
    },
  })),
  {
    name: "vsftpd-healthy-inside",
    title: "vsftpd: client and server in the same private network, a private address in 227 is right",
    server: { product: "vsftpd" },
    topology: { client: "inside", server: "nat" },
    target: SERVER_INSIDE,
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["pasv-private-address", "pasv-hairpin"],
      advertised: SERVER_INSIDE,
      modes: ALL_WORK,
    },
  },
  ...withEachProduct((product, called) => ({
    name: "healthy-account",
    title: "login with a real account",
    server: { product, accounts: "named" },
    login: { user: "lab", password: "right" },
    options: IN_CLEAR,
    expect: { verdict: "healthy", causes: [], modes: ALL_WORK, product: called },
  })),
];
