/** nft texts that several scenarios use. One statement per line, and no chain may be called `fwd`: nft would not have it. */

/**
 * One rule in one hook of a host, beside whatever else is there. Table and chain have the names of nftables' own examples, for remedies
 * name them so.
 * @param {"input" | "forward" | "output"} hook
 * @param {string} statement
 */
export function rule(hook, statement) {
  const text = `table inet filter {
  chain ${hook} {
    type filter hook ${hook} priority filter
    ${statement}
  }
}`;
  RULES.set(text, { hook, statement });
  return text;
}

/** @type {Map<string, { hook: "input" | "forward" | "output", statement: string }>} */
const RULES = new Map();

/**
 * The hook and the statement of a text that is one rule and no more, so that another firewall can be told the same; null for any other.
 * @param {string} text
 */
export function ruleOf(text) {
  return RULES.get(text) ?? null;
}

/** What matches all who want in, except on the low ports: a firewall that opens port 21 alone closes every passive range there may be. */
export const TO_HIGH_PORTS = "tcp dport 1024-65535 tcp flags & (syn | ack) == syn";

/**
 * The kernel's own FTP helper: it reads the control connection, rewrites addresses where there is NAT, and lets the
 * data connections in.
 */
export const FTP_HELPER = `table inet helper {
  ct helper ftp-standard {
    type "ftp" protocol tcp
  }
  chain assign {
    type filter hook prerouting priority mangle
    tcp dport 21 ct helper set "ftp-standard"
  }
}`;

/** The same as iptables sets it, with the older kernel interface. */
export const FTP_HELPER_COMMAND = [
  ..."iptables-legacy -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp".split(" "),
];

/**
 * A firewall as distributions write it: nothing comes in but what belongs to something known, and the new connections that `accepted`
 * lets in. What leaves the server's side is let out.
 * @param {"input" | "forward"} hook
 * @param {string} accepted
 */
export function stateful(hook, accepted) {
  return `table inet filter {
  chain ${hook} {
    type filter hook ${hook} priority filter
    policy drop
    ct state established,related accept
    iifname { "lo", "inside" } accept
    meta l4proto { icmp, ipv6-icmp } accept
    ${accepted}
  }
}`;
}

/**
 * One rule in one hook of the NAT, before the topology's own.
 * @param {"prerouting" | "postrouting"} hook
 * @param {string[]} statements
 */
export function translation(hook, ...statements) {
  const priority = hook === "prerouting" ? "dstnat" : "srcnat";
  return `table ip scenario {
  chain ${hook} {
    type nat hook ${hook} priority ${priority} - 10
    ${statements.join("\n    ")}
  }
}`;
}

/** Lets a host's own system refuse to send connections to high ports, as a policy on programs does: they fail at once with EACCES. */
export const NO_HIGH_PORTS = [
  // The kernel takes no range that ends with the highest port.
  "ip rule add ipproto tcp dport 1024-65534 prohibit".split(" "),
  "ip -6 rule add ipproto tcp dport 1024-65534 prohibit".split(" "),
];

/**
 * A firewall of a server's own host that drops the first two SYNs of every pair of source and destination port, and lets the third in.
 * @param {string} matched which SYNs it is about
 * @param {string} [before] a statement that comes before it
 */
export function thirdSyn(matched, before = "") {
  const pairs = "{ type inet_service . inet_service; flags dynamic,timeout; timeout 30s; }";
  return `table inet filter {
  set once ${pairs}
  set twice ${pairs}
  chain input {
    type filter hook input priority filter
    ${before}
    ${matched} tcp flags & (syn | ack) == syn jump syns
  }
  chain syns {
    tcp sport . tcp dport @twice accept
    tcp sport . tcp dport @once add @twice { tcp sport . tcp dport } drop
    add @once { tcp sport . tcp dport } drop
  }
}`;
}
