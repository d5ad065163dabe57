import {
  CLIENT,
  CLIENT_AT_HOME,
  CLIENT_INSIDE,
  CLIENT_V6,
  PORTS,
  SERVER,
  SERVER_INSIDE,
  SERVER_V6,
  TWIN_INSIDE,
} from "./addresses.mjs";

/**
 * Where client and server stand.
 *
 *   public:  client 198.51.100.10 ── router ── server 203.0.113.5
 *   nat:     client 192.168.1.10 ── home (masquerades to 198.51.100.10) ── router (203.0.113.5, forwards ports) ── server 10.0.0.2
 *   inside:  client 10.0.1.20 ── router (203.0.113.5 towards the Internet) ── server 10.0.0.2
 *
 * IPv6 is never translated; a client behind NAT or inside has none. With `twin` a second server host, 10.0.2.2, stands behind the same router.
 *
 * @typedef {object} Topology
 * @property {"public" | "nat" | "inside"} [client] default `public`
 * @property {"public" | "nat"} [server] default `public`
 * @property {string} [serverInside] the server's own address behind NAT
 * @property {string} [forwarded] TCP ports of the public address that the router forwards to the server, as nft writes a set's elements
 * @property {"drop" | "reset"} [closed] what becomes of connections to ports of the public address that are not forwarded; default `drop`
 * @property {true} [twin] a second server host behind the server's NAT; the scenario's own rules send connections there
 * @property {string[]} [also] further public addresses of the server's host, with prefix length
 * @property {string[]} [egress] further public addresses of the client's router; the scenario's own rules make use of them
 * @property {string} [natTable] name of the router's NAT table; iptables refuses to work beside a table of nft's that is called `nat`
 */

/**
 * One host: its addresses by interface, its default routes, and its own part of the NAT.
 * @typedef {object} Host
 * @property {Record<string, string[]>} interfaces addresses with prefix length, by interface
 * @property {string[]} routes arguments of `ip route add`
 * @property {string} [rules] nft text
 */

/** @typedef {"client" | "home" | "router" | "server" | "twin"} HostName */

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
export function planOf(topology) {
  const { client = "public", server = "public", serverInside = SERVER_INSIDE, also = [], egress = [] } = topology;
  const serverHost =
    server === "public"
      ? host({ eth0: [`${SERVER}/24`, `${SERVER_V6}/64`, ...also] }, [
          "default via 203.0.113.1",
          "default via 2001:db8:2::1",
        ])
      : host({ eth0: [`${serverInside}/24`, `${SERVER_V6}/64`] }, [
          `default via ${gatewayOf(serverInside)}`,
          "default via 2001:db8:2::1",
        ]);
  /** @type {Plan["hosts"]} */
  const common = { router: routerOf(topology), server: serverHost };
  /** @type {Plan["links"]} */
  const links = [["router", "inside", "server", "eth0"]];
  if (topology.twin) {
    common.twin = host({ eth0: [`${TWIN_INSIDE}/24`] }, [`default via ${gatewayOf(TWIN_INSIDE)}`]);
    links.push(["router", "twin", "twin", "eth0"]);
  }
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
        links: [["client", "eth0", "router", "outside"], ...links],
        serverAddress,
      };
    case "nat": {
      const wan = [CLIENT, ...egress].map((address) => `${address}/24`);
      return {
        hosts: {
          client: host({ eth0: [`${CLIENT_AT_HOME}/24`] }, ["default via 192.168.1.1"]),
          home: host({ lan: ["192.168.1.1/24"], wan }, ["default via 198.51.100.1"], HOME_NAT),
          ...common,
        },
        links: [["client", "eth0", "home", "lan"], ["home", "wan", "router", "outside"], ...links],
        serverAddress,
      };
    }
    case "inside":
      return {
        hosts: { client: host({ eth0: [`${CLIENT_INSIDE}/24`] }, ["default via 10.0.1.1"]), ...common },
        links: [["client", "eth0", "router", "lan"], ...links],
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
 * @param {Topology} topology
 */
function routerOf({
  client = "public",
  server = "public",
  serverInside = SERVER_INSIDE,
  forwarded = `21, ${PORTS}`,
  closed = "drop",
  natTable = "nat",
  twin,
}) {
  /** @type {Record<string, string[]>} */
  const outside = client === "inside" ? { lan: ["10.0.1.1/24"] } : { outside: ["198.51.100.1/24", "2001:db8:1::1/64"] };
  const inside =
    server === "public"
      ? ["203.0.113.1/24", "2001:db8:2::1/64"]
      : [`${gatewayOf(serverInside)}/24`, "2001:db8:2::1/64"];
  /** @type {Record<string, string[]>} */
  const own = server === "nat" ? { lo: [`${SERVER}/32`] } : {};
  /** @type {Record<string, string[]>} */
  const beside = twin ? { twin: [`${gatewayOf(TWIN_INSIDE)}/24`] } : {};
  return host(
    { ...outside, inside, ...beside, ...own },
    ["blackhole default"],
    server === "nat" ? serverNat({ serverInside, forwarded, closed, natTable }) : undefined,
  );
}

/**
 * Port forwarding as a home or office router does it: no way to inside addresses from outside, no answer on ports that are not
 * forwarded, and no reflection for clients inside. Its tables have the names that nftables' own examples give them, for remedies name
 * them so.
 * @param {Required<Pick<Topology, "serverInside" | "forwarded" | "closed" | "natTable">>} settings
 */
function serverNat({ serverInside, forwarded, closed, natTable }) {
  return `table inet topology {
  chain no_inside_from_outside {
    type filter hook prerouting priority raw
    iifname "outside" ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
  }
  chain own_ports {
    type filter hook input priority filter
    ip daddr ${SERVER} tcp flags & (syn | ack) == syn ${closed === "drop" ? "drop" : "reject with tcp reset"}
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
