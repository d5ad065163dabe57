import { NAME, SERVER, SERVER_V6 } from "../addresses.mjs";
import { rule, TO_HIGH_PORTS } from "../firewalls.mjs";
import { ALL_WORK, inClear, withEachProduct } from "../scenario.mjs";

const SIX = inClear({ epsv: "works", eprt: "works" }, "ipv6");
const DATA_BLOCKED = {
  verdict: /** @type {const} */ ("degraded"),
  causes: ["ipv6-data-blocked"],
  notCauses: ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected", "ipv6-broken-path"],
  severities: { "ipv6-data-blocked": /** @type {const} */ ("warning") },
  control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
  modes: { ...ALL_WORK, ...inClear({ epsv: "blocked", eprt: "works" }, "ipv6") },
};

/** @param {string} address @param {import("../scenario.mjs").OneOf<string>} outcome */
function broken(address, outcome) {
  return {
    verdict: /** @type {const} */ ("degraded"),
    causes: ["ipv6-broken-path"],
    notCauses: ["ctl-timeout", "ctl-unreachable", "ctl-refused", "ctl-dns"],
    severities: { "ipv6-broken-path": /** @type {const} */ ("warning") },
    control: { [SERVER]: "ready", [address]: outcome },
    modes: ALL_WORK,
  };
}

const STOPPED = [
  { name: "dropped", how: "drops", statement: "drop" },
  { name: "reset", how: "resets", statement: "reject with tcp reset" },
  { name: "prohibited", how: "rejects (ICMPv6)", statement: "reject with icmpv6 admin-prohibited" },
];

/** IPv6: missing, broken, half open, alone. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...STOPPED.flatMap(({ name, how, statement }) =>
    withEachProduct((product) => ({
      name: `ipv6-data-${name}`,
      title: `the firewall ${how} the passive range over IPv6 alone`,
      server: { product },
      target: NAME,
      firewall: { server: rule("input", `meta nfproto ipv6 ${TO_HIGH_PORTS} ${statement}`) },
      expect: DATA_BLOCKED,
    })),
  ),
  {
    name: "ipv6-refused",
    title: "the name has an IPv6 address, and the server listens on IPv4 alone",
    server: { product: "vsftpd", options: { listen: "YES", listen_ipv6: "NO" } },
    target: NAME,
    expect: broken(SERVER_V6, "refused"),
  },
  {
    name: "ipv6-no-route",
    title: "the name has an IPv6 address of a network that nobody knows the way to (ICMPv6 no route)",
    server: { product: "vsftpd" },
    names: [SERVER, "2001:db8:ffff::5"],
    target: NAME,
    expect: broken("2001:db8:ffff::5", "unreachable"),
  },
  {
    name: "ipv6-stale-address",
    title: "the name has an IPv6 address that no machine has any longer",
    server: { product: "proftpd" },
    names: [SERVER, "2001:db8:2::99"],
    target: NAME,
    expect: broken("2001:db8:2::99", ["unreachable", "timed-out"]),
  },
  ...withEachProduct((product) => ({
    name: "ipv6-alone",
    title: "the name has an IPv6 address alone, and all is in order",
    server: { product },
    names: [SERVER_V6],
    target: NAME,
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["ipv6-broken-path", "ipv6-no-epsv", "ipv6-data-blocked"],
      control: { [SERVER_V6]: "ready" },
      modes: SIX,
    },
  })),
  {
    name: "proftpd-ipv6-alone-range-dropped",
    title: "ProFTPD: reached by its IPv6 address, and the passive range is dropped",
    server: { product: "proftpd" },
    target: `[${SERVER_V6}]`,
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-filtered"],
      notCauses: ["ipv6-data-blocked", "ipv6-broken-path", "pasv-ports-refused"],
      modes: inClear({ epsv: "blocked", eprt: "works" }, "ipv6"),
    },
  },
  {
    name: "vsftpd-ipv4-dropped",
    title: "vsftpd: the other way round, the IPv4 address does not answer and IPv6 works",
    server: { product: "vsftpd" },
    target: NAME,
    firewall: { router: rule("forward", "meta nfproto ipv4 drop") },
    expect: {
      verdict: "degraded",
      causes: ["ctl-timeout"],
      notCauses: ["ipv6-broken-path"],
      severities: { "ctl-timeout": "warning" },
      control: { [SERVER]: "timed-out", [SERVER_V6]: "ready" },
      modes: SIX,
    },
  },
];
