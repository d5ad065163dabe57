import { undoOnExit } from "./clean-up.mjs";
import { deleteNamespace, OWN_PREFIX } from "./leftovers.mjs";
import { runOrFail } from "./processes.mjs";
import { planOf } from "./topology.mjs";

/** @typedef {import("./topology.mjs").HostName} HostName */

/**
 * The hosts of one scenario, each a network namespace of its own.
 * @typedef {object} World
 * @property {Partial<Record<HostName, string>>} namespaces names of the namespaces
 * @property {string} serverAddress where the server listens
 * @property {(host: HostName, argv: readonly string[], binds?: Record<string, string>) => string[]} argvIn
 *   the command line that runs `argv` on a host; `binds` lays files or folders of the machine (values) over others (keys) for it alone
 * @property {() => void} close ends what still runs in the namespaces and deletes them
 */

let worlds = 0;

/**
 * Builds the hosts and the network between them, and loads the firewalls.
 * @param {import("./topology.mjs").Topology} topology
 * @param {Partial<Record<HostName, string>>} firewall nft text by host, in addition to the topology's own
 * @param {Partial<Record<HostName, string[][]>>} commands run on a host, after that
 * @returns {Promise<World>}
 */
export async function buildWorld(topology, firewall, commands) {
  worlds += 1;
  const number = worlds;
  const plan = planOf(topology);
  /** @param {string} host */
  const namespace = (host) => `${OWN_PREFIX}-${number}-${host}`;
  const names = Object.fromEntries(Object.keys(plan.hosts).map((host) => [host, namespace(host)]));
  const close = undoOnExit(() => Object.values(names).forEach(deleteNamespace));
  try {
    for (const name of Object.values(names)) await makeNamespace(name);
    for (const [left, leftInterface, right, rightInterface] of plan.links) {
      const ends = ["dev", rightInterface, "netns", namespace(right)];
      await runOrFail(["ip", "-n", namespace(left), "link", "add", leftInterface, "type", "veth", "peer", ...ends]);
    }
    for (const [host, { interfaces, routes, rules }] of Object.entries(plan.hosts)) {
      await runOrFail(["ip", "-n", namespace(host), "-batch", "-"], { input: ipCommands(interfaces, routes) });
      const text = [rules, firewall[/** @type {HostName} */ (host)]].filter((part) => part !== undefined).join("\n");
      if (text !== "") await runOrFail(["ip", "netns", "exec", namespace(host), "nft", "-f", "-"], { input: text });
      for (const argv of commands[/** @type {HostName} */ (host)] ?? []) {
        await runOrFail(["ip", "netns", "exec", namespace(host), ...argv]);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    namespaces: names,
    serverAddress: plan.serverAddress,
    argvIn: (...call) => argvIn(namespace, ...call),
    close,
  };
}

/**
 * `ip netns exec` runs its program in a mount namespace of its own, so what is bound there is seen by that program alone.
 * @param {(host: string) => string} namespace
 * @param {HostName} host
 * @param {readonly string[]} argv
 * @param {Record<string, string>} [binds]
 */
function argvIn(namespace, host, argv, binds = {}) {
  const inside = ["ip", "netns", "exec", namespace(host)];
  const pairs = Object.entries(binds);
  if (pairs.length === 0) return [...inside, ...argv];
  const mounts = pairs.map((_, index) => `mount --bind "\${${2 * index + 2}}" "\${${2 * index + 1}}"`);
  const script = [...mounts, `shift ${2 * pairs.length}`, 'exec "$@"'].join(" && ");
  return [...inside, "sh", "-c", script, "sh", ...pairs.flat(), ...argv];
}

/**
 * A host that forwards. Without duplicate address detection: an IPv6 address would be unusable for its first second.
 * @param {string} name
 */
async function makeNamespace(name) {
  await runOrFail(["ip", "netns", "add", name]);
  const settings = ["ipv4.ip_forward=1", "ipv6.conf.all.forwarding=1", "ipv6.conf.default.accept_dad=0"];
  const script = settings.map((setting) => {
    const [key = "", value] = setting.split("=");
    return `echo ${value} > /proc/sys/net/${key.replaceAll(".", "/")}`;
  });
  await runOrFail(["ip", "netns", "exec", name, "sh", "-c", script.join(" && ")]);
}

/**
 * @param {Record<string, string[]>} interfaces
 * @param {string[]} routes
 */
function ipCommands(interfaces, routes) {
  const lines = ["link set lo up"];
  for (const [name, addresses] of Object.entries(interfaces)) {
    for (const address of addresses) {
      lines.push(`address add ${address} dev ${name}${address.includes(":") ? " nodad" : ""}`);
    }
    lines.push(`link set ${name} up`);
  }
  return [...lines, ...routes.map((route) => `route add ${route}`), ""].join("\n");
}
