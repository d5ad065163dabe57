import { NAME, SERVER, SERVER_INSIDE, SERVER_V6 } from "../addresses.mjs";
import { FTP_HELPER } from "../firewalls.mjs";
import { ALL_WORK, asTls, bothWays, inClear, withEachProduct } from "../scenario.mjs";

/** IPv6 has no PASV and no PORT. */
const SIX = inClear({ epsv: "works", eprt: "works" }, "ipv6");
/** The lab's own account, whose password goes under TLS alone. */
const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });
const GOOD = /** @type {const} */ ({ certificate: "good" });
/** Only these two can speak TLS from the first byte. */
const IMPLICIT = /** @type {const} */ (["vsftpd", "proftpd"]);
const NOTHING = {
  verdict: /** @type {const} */ ("healthy"),
  causes: [],
  notCauses: ["tls-not-supported", "tls-cert-untrusted", "tls-cert-name", "data-tls-session-reuse-required"],
};

/**
 * A server and a client in order, under TLS.
 * @param {Partial<import("../scenario.mjs").Scenario> & Pick<import("../scenario.mjs").Scenario, "name" | "title" | "server">} scenario
 * @param {import("../scenario.mjs").Expected["modes"]} modes
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 * @returns {import("../scenario.mjs").Scenario}
 */
function healthy(scenario, modes, more = {}) {
  return { trustsLab: true, ...scenario, expect: { ...NOTHING, modes, ...more } };
}

/** Servers under TLS in which nothing is wrong. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product, called) =>
    healthy(
      {
        name: "tls-healthy",
        title: "explicit TLS where it is offered; an anonymous visitor compares it with clear text",
        server: { product, tls: GOOD },
      },
      bothWays(ALL_WORK),
      { product: called, control: { [SERVER]: "ready" } },
    ),
  ),
  ...withEachProduct((product, called) =>
    healthy(
      {
        name: "tls-healthy-account",
        title: "a real account logs in under TLS, and its password goes nowhere else",
        server: { product, accounts: "named", tls: GOOD },
        login: ACCOUNT,
      },
      asTls(ALL_WORK),
      { product: called },
    ),
  ),
  ...withEachProduct((product) =>
    healthy(
      {
        name: "tls-healthy-explicit",
        title: "explicit TLS was asked for (ftpes://)",
        server: { product, tls: GOOD },
        target: `ftpes://${SERVER}`,
      },
      asTls(ALL_WORK),
    ),
  ),
  ...IMPLICIT.map((product) =>
    healthy(
      {
        name: `${product}-tls-healthy-implicit`,
        title: `${product}: TLS from the first byte on port 990 (ftps://)`,
        server: { product, tls: { ...GOOD, implicit: true } },
        target: `ftps://${SERVER}`,
      },
      asTls(ALL_WORK),
    ),
  ),
  ...IMPLICIT.map((product) =>
    healthy(
      {
        name: `${product}-tls-healthy-implicit-account`,
        title: `${product}: a real account over implicit TLS`,
        server: { product, accounts: "named", tls: { ...GOOD, implicit: true } },
        target: `ftps://${SERVER}`,
        login: ACCOUNT,
      },
      asTls(ALL_WORK),
    ),
  ),
  ...withEachProduct((product) =>
    healthy(
      {
        name: "tls-healthy-1.2",
        title: "TLS 1.2 and nothing newer",
        server: { product, tls: { ...GOOD, versions: { from: "TLSv1.2", to: "TLSv1.2" } } },
      },
      bothWays(ALL_WORK),
    ),
  ),
  ...withEachProduct((product) =>
    healthy(
      {
        name: "tls-healthy-1.3",
        title: "TLS 1.3 and nothing older",
        server: { product, tls: { ...GOOD, versions: { from: "TLSv1.3", to: "TLSv1.3" } } },
      },
      bothWays(ALL_WORK),
    ),
  ),
  ...withEachProduct((product) =>
    healthy(
      {
        name: "tls-healthy-dual-stack",
        title: "both address families under TLS, by name",
        server: { product, accounts: "named", tls: GOOD },
        target: NAME,
        login: ACCOUNT,
      },
      asTls({ ...ALL_WORK, ...SIX }),
      { control: { [SERVER]: "ready", [SERVER_V6]: "ready" } },
    ),
  ),
  ...withEachProduct((product) =>
    healthy(
      {
        name: "tls-healthy-nat",
        title: "behind NAT with the public address in 227 and the range forwarded: nothing there depends on being read",
        server: { product, advertise: SERVER, tls: GOOD },
        topology: { server: "nat" },
      },
      bothWays(ALL_WORK),
      { advertised: SERVER, advertisedUnderTls: SERVER },
    ),
  ),
  healthy(
    {
      name: "proftpd-tls-healthy-masquerade-under-tls",
      title: "ProFTPD behind NAT and its helper, which mends 227 in clear; TLSMasqueradeAddress mends it under TLS",
      server: { product: "proftpd", tls: GOOD, options: { TLSMasqueradeAddress: SERVER } },
      topology: { server: "nat" },
      firewall: { router: FTP_HELPER },
    },
    bothWays(ALL_WORK),
    { advertised: SERVER, advertisedUnderTls: SERVER },
  ),
  healthy(
    {
      name: "vsftpd-tls-healthy-inside",
      title: "vsftpd under TLS, client and server in the same private network",
      server: { product: "vsftpd", tls: GOOD },
      topology: { client: "inside", server: "nat" },
      target: SERVER_INSIDE,
    },
    bothWays(ALL_WORK),
    { advertised: SERVER_INSIDE },
  ),
  ...IMPLICIT.map((product) =>
    healthy(
      {
        name: `${product}-tls-healthy-no-reuse`,
        title: `${product}: data connections need not resume the control connection's session`,
        server: { product, tls: { ...GOOD, reuse: false } },
      },
      bothWays(ALL_WORK),
    ),
  ),
  ...IMPLICIT.map((product) =>
    healthy(
      {
        name: `${product}-tls-healthy-reuse-required`,
        title: `${product}: data connections must resume the control connection's session, and do`,
        server: { product, accounts: "named", tls: { ...GOOD, reuse: true, required: "both" } },
        login: ACCOUNT,
      },
      asTls(ALL_WORK),
    ),
  ),
  healthy(
    {
      name: "pure-ftpd-tls-healthy-required",
      title: "Pure-FTPd refuses everything in clear (TLS 3), and the account comes under TLS",
      server: { product: "pure-ftpd", accounts: "named", tls: { ...GOOD, required: "both" } },
      login: ACCOUNT,
    },
    asTls(ALL_WORK),
  ),
];
