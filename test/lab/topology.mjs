import {
  CLIENT,
  CLIENT_AT_HOME,
  CLIENT_INSIDE,
  CLIENT_V6,
  PORTS,
  SERVER,
  SERVER_INSIDE,
  SERVER_V6,
} from "./addresses.mjs";

/**
 * Where client and server stand.
 *
 *   public:  client 198.51.100.10 ── router ── server 203.0.113.5
 *   nat:     client 192.168.1.10 ── home (masquerades to 198.51.100.10) ── router (203.0.113.5, forwards ports) ── server 10.0.0.2
 *   inside:  client 10.0.1.20 ── router (203.0.113.5 towards the Internet) ── server 10.0.0.2
 *
 * IPv6 is never translated; a client behind NAT or inside has none.
 *
 * @typedef {object} Topology
 * @property {"public" | "nat" | "inside"} [client] default `public`
 * @property {"public" | "nat"} [server] default `public`
 * @property {string} [serverInside] the server's own address behind NAT
 * @property {string} [forwarded] TCP ports of the public address that the router forwards to the server, as nft writes a set's elements
 * @property {string} [natTable] name of the router's NAT table; iptables refuses to work beside a table of nft's that is called `nat`
 */

/**
 * One host: its addresses by interface, its default routes, and its own part of the NAT.
 * @typedef {object} Host
 * @property {Record<string, string[]>} interfaces addresses with prefix length, by interface
 * @property {string[]} routes arguments of `ip route add`
 * @property {string} [rules] nft text
 */

/** @typedef {"client" | "home" | "router" | "server"} HostName */

/**
 * @typedef {object} Plan
 * @property {Partial<Record<HostName, Host>>} hosts
 * @property {[HostName, string, HostName, string][]} links host and interface at both ends
 * @property {string} serverAddress where the server listens
 */

/**
 * The hosts, links and translations of a topology.
 * @param {Topology} topology
 * @returns {Plan}
 */
export function planOf({
  client = "public",
  server = "public",
  serverInside = SERVER_INSIDE,
  forwarded = `21, ${PORTS}`,
  natTable = "nat",
}) {
  const router = routerOf(client, server, serverInside, forwarded, natTable);
  const serverHost =
    server === "public"
      ? host({ eth0: [`${SERVER}/24`, `${SERVER_V6}/64`] }, ["default via 203.0.113.1", "default via 2001:db8:2::1"])
      : host({ eth0: [`${serverInside}/24`, `${SERVER_V6}/64`] }, [
          `default via ${gatewayOf(serverInside)}`,
          "default via 2001:db8:2::1",
        ]);
  const common = { router, server: serverHost };
  const serverLink = /** @type {Plan["links"][0]} */ (["router", "inside", "server", "eth0"]);
  const serverAddress = server === "public" ? SERVER : serverInside;
  switch (client) {
    case "public":
      return {
        hosts: {
          client: host({ eth0: [`${CLIENT}/24`, `${CLIENT_V6}/64`] }, [
            "default via 198.51.100.1",
            "default via 2001:db8:1::1",
          ]),
          ...common,
        },
        links: [["client", "eth0", "router", "outside"], serverLink],
        serverAddress,
      };
    case "nat":
      return {
        hosts: {
          client: host({ eth0: [`${CLIENT_AT_HOME}/24`] }, ["default via 192.168.1.1"]),
          home: host({ lan: ["192.168.1.1/24"], wan: [`${CLIENT}/24`] }, ["default via 198.51.100.1"], HOME_NAT),
          ...common,
        },
        links: [["client", "eth0", "home", "lan"], ["home", "wan", "router", "outside"], serverLink],
        serverAddress,
      };
    case "inside":
      return {
        hosts: { client: host({ eth0: [`${CLIENT_INSIDE}/24`] }, ["default via 10.0.1.1"]), ...common },
        links: [["client", "eth0", "router", "lan"], serverLink],
        serverAddress,
      };
  }
}

/**
 * @param {Host["interfaces"]} interfaces
 * @param {string[]} routes
 * @param {string} [rules]
 * @returns {Host}
 */
function host(interfaces, routes, rules) {
  return rules === undefined ? { interfaces, routes } : { interfaces, routes, rules };
}

/** @param {string} address */
function gatewayOf(address) {
  return address.replace(/\d+$/, "1");
}

/**
 * The router at the server's side. What it has no route for vanishes: the Internet does not answer for addresses of nobody.
 * @param {NonNullable<Topology["client"]>} client
 * @param {NonNullable<Topology["server"]>} server
 * @param {string} serverInside
 * @param {string} forwarded
 * @param {string} natTable
 */
function routerOf(client, server, serverInside, forwarded, natTable) {
  /** @type {Record<string, string[]>} */
  const outside = client === "inside" ? { lan: ["10.0.1.1/24"] } : { outside: ["198.51.100.1/24", "2001:db8:1::1/64"] };
  const inside =
    server === "public"
      ? ["203.0.113.1/24", "2001:db8:2::1/64"]
      : [`${gatewayOf(serverInside)}/24`, "2001:db8:2::1/64"];
  /** @type {Record<string, string[]>} */
  const own = server === "nat" ? { lo: [`${SERVER}/32`] } : {};
  return host(
    { ...outside, inside, ...own },
    ["blackhole default"],
    server === "nat" ? serverNat(serverInside, forwarded, natTable) : undefined,
  );
}

/**
 * Port forwarding as a home or office router does it: no way to inside addresses from outside, no answer on ports that are not
 * forwarded, and no reflection for clients inside. Its tables have the names that nftables' own examples give them, for remedies name
 * them so.
 * @param {string} serverInside
 * @param {string} forwarded
 * @param {string} natTable
 */
function serverNat(serverInside, forwarded, natTable) {
  return `table inet topology {
  chain no_inside_from_outside {
    type filter hook prerouting priority raw
    iifname "outside" ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
  }
  chain own_ports {
    type filter hook input priority filter
    ip daddr ${SERVER} tcp flags & (syn | ack) == syn drop
  }
}
table inet filter {
  chain forward {
    type filter hook forward priority filter
  }
}
table ip ${natTable} {
  chain prerouting {
    type nat hook prerouting priority dstnat
    iifname "outside" ip daddr ${SERVER} tcp dport { ${forwarded} } dnat to ${serverInside}
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "outside" ip saddr ${serverInside} snat to ${SERVER}
  }
}`;
}

/** A home router: everything inside leaves as one address, nothing comes in by itself. */
const HOME_NAT = `table inet topology {
  chain outgoing {
    type nat hook postrouting priority srcnat
    oifname "wan" masquerade
  }
  chain unasked {
    type filter hook input priority filter
    iifname "wan" tcp flags & (syn | ack) == syn drop
  }
}`;
