import { isPublic, sideOf } from "../../model/address.ts";
import type { PortRange } from "../../model/evidence.ts";
import type { Remedy } from "../../model/report.ts";
import { rangeInWords } from "../../model/words.ts";
import {
  clientRemedies,
  firewallRemedies,
  passiveRangeRemedies,
  type RemedyValues,
  serverRemedies,
} from "../../remedies/index.ts";
import { joinRemedies } from "../../remedies/join.ts";
import type { ClientTopic, FirewallTopic, ServerTopic } from "../../remedies/topic.ts";
import type { Args } from "../define-rule.ts";
import { accountTls } from "../facts/account-tls.ts";
import { namedAttempts } from "../facts/advertised-address.ts";
import { failedHere } from "../facts/advice-tried.ts";
import { neededRoots } from "../facts/certificate-facts.ts";
import { type AddressFacts, type Facts, lastReply } from "../facts/facts.ts";
import { greetedAddress, seenClientAddress } from "../facts/let-slip.ts";
import { liesIn } from "../facts/port-survey.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { summariseEstimate } from "../verdict/port-estimate.ts";

/** How to make the server name the address under which it is reached. */
export function mendAddress(facts: Facts, args: Args): Remedy[] {
  // Reached at an address that is not for the world: there the control connection's own address is the right one to name.
  const named = args["advertised"] === "0.0.0.0" ? "zero-address" : "advertised-address";
  const topic = isPublic(peerOf(facts, args)) ? named : "own-address";
  return serverRemedies(topic, productAt(facts, args), valuesOf(facts, args));
}

/** How to mend a setting of the address that the server cannot use: a plain address in its place, or none. */
export function mendAddressSetting(facts: Facts, args: Args): Remedy[] {
  const peer = peerOf(facts, args);
  return [
    // Through a tunnel or on the server itself, the address that was reached is none for other clients.
    ...(sideOf(peer) === "loopback" ? [] : mendServer("invalid-address", facts, args)),
    ...(isPublic(peer) ? [] : mendServer("own-address", facts, args)),
  ];
}

/** How to make a server in a container name its host's address. */
export function mendContainer(facts: Facts, args: Args): Remedy[] {
  return serverRemedies("container-address", productAt(facts, args), valuesOf(facts, args));
}

/** How to make the server name its inside address to clients inside. */
export function mendHairpin(facts: Facts, args: Args): Remedy[] {
  const { advertised, peer } = args;
  return serverRemedies("local-address", productAt(facts, args), {
    ...valuesOf(facts, args),
    publicAddress: typeof advertised === "string" ? advertised : null,
    insideAddress: typeof peer === "string" ? peer : null,
  });
}

/** How to let a firewall that counts on its FTP helper have one. */
export function mendHelper(facts: Facts, args: Args): Remedy[] {
  return firewallRemedies("assign-helper", valuesOf(facts, args), productAt(facts, args));
}

/** How to let clients reach the passive ports: the server's range, and the same in the firewalls and in a NAT router before it. */
export function mendPorts(facts: Facts, args: Args): Remedy[] {
  const values = withRange(valuesOf(facts, args), facts);
  const product = productAt(facts, args);
  const forward = firewallRemedies("forward-passive-range", values, product);
  const open = passiveRangeRemedies(product, values);
  if (values.insideAddress != null) {
    // The NAT has shown itself: the server's range first, then the forward, then firewalls behind it.
    const server = open.filter(({ who }) => who === "server-admin");
    return [...server, ...forward, ...open.filter((remedy) => !server.includes(remedy))];
  }
  const all = [...open, ...forward.filter(({ commands }) => commands === undefined)];
  return keepsToDeclared(facts, values.publicAddress)
    ? [...all.filter(({ who }) => who !== "server-admin"), ...all.filter(({ who }) => who === "server-admin")]
    : all;
}

/** Whether every port that the server offered there lies in the range that was declared and swept: its setting is no fault then. */
function keepsToDeclared(facts: Facts, address: string | null | undefined): boolean {
  const ranges = facts.addresses.flatMap((at) => (at.address === address ? at.sweeps.map(({ range }) => range) : []));
  const offered = everyPassive(facts).flatMap(({ record, advertised }) =>
    record.address === address && advertised !== null ? [advertised.port] : [],
  );
  return ranges.length > 0 && offered.length > 0 && offered.every((port) => liesIn(port, ranges));
}

/** With fewer, a busy server has none left. */
const PORTS_AT_LEAST = 100;
const HIGHEST_PORT = 65_535;

/** How to give the server more passive ports: the range that is known made wider, in the server and in the firewalls. */
export function mendFullRange(facts: Facts, args: Args): Remedy[] {
  const values = withRange(valuesOf(facts, args), facts);
  const product = productAt(facts, args);
  if (values.range == null) return serverRemedies("passive-range", product, values);
  const { from, to } = values.range;
  const ports = Math.max(PORTS_AT_LEAST, 2 * (to - from + 1));
  const end = Math.min(HIGHEST_PORT, from + ports - 1);
  return passiveRangeRemedies(product, { ...values, range: { from: Math.max(1024, end - ports + 1), to: end } });
}

/**
 * How to give passive ports the same numbers on both sides of a NAT: the forward by the server's numbers, or the server's range
 * by those of the outside (`args` names its ends). `inside` is the server's own range, null where it is not known.
 */
export function mendForward(facts: Facts, args: Args, inside: PortRange | null): Remedy[] {
  const product = productAt(facts, args);
  const values = valuesOf(facts, args);
  const outside = { from: Number(args["from"]), to: Number(args["to"]) };
  const server = serverRemedies("passive-range", product, { ...values, range: outside });
  return [
    ...(inside === null ? [] : [publishInDocker(inside, outside)]),
    ...(inside === null ? [] : firewallRemedies("forward-passive-range", { ...values, range: inside }, product)).filter(
      // Without the server's address inside only the words are left, which the router's say as well.
      ({ commands, product: by }) => commands !== undefined || by === "NAT router",
    ),
    ...server.map((remedy) => ({
      ...remedy,
      text: `Or let the server use the numbers of the outside, and forward ${outside.from}-${outside.to} to the same numbers: ${remedy.text}`,
    })),
  ];
}

function publishInDocker(inside: PortRange, outside: PortRange): Remedy {
  const [own, published] = [inside, outside].map(rangeInWords);
  const value = `${own}:${own}`;
  return {
    who: "server-admin",
    product: "Docker",
    effort: "low",
    text: `Where it is a container: publish the passive ports under the numbers that the server names, and not as ${published}:${own}. With docker run that is -p ${value}. Firewalls before the host must let ${own} in.`,
    config: [{ file: "docker-compose.yml, ports", directive: "ports", value, line: `- "${value}"` }],
    commands: ["docker compose up -d --force-recreate"],
  };
}

/** How to let clients reach the passive ports under TLS, where no helper opens them: the range, fixed and open, in server and firewalls. */
export function mendTlsPorts(facts: Facts, args: Args): Remedy[] {
  const values = withRange(valuesOf(facts, args), facts);
  const product = productAt(facts, args);
  // A NAT has shown itself where an address was rewritten or let slip: what was opened on the fly must then be forwarded.
  const behindNat = values.insideAddress != null || typeof args["advertised"] === "string";
  const forward = !behindNat ? [] : firewallRemedies("forward-passive-range", values, product);
  return [
    ...serverRemedies("passive-range", product, values),
    ...forward,
    ...firewallRemedies("tls-passive-range", values, product),
    ...firewallRemedies("tls-inspection", values, product),
  ];
}

/** How to make the server name its public address under TLS, where a NAT rewrites the address in clear text alone. */
export function mendTlsAddress(facts: Facts, args: Args): Remedy[] {
  return isPublic(peerOf(facts, args)) ? mendServer("tls-masquerade", facts, args) : mendAddress(facts, args);
}

/** Both where both are missing: the address alone leads to closed ports, and open ports lead nowhere under the wrong address. */
export function mendTlsAddressAndPorts(facts: Facts, args: Args): Remedy[] {
  const addresses = mendTlsAddress(facts, args);
  const ports = mendTlsPorts(facts, args);
  const ranges = ports.filter(({ who }) => who === "server-admin");
  const joined = addresses.flatMap((address) => {
    const range = ranges.find(({ product }) => product === address.product);
    return range === undefined ? [] : [joinRemedies(address, range)];
  });
  // Where no product has lines for both, both stand as they are.
  const server = joined.length > 0 ? joined : [...addresses, ...ranges];
  return [...server, ...ports.filter(({ who }) => who !== "server-admin")];
}

/** How to get along without active mode, or to let the server's call in. */
export function mendActive(facts: Facts, args: Args): Remedy[] {
  const values = valuesOf(facts, args);
  return [
    ...tellClient("use-passive", facts, values),
    ...firewallRemedies("allow-active-in", values, productAt(facts, args)),
  ];
}

/** What to change in the server. */
export function mendServer(topic: ServerTopic, facts: Facts, args: Args): Remedy[] {
  return serverRemedies(topic, productAt(facts, args), valuesOf(facts, args));
}

/** What to change in the client; its commands go to `port` where that is another one than the one probed. */
export function mendClient(topic: ClientTopic, facts: Facts, args: Args, port?: number): Remedy[] {
  const values = valuesOf(facts, args);
  return tellClient(topic, facts, port === undefined ? values : { ...values, controlPort: port });
}

/** Nobody is told to do what failed in this very run; passive mode is the right thing all the same, once it works. */
function tellClient(topic: ClientTopic, facts: Facts, values: RemedyValues): Remedy[] {
  if (!failedHere(topic, facts)) return clientRemedies(topic, values);
  return topic === "use-passive" ? [passiveLater] : [];
}

const passiveLater: Remedy = {
  who: "client-user",
  product: "any",
  effort: "low",
  text: "Use passive mode as soon as what keeps it from working here is mended: it asks nothing of the client's own firewall.",
};

/** What to change where the fault lies before any data channel: in the server, in a firewall, in the client, in this order. */
export function mendControl(
  facts: Facts,
  args: Args,
  topics: { server?: readonly ServerTopic[]; firewall?: readonly FirewallTopic[]; client?: readonly ClientTopic[] },
): Remedy[] {
  const values = valuesOf(facts, args);
  const product = productAt(facts, args);
  return [
    ...(topics.server ?? []).flatMap((topic) => serverRemedies(topic, product, values)),
    ...(topics.firewall ?? []).flatMap((topic) => firewallRemedies(topic, values, product)),
    ...(topics.client ?? []).flatMap((topic) => tellClient(topic, facts, values)),
  ];
}

function peerOf(facts: Facts, args: Args): string {
  return typeof args["peer"] === "string" ? args["peer"] : (facts.addresses[0]?.address ?? "");
}

function addressAt(facts: Facts, args: Args): AddressFacts | undefined {
  const peer = peerOf(facts, args);
  return facts.addresses.find(({ address }) => address === peer);
}

function productAt(facts: Facts, args: Args): Facts["product"] {
  return addressAt(facts, args)?.product ?? facts.product;
}

/** What was observed, as far as it can go into a remedy. */
function valuesOf(facts: Facts, args: Args): RemedyValues {
  const { target } = facts.evidence;
  const peer = peerOf(facts, args);
  const ports = Array.isArray(args["ports"]) ? args["ports"].map(Number) : [];
  return {
    publicAddress: peer,
    system: greetedSystem(addressAt(facts, args)),
    ipv6Address:
      facts.addresses.find(({ address, control }) => address.includes(":") && control === "ready")?.address ?? null,
    insideAddress: insideAddress(facts, peer),
    controlPort: target.port,
    range: addressAt(facts, args)?.sweeps[0]?.range ?? null,
    observedPorts: ports,
    // What the server says of us outdoes what we know of ourselves: a NAT may lie between.
    clientAddress: seenClientAddress(facts) ?? (typeof args["client"] === "string" ? args["client"] : null),
    host: target.host,
    certificateNames: Array.isArray(args["names"]) ? args["names"].map(String) : [],
    user: target.user,
    accountTls: accountTls(facts.evidence, addressAt(facts, args)),
    caFile: neededRoots(facts, addressAt(facts, args)),
    anonymous: facts.evidence.policy.credentials === "anonymous",
    path: target.path,
    home: quotedHome(args["text"]),
    passwordPrompt: passwordPrompt(addressAt(facts, args)),
    clearLogin: (addressAt(facts, args)?.logins ?? []).some(
      ({ protection, result }) => protection === "clear" && result === "logged-in",
    ),
    panel: addressAt(facts, args)?.panel ?? null,
  };
}

/** Less sure than this, or wider, an inferred range is none to open in a firewall: one that is set in the server is better. */
const SURE_ENOUGH = 0.8;
const NARROW_ENOUGH = 5000;

/** With the server's own range, where the ports that it offered tell it well enough; one that was declared and swept is known. */
function withRange(values: RemedyValues, facts: Facts): RemedyValues {
  if (values.range != null) return values;
  const estimate = summariseEstimate(facts);
  if (estimate === null || estimate.likely === null || estimate.address !== values.publicAddress) return values;
  const { from, to } = estimate.likely;
  const sure = (estimate.confidence ?? 0) >= SURE_ENOUGH;
  const set = estimate.looksLike?.origin === "setting" || to - from < NARROW_ENOUGH;
  // One port alone is less a range than a fault.
  const range = estimate.allocation !== "fixed" && estimate.remarks.every(({ kind }) => kind !== "no-range");
  return sure && set && range ? { ...values, range: { from, to }, rangeEstimated: true } : values;
}

/** The system that a greeting names, as `ProFTPD Server (Debian)` does; null where it names none. */
function greetedSystem(at: AddressFacts | undefined): NonNullable<RemedyValues["system"]> | null {
  const words = (at?.controls ?? []).flatMap(({ greeting }) => greeting?.reply?.lines ?? []).join(" ");
  if (/\b(?:Debian|Ubuntu)\b/i.test(words)) return "debian";
  return /\b(?:Red ?Hat|RHEL|CentOS|AlmaLinux|Rocky Linux|CloudLinux|Fedora)\b/i.test(words) ? "red-hat" : null;
}

/** The directory that vsftpd names where it cannot enter it: `500 OOPS: cannot change directory:/home/web1`. */
function quotedHome(text: Args[string] | undefined): string | null {
  if (typeof text !== "string") return null;
  return /\bcannot change directory: ?(\/[\w./-]{1,254})$/.exec(text)?.[1] ?? null;
}

/** The 331 of the first login that came so far. */
function passwordPrompt(at: AddressFacts | undefined): string | null {
  const prompts = (at?.logins ?? [])
    .flatMap(({ exchanges }) => exchanges.map(lastReply))
    .filter((reply) => reply?.code === 331);
  return prompts[0]?.lines.at(-1) ?? null;
}

/** The address that the server has behind its NAT, where it let it slip. */
function insideAddress(facts: Facts, peer: string): string | null {
  const slip = namedAttempts(facts).find(
    ({ record, named, namesPeer }) => record.address === peer && !namesPeer && sideOf(named.address) === "inside",
  );
  if (slip !== undefined && isPublic(peer)) return slip.advertised.address;
  return greetedAddress(facts.addresses.find(({ address }) => address === peer));
}
