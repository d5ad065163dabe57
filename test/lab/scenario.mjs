/**
 * One scenario: a server, a network, what stands in between, and the truth about it.
 * @typedef {object} Scenario
 * @property {string} name unique, kebab-case; how it is asked for
 * @property {string} title one line: what is wrong in this world
 * @property {import("./servers.mjs").Server | null} server null: nothing listens
 * @property {import("./topology.mjs").Topology} [topology] default: public client, public server
 * @property {Partial<Record<import("./topology.mjs").HostName, string>>} [firewall] nft text by host
 * @property {Partial<Record<import("./topology.mjs").HostName, string[][]>>} [commands] run on a host after its firewall is loaded: what nft cannot say
 * @property {import("./servers.mjs").Server} [twin] the server on the second host of a topology that has one
 * @property {{ on: import("./topology.mjs").HostName, port: number }[]} [mute] ports where connections are accepted and nothing is ever said
 * @property {{ on: import("./topology.mjs").HostName, ports: number[] }[]} [userProxy] ports on which a program takes every connection and
 *   opens one of its own to the same port of the server, as docker-proxy does
 * @property {import("./scripted/middlebox.mjs").Box} [middlebox] what the device on the router does; the router's firewall must lead through it
 * @property {string[]} [names] addresses of the name `ftp.example.com`; default: the server's, of both families
 * @property {Held} [held] sessions that others keep open meanwhile
 * @property {"probe" | "ports"} [command] what the tool is asked to do; default: probe
 * @property {string} [target] what the tool is asked to probe; default: the server's public address
 * @property {{ user: string, password: "right" | "wrong" }} [login] default: anonymous
 * @property {true} [trustsLab] the tool is given the certificate of the lab's own authority
 * @property {string[]} [options] further options of the command line
 * @property {true} [ownDecision] what is expected is the tool's own decision, so curl has no opinion on it
 * @property {Partial<Record<string, Mended>>} [mended] by cause: where this world can be mended; default: wherever a remedy says
 * @property {Expected} expect
 */

/**
 * Remedies for a host that is not named are alternatives that this world does not need, and are not tried.
 * @typedef {object} Mended
 * @property {readonly import("./topology.mjs").HostName[]} on the hosts; none where no remedy is for what this world has
 * @property {string} because
 */

/**
 * @typedef {object} Held
 * @property {import("./topology.mjs").HostName} from where they come from
 * @property {number} sessions
 * @property {true} [listening] each has asked for a passive port, and never connects to it
 */

/**
 * @typedef {object} Expected
 * @property {OneOf<"healthy" | "degraded" | "broken" | "undetermined">} verdict
 * @property {string[]} causes ids of all findings that are causes, in the report's order
 * @property {string[]} [rivals] what the world really is, where it cannot be told from the causes: each stands among their rivals
 * @property {string[]} [notCauses] ids that must not be named at all, not even as a consequence: the look-alikes
 * @property {Record<string, "critical" | "error" | "warning" | "notice">} [severities] by finding
 * @property {Record<string, OneOf<string>>} [control] outcome of the control connection, by address
 * @property {Record<string, OneOf<ModeResult>>} modes by `mode/protection/family`; rows not named may only be skipped or unsupported
 * @property {string} [advertised] address in the 227 that the client receives; in clear, where both protections are measured
 * @property {string} [advertisedUnderTls] the same under TLS
 * @property {string} [product] product recognised
 * @property {Record<string, string>} [rates] of a repeated run: `3 of 6` by `mode/protection/family`
 * @property {string[]} [changes] of a repeated run: what changed between rounds, in the report's order
 * @property {Record<string, string[]>} [swept] by family, what a sweep finds: `40000-40025 closed`, in ascending order, and last of all how many ports were `untried`
 * @property {Record<string, string[]>} [called] by family, which local ports the server can call: `50000-50003 works`
 * @property {OneOf<string | null>} [fromPort20] whether its calls come from port 20, over IPv4
 * @property {Estimated} [estimate] what several offers must tell of the server's range
 * @property {string[]} [says] what the summary must say, such as the border
 */

/**
 * The range that the server really has, and what the report must make of its offers. Bounds that hold with 90 % are not asked for: one
 * run of ten would be wrong.
 * @typedef {object} Estimated
 * @property {"sequential" | "random" | "fixed" | "unknown"} allocation
 * @property {{ from: number, to: number }} truth every port offered lies in it, and the likeliest range overlaps it by three quarters at least
 * @property {string[]} remarks kinds of the remarks, in the report's order
 */

/**
 * One value; or several, any of which will do, where chance decides in this world (which port a server draws, which machine is next).
 * @template T
 * @typedef {T | readonly T[]} OneOf
 */

/**
 * What a scenario logs in with, for programs that take it; null: anonymous.
 * @param {Scenario["login"]} login
 * @param {string} password the right one of this run
 */
export function credentialsOf(login, password) {
  if (login === undefined) return null;
  return { user: login.user, password: login.password === "right" ? password : "not-the-password" };
}

/** @typedef {"works" | "repaired" | "blocked" | "refused" | "unsupported" | "skipped" | "inconclusive"} ModeResult */

/**
 * The rows of a mode table in clear text.
 * @param {{ epsv?: OneOf<ModeResult>, pasv?: OneOf<ModeResult>, eprt?: OneOf<ModeResult>, port?: OneOf<ModeResult> }} results
 * @param {"ipv4" | "ipv6"} [family]
 * @returns {Record<string, OneOf<ModeResult>>}
 */
export function inClear(results, family = "ipv4") {
  return Object.fromEntries(Object.entries(results).map(([mode, result]) => [`${mode}/clear/${family}`, result]));
}

/**
 * The same under TLS.
 * @param {Parameters<typeof inClear>[0]} results
 * @param {"ipv4" | "ipv6"} [family]
 */
export function underTls(results, family = "ipv4") {
  return asTls(inClear(results, family));
}

/**
 * Rows in clear as rows under TLS.
 * @param {Record<string, OneOf<ModeResult>>} rows
 * @returns {Record<string, OneOf<ModeResult>>}
 */
export function asTls(rows) {
  return Object.fromEntries(Object.entries(rows).map(([row, result]) => [row.replace("/clear/", "/tls/"), result]));
}

/**
 * The same in clear and under TLS, as an anonymous visitor measures it.
 * @param {Record<string, OneOf<ModeResult>>} rows in clear
 */
export function bothWays(rows) {
  return { ...rows, ...asTls(rows) };
}

/** All four modes work. */
export const ALL_WORK = inClear({ epsv: "works", pasv: "works", eprt: "works", port: "works" });
/** Passive mode works, and the server refuses to call the address that the client gives. */
export const ACTIVE_REFUSED = inClear({ epsv: "works", pasv: "works", eprt: "refused", port: "refused" });
/** Only the server can open data connections. */
export const PASSIVE_BLOCKED = inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" });
/** PASV names an unusable address; everything else is in order. */
export const PASV_REPAIRED = inClear({ epsv: "works", pasv: "repaired", eprt: "works", port: "works" });

/** Lets an account's password go in clear: Pure-FTPd lists AUTH TLS even where its TLS is switched off. */
export const IN_CLEAR = ["--allow-cleartext"];

/** The products of the first set, with the names under which the tool must recognise them. */
const PRODUCTS = /** @type {const} */ ([
  { product: "vsftpd", called: "vsftpd" },
  { product: "proftpd", called: "ProFTPD" },
  { product: "pure-ftpd", called: "Pure-FTPd" },
]);

/**
 * The same scenario with each product; the product stands before its name.
 * @param {(product: typeof PRODUCTS[number]["product"], called: string) => Scenario} make
 */
export function withEachProduct(make) {
  return PRODUCTS.map(({ product, called }) => {
    const scenario = make(product, called);
    return { ...scenario, name: `${product}-${scenario.name}`, title: `${called}: ${scenario.title}` };
  });
}
