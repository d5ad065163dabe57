import { NAME, SERVER, SERVER_INSIDE, SERVER_V6 } from "../addresses.mjs";
import { FTP_HELPER } from "../firewalls.mjs";
import { withEachFurther } from "../further.mjs";
import { ALL_WORK, IN_CLEAR, inClear } from "../scenario.mjs";

/**
 * The session ends at the login.
 * @param {"broken" | "undetermined"} verdict
 * @returns {import("../scenario.mjs").Expected}
 */
function noLogin(verdict) {
  return { verdict, causes: ["auth-rejected"], control: { [SERVER]: "ready" }, modes: {} };
}

/**
 * Refused because others hold all the sessions there may be.
 * @param {string} id
 * @returns {import("../scenario.mjs").Expected}
 */
function full(id) {
  const other = id === "ctl-max-clients" ? "ctl-max-per-ip" : "ctl-max-clients";
  return { verdict: "broken", causes: [id], notCauses: [other, "auth-rejected"], modes: {} };
}

/** Further real servers: each in order, and what its own settings do. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachFurther(({ product, called, able, lacks }) => ({
    name: "healthy",
    title: "public addresses on both sides and nothing in between",
    server: { product },
    expect: { verdict: "healthy", causes: lacks, control: { [SERVER]: "ready" }, modes: able, product: called },
  })),
  ...withEachFurther(({ product, called, able, lacks }) => ({
    name: "healthy-account",
    title: "login with a real account",
    server: { product, accounts: "named" },
    login: { user: "lab", password: "right" },
    options: IN_CLEAR,
    expect: { verdict: "healthy", causes: lacks, modes: able, product: called },
  })),
  ...withEachFurther(
    ({ product, called, able, lacks }) => ({
      name: "healthy-nat",
      title: "behind NAT, with the public address in 227 and the range forwarded",
      server: { product, advertise: SERVER },
      topology: { server: "nat" },
      expect: { verdict: "healthy", causes: lacks, advertised: SERVER, modes: able, product: called },
    }),
    ["pyftpdlib", "aioftp", "ftp-srv"],
  ),
  ...withEachFurther(
    ({ product, called, able, lacks }) => ({
      name: "healthy-kernel-helper",
      title: "no address can be set; behind NAT with port 21 alone forwarded, the kernel's FTP helper does it all",
      server: { product },
      topology: { server: "nat", forwarded: "21" },
      firewall: { router: FTP_HELPER },
      expect: {
        verdict: "healthy",
        causes: lacks,
        notCauses: ["pasv-private-address", "pasv-ports-filtered"],
        advertised: SERVER,
        modes: able,
        product: called,
      },
    }),
    ["inetutils-ftpd", "twisted"],
  ),
  ...withEachFurther(
    ({ product, called }) => ({
      name: "healthy-dual-stack",
      title: "both address families, all in order",
      server: { product },
      target: NAME,
      expect: {
        verdict: "healthy",
        causes: [],
        notCauses: ["ipv6-broken-path", "ipv6-no-epsv"],
        control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
        modes: { ...ALL_WORK, ...inClear({ epsv: "works", eprt: "works" }, "ipv6") },
        product: called,
      },
    }),
    ["pyftpdlib", "inetutils-ftpd"],
  ),
  ...withEachFurther(({ product, able, lacks }) => ({
    name: "healthy-inside",
    title: "client and server in the same private network, a private address in 227 is right",
    server: { product },
    topology: { client: "inside", server: "nat" },
    target: SERVER_INSIDE,
    expect: {
      verdict: "healthy",
      causes: lacks,
      notCauses: ["pasv-private-address", "pasv-hairpin"],
      advertised: SERVER_INSIDE,
      modes: able,
    },
  })),
  {
    name: "aioftp-passive-only-dual-stack",
    title: "aioftp: both address families; it has no active mode at all, as it never had",
    server: { product: "aioftp" },
    target: NAME,
    expect: {
      verdict: "healthy",
      causes: ["port-disabled", "eprt-unsupported"],
      control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
      modes: { ...inClear({ epsv: "works", pasv: "works" }), ...inClear({ epsv: "works" }, "ipv6") },
    },
  },
  {
    name: "twisted-ipv6-no-epsv",
    title: "Twisted: it listens on IPv6 too, but knows neither EPSV nor EPRT, so no file moves there",
    server: { product: "twisted", options: { interface: '"::"' } },
    target: NAME,
    expect: {
      verdict: "degraded",
      causes: ["ipv6-no-epsv", "epsv-rejected", "eprt-unsupported"],
      notCauses: ["ipv6-broken-path", "ipv6-data-blocked"],
      control: { [SERVER]: "ready", [SERVER_V6]: "ready" },
      modes: inClear({ pasv: "works", port: "works" }),
    },
  },
  {
    name: "ftp-srv-ipv4-only",
    title: "ftp-srv: the name has an IPv6 address, and nothing listens there",
    server: { product: "ftp-srv" },
    target: NAME,
    expect: {
      verdict: "degraded",
      causes: ["ipv6-broken-path"],
      notCauses: ["ctl-refused"],
      control: { [SERVER]: "ready", [SERVER_V6]: "refused" },
      modes: ALL_WORK,
    },
  },
  ...withEachFurther(({ product }) => ({
    name: "no-anonymous",
    title: "no credentials were given, and the server wants some",
    server: { product, accounts: "named" },
    // pyftpdlib says in words that it takes no anonymous visitors; the others do not tell why.
    expect: {
      ...noLogin("undetermined"),
      ...(product === "pyftpdlib" ? { causes: ["auth-anonymous-tls"], notCauses: ["auth-rejected"] } : {}),
    },
  })),
  ...withEachFurther(({ product }) => ({
    name: "wrong-password",
    title: "the password is wrong",
    server: { product, accounts: "named" },
    login: { user: "lab", password: "wrong" },
    options: IN_CLEAR,
    expect: noLogin("broken"),
  })),
  {
    name: "inetutils-ftpd-no-home",
    title:
      "inetutils ftpd: the account's home does not exist, and ftpd lets the visitor into the machine's root instead",
    server: { product: "inetutils-ftpd" },
    login: { user: "homeless", password: "right" },
    options: IN_CLEAR,
    expect: { verdict: "healthy", causes: [], notCauses: ["auth-home-inaccessible"], modes: ALL_WORK },
  },
  {
    name: "pyftpdlib-full",
    // It counts its own listening socket among them.
    title: "pyftpdlib: max_cons reached by others",
    server: { product: "pyftpdlib", options: { "server.max_cons": 2 } },
    held: { from: "router", sessions: 1 },
    expect: full("ctl-max-clients"),
  },
  {
    name: "pyftpdlib-full-for-us",
    title: "pyftpdlib: max_cons_per_ip reached by other sessions of the client",
    server: { product: "pyftpdlib", options: { "server.max_cons_per_ip": 1 } },
    held: { from: "client", sessions: 1 },
    expect: full("ctl-max-per-ip"),
  },
  {
    name: "twisted-full",
    title: "Twisted: connectionLimit reached by others",
    server: { product: "twisted", options: { "factory.connectionLimit": 1 } },
    held: { from: "router", sessions: 1 },
    expect: full("ctl-max-clients"),
  },
  {
    name: "aioftp-full",
    title: "aioftp: maximum_connections reached by others",
    server: { product: "aioftp", options: { maximum_connections: 1 } },
    held: { from: "router", sessions: 1 },
    expect: full("ctl-max-clients"),
  },
  {
    name: "pyftpdlib-no-epsv",
    title: "pyftpdlib: EPSV and EPRT taken out of its commands; PASV and PORT do",
    server: { product: "pyftpdlib", options: { "handler.proto_cmds": without("EPSV", "EPRT") } },
    expect: {
      verdict: "healthy",
      causes: ["epsv-rejected", "eprt-unsupported"],
      notCauses: ["pasv-disabled", "port-disabled", "alg-no-epsv"],
      modes: inClear({ pasv: "works", port: "works" }),
    },
  },
  {
    name: "pyftpdlib-no-passive",
    title: "pyftpdlib: PASV and EPSV taken out of its commands",
    server: { product: "pyftpdlib", options: { "handler.proto_cmds": without("EPSV", "PASV") } },
    expect: {
      verdict: "broken",
      causes: ["pasv-disabled"],
      notCauses: ["epsv-rejected", "pasv-alg-drops-227"],
      modes: inClear({ eprt: "works", port: "works" }),
    },
  },
];

/** pyftpdlib's table of commands without some. @param {string[]} commands */
function without(...commands) {
  return `{name: row for name, row in handler.proto_cmds.items() if name not in ${JSON.stringify(commands)}}`;
}
