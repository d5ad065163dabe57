import { INSTALLED } from "./installed.mjs";

/** @typedef {import("../../../src/model/report.ts").Remedy} Remedy */
/** @typedef {import("../../../src/model/report.ts").Finding} Finding */
/** @typedef {import("../scenario.mjs").Scenario} Scenario */
/** @typedef {import("../topology.mjs").HostName} HostName */

/**
 * What of a report's remedies is tried together on a fresh stage.
 * @typedef {object} Trial
 * @property {string} cause id of the finding that must be gone afterwards
 * @property {string} product what is tried, as the remedies name it
 * @property {Remedy | null} server lines for the server
 * @property {Remedy | null} firewall commands for a firewall, a router or the client's own firewall
 * @property {HostName} host where those commands are run
 * @property {import("./walls.mjs").WallProduct | null} wall the product with which the scenario's firewall is built anew first
 *
 * A remedy that is not tried, and why.
 * @typedef {object} Untried
 * @property {string} cause
 * @property {string} product
 * @property {string} because
 */

/** The firewalls of the lab, with the product that builds the scenario's own; nft builds it anyway. */
const FIREWALLS = /** @type {Record<string, import("./walls.mjs").WallProduct | null>} */ ({
  nftables: null,
  iptables: "iptables",
  firewalld: "firewalld",
  ufw: "ufw",
});
/** Programs that a remedy's commands may call here: each works on the host's own files and network alone, or is taken as done. */
const PROGRAMS =
  /^(?:nft|iptables|ip6tables|firewall-cmd|ufw|sed|mv|cp|rm|mkdir|chmod|chown|tee|systemctl|service|netfilter-persistent|ss|namei|ls|mkhomedir_helper|install)$/;
/** Programs that only show something. */
const SHOWING = /^(?:ss|namei|ls|nft (?:-\w+ )*list|getsebool)\b/;
/** Settings of the passive range: half of a change whose other half is in the firewall. */
const RANGE_SETTING = /^(?:pasv_min_port|PassivePorts|PassivePortRange)$/;
const RANGE_IN_COMMAND = /\b\d+[-:]\d+\b/;

/**
 * What to try of one cause's remedies in a scenario's world, and what not.
 * @param {Finding} finding
 * @param {Scenario} scenario
 * @returns {{ trials: Trial[], untried: Untried[] }}
 */
export function trialsOf({ id: cause, remedies, rivals }, scenario) {
  /** @type {Trial[]} */
  const trials = [];
  /** @type {Untried[]} */
  const untried = [];
  const truth = rivals.find((rival) => scenario.expect.rivals?.includes(rival.cause))?.cause;
  const executable = remedies.filter((remedy) => {
    const because =
      whyNot(remedy, scenario) ??
      elsewhere(cause, remedy, scenario) ??
      (truth === undefined ? null : `this world is really one of ${truth}`);
    if (because !== null) untried.push({ cause, product: remedy.product, because });
    return because === null;
  });
  const servers = executable.filter(({ who }) => who === "server-admin");
  const firewalls = executable.filter(({ who }) => who !== "server-admin");
  const ranges = servers.filter(setsRange);
  const [range] = ranges.map((one) => wholeOf(one, servers));
  /** @type {(firewall: Remedy) => Remedy | null} */
  const halfFor = (remedy) =>
    remedy.who === "firewall-admin" && range !== undefined && opensRange(remedy) ? range : null;
  for (const firewall of firewalls) {
    if (range === undefined && firewall.who === "firewall-admin" && opensRange(firewall)) {
      untried.push({ cause, product: firewall.product, because: "half of a change: the server's half has no lines" });
      continue;
    }
    const host = hostOf(cause, firewall, scenario);
    const server = halfFor(firewall);
    const wall = isForward(firewall) ? null : (FIREWALLS[firewall.product] ?? null);
    trials.push({ cause, product: firewall.product, server, firewall, host, wall });
  }
  const halves = remedies.some((remedy) => remedy.who === "firewall-admin" && opensRange(remedy));
  const withNft = firewalls.find((firewall) => firewall.product === "nftables" && halfFor(firewall) !== null);
  for (const server of servers) {
    // The first one's range is in the trials above.
    if (withNft !== undefined && range !== undefined && isPartOf(server, range)) continue;
    // What belongs to the range of the same server is tried with it.
    if (withNft !== undefined && ranges.some((one) => one !== server && isPartOf(server, wholeOf(one, servers))))
      continue;
    if (withNft === undefined && halves && setsRange(server)) {
      untried.push({
        cause,
        product: server.product,
        because: "half of a change: the other half is for a firewall that is not here",
      });
      continue;
    }
    const firewall = withNft !== undefined && setsRange(server) ? withNft : null;
    const host = firewall === null ? "server" : hostOf(cause, firewall, scenario);
    const whole = firewall === null ? server : wholeOf(server, servers);
    trials.push({ cause, product: server.product, server: whole, firewall, host, wall: null });
  }
  return { trials, untried };
}

/** @param {Remedy} remedy */
function setsRange({ config = [] }) {
  return config.some(({ directive }) => RANGE_SETTING.test(directive));
}

/**
 * A range together with the other settings for the same server: a NAT needs the address and the range.
 * @param {Remedy} range
 * @param {readonly Remedy[]} servers
 * @returns {Remedy}
 */
function wholeOf(range, servers) {
  const others = servers.filter((one) => one !== range && one.product === range.product && one.config !== undefined);
  if (others.length === 0) return range;
  return { ...range, config: [...others, range].flatMap(({ config = [] }) => config) };
}

/**
 * @param {Remedy} remedy
 * @param {Remedy} whole
 */
function isPartOf({ product, config = [] }, whole) {
  return product === whole.product && config.length > 0 && config.every((line) => whole.config?.includes(line));
}

/** @param {Remedy} remedy */
function opensRange({ commands = [] }) {
  return commands.some((line) => RANGE_IN_COMMAND.test(line) && !/\b1024[-:]65535\b/.test(line));
}

/** Whether a remedy sends ports on to a server behind NAT. @param {Remedy} remedy */
function isForward({ commands = [] }) {
  return commands.some((line) => /\bdnat\b|\bDNAT\b|forward-port/.test(line));
}

/**
 * Why a remedy cannot be tried in this world; null where it can.
 * @param {Remedy} remedy
 * @param {Scenario} scenario
 */
function whyNot(remedy, scenario) {
  const { who, product, config = [], commands = [] } = remedy;
  if (config.length + commands.length === 0) return "words only";
  if (config.length === 0 && commands.every((line) => SHOWING.test(line))) return "its commands only show something";
  if (config.length === 0 && commands.every(startsOrShows) && scenario.server !== null)
    return "the service is running here";
  if (who === "server-admin" && !(product in INSTALLED)) return `${product} is not in the lab`;
  if (who === "server-admin") return serverMisfit(remedy, scenario) ?? unknownProgram(commands);
  if (product === "any" && commands.every((line) => line.startsWith("curl "))) return "advice for a client";
  if (!(product in FIREWALLS)) return `${product} is not in the lab`;
  return firewallMisfit(remedy, scenario) ?? unknownProgram(commands);
}

/**
 * @param {string} cause
 * @param {Remedy} remedy
 * @param {Scenario} scenario
 */
function elsewhere(cause, remedy, scenario) {
  const mended = scenario.mended?.[cause];
  const host = remedy.who === "server-admin" ? "server" : hostOf(cause, remedy, scenario);
  return mended === undefined || mended.on.includes(host) ? null : mended.because;
}

/**
 * @param {Remedy} remedy
 * @param {Scenario} scenario
 */
function serverMisfit({ product }, { server }) {
  const installed = INSTALLED[/** @type {keyof typeof INSTALLED} */ (product)];
  return server === null || installed?.product === server.product ? null : `the server here is not ${product}`;
}

/**
 * @param {Remedy} remedy
 * @param {Scenario} scenario
 */
function firewallMisfit(remedy, { topology = {}, firewall = {} }) {
  if (isForward(remedy)) {
    if (topology.server !== "nat") return "no NAT router stands before this server";
    return remedy.product === "firewalld" ? "the lab's NAT router is not one of firewalld's" : null;
  }
  const side = remedy.who === "client-user" ? ["client"] : ["server", "router"];
  const texts = side.flatMap((host) => firewall[/** @type {HostName} */ (host)] ?? []);
  if (!texts.some((text) => text.includes("table inet filter {"))) return "no firewall of this kind stands here";
  return texts.some((text) => /meta nfproto ipv[46] (?:drop|reject)/.test(text))
    ? "all of a family is closed here, not a port"
    : null;
}

/** @param {string} line */
function startsOrShows(line) {
  return SHOWING.test(line) || /^systemctl (?:enable|start|restart) /.test(line);
}

/** @param {readonly string[]} commands */
function unknownProgram(commands) {
  const programs = commands.flatMap((line) =>
    line.split(/\s(?:\||&&|;)\s/).map((part) => part.trim().split(/\s/)[0] ?? ""),
  );
  const unknown = programs.find((program) => !PROGRAMS.test(program));
  return unknown === undefined ? null : `${unknown} is not in the lab`;
}

/**
 * Where a firewall's commands belong: where the fault is.
 * @param {string} cause
 * @param {Remedy} remedy
 * @param {Scenario} scenario
 * @returns {HostName}
 */
function hostOf(cause, remedy, { firewall = {}, mended }) {
  if (isForward(remedy)) return "router";
  if (remedy.who === "client-user") return "client";
  const named = mended?.[cause]?.on.find((host) => host in firewall);
  if (named !== undefined) return named;
  return "server" in firewall ? "server" : "router";
}
