import { ruleOf } from "../firewalls.mjs";

/** @typedef {import("../scenario.mjs").Scenario} Scenario */
/** @typedef {import("../topology.mjs").HostName} HostName */
/** @typedef {import("./workshop.mjs").Workshop} Workshop */

/**
 * The firewall of a scenario, built with another product than nft: a remedy for that product can only be proven against its own firewall.
 * @typedef {"iptables" | "firewalld" | "ufw"} WallProduct
 *
 * @typedef {object} Wall
 * @property {HostName} host
 * @property {string} script builds it, in a workshop of that host
 * @property {boolean} bus the product is spoken to over D-Bus
 */

const IPTABLES_VERDICTS = /** @type {Record<string, string>} */ ({
  drop: "DROP",
  "reject with tcp reset": "REJECT --reject-with tcp-reset",
  "reject with icmpx admin-prohibited": "REJECT --reject-with icmp-admin-prohibited",
  "reject with icmpx host-unreachable": "REJECT --reject-with icmp-host-unreachable",
  "reject with icmpv6 admin-prohibited": "REJECT --reject-with icmp-admin-prohibited",
});

/** The statements that every firewall has words for. */
const STATEMENT =
  /^(?:(?<to>ip daddr [\d.]+|meta nfproto ipv6) )?(?:tcp dport (?<ports>[\d-]+)(?: tcp flags & \(syn \| ack\) == syn)?|tcp flags & \(syn \| ack\) == syn) (?<verdict>(?:drop|reject).*)$/;

/** A bus without PolicyKit: there is nobody to ask, and root may do everything. */
const BUS = `<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    ${["send", "receive"]
      .flatMap((way) =>
        ["method_call", "method_return", "signal", "error"].map((type) => `<allow ${way}_type="${type}"/>`),
      )
      .join("\n    ")}
  </policy>
</busconfig>
`;

/**
 * How a product would build the only firewall of a scenario; a text says why it would not.
 * @param {WallProduct} product
 * @param {Scenario} scenario
 * @returns {Wall | string}
 */
export function wallOf(product, { firewall = {} }) {
  const [entry, ...others] = Object.entries(firewall);
  if (entry === undefined || others.length > 0) return "the scenario has no firewall, or several";
  const host = /** @type {HostName} */ (entry[0]);
  const rule = ruleOf(entry[1]);
  if (rule === null) return "the scenario's firewall is more than one rule";
  const match = STATEMENT.exec(rule.statement);
  const verdict = match?.groups?.["verdict"] ?? "";
  if (match === null || !(verdict in IPTABLES_VERDICTS)) return `no other firewall is told "${rule.statement}" here`;
  const ports = match.groups?.["ports"];
  if (product === "iptables")
    return { host, bus: false, script: iptables(rule.hook, ports, verdict, match.groups?.["to"]) };
  if (match.groups?.["to"] !== undefined) return `${product} closes ports for both families here`;
  if (rule.hook !== "input") return `${product} guards the host itself here, not what it forwards`;
  const script = product === "ufw" ? ufw(ports, verdict) : firewalld(ports, verdict);
  return script === null
    ? `${product} has no "${verdict}" for whole ranges`
    : { host, bus: product === "firewalld", script };
}

/**
 * @param {string} hook
 * @param {string | undefined} ports
 * @param {string} verdict
 * @param {string} [to] where the rule is for one address of IPv4 alone, or for IPv6
 */
function iptables(hook, ports, verdict, to) {
  const match = `${ports === undefined ? "" : `--dport ${ports.replace("-", ":")} `}--syn`;
  const rule = `-A ${hook.toUpperCase()} -p tcp ${match} -j ${IPTABLES_VERDICTS[verdict]}`;
  const six = rule.replace(
    /icmp-(admin|host)-(prohibited|unreachable)/,
    (_, kind) => `icmp6-${kind === "admin" ? "adm-prohibited" : "addr-unreachable"}`,
  );
  if (to === "meta nfproto ipv6") return `ip6tables ${six}`;
  const only = to === undefined ? "" : ` -d ${to.slice("ip daddr ".length)}`;
  const four = `iptables ${rule.replace(" -p", `${only} -p`)}`;
  return to === undefined ? `${four} && ip6tables ${six}` : four;
}

/**
 * What a firewall that denies all else must allow, so that the scenario's ports alone are closed: the control port or the others.
 * @param {string | undefined} ports undefined: all are closed
 */
function openBeside(ports) {
  if (ports === undefined) return null;
  return ports === "21" ? "1024-65535" : "21";
}

/**
 * @param {string | undefined} ports
 * @param {string} verdict
 */
function ufw(ports, verdict) {
  if (verdict !== "drop") return null;
  const open = openBeside(ports);
  const allowed = open === null ? [] : [`ufw allow ${open.replace("-", ":")}/tcp`];
  return [
    "cp /usr/share/ufw/iptables/*.rules /etc/ufw/",
    "printf 'ENABLED=no\\nLOGLEVEL=off\\n' > /etc/ufw/ufw.conf",
    "ufw default deny incoming",
    ...allowed,
    "ufw --force enable",
  ].join(" && ");
}

/**
 * @param {string | undefined} ports
 * @param {string} verdict
 */
function firewalld(ports, verdict) {
  const targets = /** @type {Record<string, string[]>} */ ({
    drop: ["firewall-cmd --permanent --zone=public --set-target=DROP"],
    // What firewalld does by itself.
    "reject with icmpx admin-prohibited": [],
  });
  const target = targets[verdict];
  if (target === undefined) return null;
  const open = openBeside(ports);
  const allowed = open === null ? [] : [`firewall-cmd --permanent --zone=public --add-port=${open}/tcp`];
  const running = "for i in $(seq 100); do firewall-cmd --state > /dev/null 2>&1 && break; sleep 0.1; done";
  return [running, "firewall-cmd --state", ...target, ...allowed, "firewall-cmd --reload"]
    .join(" && ")
    .replace("; done &&", "; done;");
}

/**
 * @param {Wall} wall
 * @param {Workshop} workshop of the wall's host
 */
export async function buildWall({ script, bus }, workshop) {
  if (bus) {
    await workshop.write("/run/dbus/lab.conf", BUS);
    workshop.start(["dbus-daemon", "--config-file=/run/dbus/lab.conf", "--nofork", "--nopidfile"]);
    await workshop.prepare("for i in $(seq 100); do [ -S /run/dbus/system_bus_socket ] && break; sleep 0.05; done");
    workshop.start(["firewalld", "--nofork", "--nopid"]);
  }
  await workshop.prepare(script);
}
