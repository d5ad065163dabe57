import { CLIENT_INSIDE, NOBODY, PORTS, SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { rule, TO_HIGH_PORTS } from "../firewalls.mjs";
import { withEachFurther } from "../further.mjs";
import { ACTIVE_REFUSED, ALL_WORK, inClear } from "../scenario.mjs";

/** @typedef {import("../further.mjs").Further} Further */
/** @typedef {import("../scenario.mjs").ModeResult} ModeResult */

const ADDRESS_FAULTS = [
  "pasv-private-address",
  "pasv-wrong-public-address",
  "pasv-loopback-or-zero-address",
  "pasv-container-bridge-address",
  "pasv-hairpin",
];
const PORT_FAULTS = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected"];

/**
 * What a server can do, with other results for some modes that it has.
 * @param {Further["able"]} able
 * @param {Parameters<typeof inClear>[0]} changed
 */
function but(able, changed) {
  return { ...able, ...Object.fromEntries(Object.entries(inClear(changed)).filter(([row]) => row in able)) };
}

/**
 * 227 names an address that cannot be used. A server without EPSV offers nothing else, but most clients mend the address by themselves.
 * @param {Further} further
 * @param {string} id
 * @param {string} advertised
 * @returns {import("../scenario.mjs").Expected}
 */
function wrongAddress({ able, lacks }, id, advertised) {
  const others = [...ADDRESS_FAULTS.filter((other) => other !== id), ...PORT_FAULTS];
  return {
    verdict: "degraded",
    causes: [id, ...lacks],
    notCauses: others,
    advertised,
    modes: but(able, { pasv: "repaired" }),
  };
}

/**
 * @param {Further} further
 * @param {string} id
 * @returns {import("../scenario.mjs").Expected}
 */
function stopped({ able, lacks }, id) {
  return {
    verdict: "broken",
    causes: [id, ...lacks],
    notCauses: PORT_FAULTS.filter((other) => other !== id),
    severities: { [id]: "error" },
    modes: but(able, { epsv: "blocked", pasv: "blocked" }),
  };
}

/** As a load balancer or a container's proxy does, on the passive ports alone. */
/**
 * The client's firewall lets nobody call.
 * @param {Further} further
 * @returns {import("../scenario.mjs").Scenario}
 */
function callsDropped({ product, able, lacks }) {
  return {
    name: "client-firewall",
    title: "the client's firewall drops what comes in by itself",
    server: { product },
    firewall: { client: rule("input", "tcp flags & (syn | ack) == syn drop") },
    expect: {
      verdict: "healthy",
      // What the server itself says is certain, who drops the calls is not.
      causes: [...lacks, "port-client-firewall"],
      notCauses: ["port-private-address", "port-disabled"],
      severities: { "port-client-firewall": "notice" },
      modes: but(able, { eprt: "blocked", port: "blocked" }),
    },
  };
}

const SOURCE_CHANGED = `table inet scenario {
  chain source_changed {
    type nat hook postrouting priority srcnat
    oifname "inside" tcp dport ${PORTS} masquerade
  }
}`;

/**
 * pyftpdlib 1.5.7 now and then never accepts a call to a passive port that comes some time after the offer, while data
 * connections of another session come and go. That is not what these scenarios are about: one session at a time keeps it out.
 * @param {Further} further
 */
const oneAtATime = ({ product }) => (product === "pyftpdlib" ? { options: ["--max-sessions", "1"] } : {});

/** Further real servers, and networks that stop them. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachFurther((further) => ({
    name: "nat-no-masquerade",
    title: "behind NAT, the range is forwarded, and 227 names the private address",
    server: { product: further.product },
    topology: { server: "nat" },
    ...oneAtATime(further),
    expect: { ...wrongAddress(further, "pasv-private-address", SERVER_INSIDE), product: further.called },
  })),
  ...withEachFurther(
    (further) => ({
      name: "container-address",
      title: "in a container; the range is published, and 227 names the address on the bridge",
      server: { product: further.product },
      topology: { server: "nat", serverInside: "172.17.0.2" },
      ...oneAtATime(further),
      expect: wrongAddress(further, "pasv-container-bridge-address", "172.17.0.2"),
    }),
    ["pyftpdlib", "inetutils-ftpd", "ftp-srv"],
  ),
  ...withEachFurther(
    (further) => ({
      name: "wrong-public-address",
      title: "227 names a public address that belongs to somebody else",
      server: { product: further.product, advertise: NOBODY },
      ...oneAtATime(further),
      expect: wrongAddress(further, "pasv-wrong-public-address", NOBODY),
    }),
    ["pyftpdlib", "aioftp", "ftp-srv"],
  ),
  ...withEachFurther(
    (further) => ({
      name: "loopback-address",
      title: "227 names 127.0.0.1, which is what it names where nobody set anything",
      server: { product: further.product, advertise: "127.0.0.1" },
      expect: wrongAddress(further, "pasv-loopback-or-zero-address", "127.0.0.1"),
    }),
    ["ftp-srv"],
  ),
  ...withEachFurther(
    (further) => ({
      name: "hairpin",
      title: `client inside the server's network (${CLIENT_INSIDE}), 227 names the public address, and the router does not reflect`,
      server: { product: further.product, advertise: SERVER },
      topology: { client: "inside", server: "nat" },
      target: SERVER_INSIDE,
      ...oneAtATime(further),
      expect: wrongAddress(further, "pasv-hairpin", SERVER),
    }),
    ["pyftpdlib"],
  ),
  ...withEachFurther((further) => ({
    name: "range-dropped",
    title: "the server's firewall drops the passive range",
    server: { product: further.product },
    firewall: { server: rule("input", `${TO_HIGH_PORTS} drop`) },
    expect: stopped(further, "pasv-ports-filtered"),
  })),
  ...withEachFurther(
    (further) => ({
      name: "range-reset",
      title: "the server's firewall resets the passive range",
      server: { product: further.product },
      firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with tcp reset`) },
      expect: stopped(further, "pasv-ports-refused"),
    }),
    ["pyftpdlib", "inetutils-ftpd", "ftp-srv"],
  ),
  ...withEachFurther(
    (further) => ({
      name: "range-prohibited",
      title: "the server's firewall rejects the passive range (ICMP administratively prohibited)",
      server: { product: further.product },
      firewall: { server: rule("input", `${TO_HIGH_PORTS} reject with icmpx admin-prohibited`) },
      expect: stopped(further, "pasv-ports-rejected"),
    }),
    ["aioftp", "twisted"],
  ),
  ...withEachFurther(
    ({ product, able, lacks }) => ({
      name: "client-nat",
      title: "client behind NAT; the server does not call the private address in PORT",
      server: { product },
      topology: { client: "nat" },
      expect: {
        verdict: "healthy",
        causes: product === "twisted" ? [...lacks, "port-private-address"] : ["port-private-address", ...lacks],
        notCauses: ["port-disabled", "port-client-firewall"],
        severities: { "port-private-address": "notice" },
        // Twisted calls every address before it answers PORT.
        modes: product === "twisted" ? but(able, { port: "blocked" }) : ACTIVE_REFUSED,
      },
    }),
    ["pyftpdlib", "ftp-srv", "twisted", "inetutils-ftpd"],
  ),
  ...withEachFurther(callsDropped, ["pyftpdlib", "inetutils-ftpd", "ftpd-ssl", "twisted", "ftp-srv"]),
  ...withEachFurther(
    (further) => ({
      ...callsDropped(further),
      name: "client-firewall-and-patience",
      title:
        "the client's firewall drops the call, and the tool waits until the server says so (425 in answer to PORT)",
      // Twisted gives up after ten seconds, which is the tool's own limit where no other is given.
      options: ["--timeout", "12"],
    }),
    ["twisted"],
  ),
  ...withEachFurther(
    ({ product, able, lacks }) => ({
      name: "data-from-another-address",
      title: "a device before the server changes the source address of data connections, and the server refuses them",
      server: { product },
      firewall: { router: SOURCE_CHANGED },
      expect: {
        verdict: "broken",
        causes: ["pasv-peer-ip-mismatch", ...lacks],
        notCauses: [...PORT_FAULTS, "data-connect-no-data"],
        severities: { "pasv-peer-ip-mismatch": "error" },
        modes: but(able, { epsv: "blocked", pasv: "blocked" }),
      },
    }),
    ["pyftpdlib", "ftp-srv"],
  ),
  ...withEachFurther(
    ({ product, able, lacks }) => ({
      name: "data-from-another-address-let-in",
      title: "a device before the server changes the source address of data connections, and the server does not mind",
      server: {
        product,
        ...(product === "pyftpdlib" ? { options: { "handler.permit_foreign_addresses": "True" } } : {}),
      },
      firewall: { router: SOURCE_CHANGED },
      expect: { verdict: "healthy", causes: lacks, notCauses: ["pasv-peer-ip-mismatch"], modes: able },
    }),
    ["pyftpdlib", "inetutils-ftpd", "ftpd-ssl", "aioftp", "twisted"],
  ),
  {
    name: "pyftpdlib-healthy-port-2121",
    title: "pyftpdlib: control connection on port 2121, nothing wrong",
    server: { product: "pyftpdlib", port: 2121, options: { port: 2121 } },
    target: `${SERVER}:2121`,
    expect: { verdict: "healthy", causes: [], notCauses: ["pasv-nonstandard-control-port"], modes: ALL_WORK },
  },
];
