import ipaddr from "ipaddr.js";
import { type Family, familyOf } from "./endpoint.ts";

/** What kind of address it is, seen from the public internet. */
export type AddressClass =
  /** 10/8, 172.16/12, 192.168/16 (RFC 1918). */
  | "private"
  /** 100.64/10 (RFC 6598). */
  | "carrier-grade-nat"
  /** 169.254/16 (RFC 3927), fe80::/10. */
  | "link-local"
  /** 127/8, ::1. */
  | "loopback"
  /** 0.0.0.0 or ::. */
  | "unspecified"
  /** 192.0.2/24, 198.51.100/24, 203.0.113/24 (RFC 5737), 2001:db8::/32, 3fff::/20: counts as public here. */
  | "documentation"
  /** 224/4, ff00::/8. */
  | "multicast"
  /** 255.255.255.255. */
  | "broadcast"
  /** Set aside by IANA, not usable on the internet (the rest of 0/8, 240/4, benchmarking, ...). */
  | "reserved"
  /** fc00::/7 (RFC 4193). */
  | "unique-local"
  /** 64:ff9b::/96 (RFC 6052): an IPv4 host behind NAT64. */
  | "nat64"
  /** Everything else. */
  | "public"
  /** The text is no IP literal. */
  | "invalid";

/** Software whose default virtual network an address falls into; only a hint. */
export type Bridge =
  | "docker"
  | "docker-desktop"
  | "kubernetes"
  | "podman"
  | "libvirt"
  | "lxc"
  | "minikube"
  | "virtualbox"
  | "macos-vm";

/** What is known of an address from its number alone. */
export interface AddressInfo {
  /** Canonical text: IPv4-mapped IPv6 as IPv4, IPv6 as RFC 5952 writes it; the input where it is no address. */
  address: string;
  /** Its family; an IPv4-mapped one is ipv4. */
  family: Family;
  /** Its class. */
  class: AddressClass;
  /** The container or VM network it would fit; a hint, null where none is known. */
  bridge: Bridge | null;
  /** Who else uses that bridge range by default, such as `the AWS default VPC`; null where nobody well known does. */
  bridgeRival: string | null;
}

/** Four octets. */
export type Ipv4Octets = readonly [number, number, number, number];

type Parsed = ReturnType<typeof ipaddr.parse>;

/** Classes by the name ipaddr.js gives the range. A name that is missing here is ordinary address space. */
const CLASS_OF_RANGE: Readonly<Record<string, AddressClass>> = {
  unspecified: "unspecified",
  broadcast: "broadcast",
  multicast: "multicast",
  linkLocal: "link-local",
  loopback: "loopback",
  carrierGradeNat: "carrier-grade-nat",
  private: "private",
  uniqueLocal: "unique-local",
  reserved: "reserved",
  benchmarking: "reserved",
  discard: "reserved",
  rfc6145: "reserved",
  deprecatedSiteLocal: "reserved",
  deprecatedOrchid: "reserved",
  orchid2: "reserved",
  droneRemoteIdProtocolEntityTags: "reserved",
  segmentRouting: "reserved",
};

/** RFC 5737, RFC 3849, RFC 9637; ipaddr.js has them under "reserved". */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"].map(range);
/** RFC 6052 section 2.1, the well-known prefix; the local-use one (RFC 8215) lies beside it. */
const NAT64 = range("64:ff9b::/96");
/** RFC 4291 section 2.4: what is assigned today; all other IPv6 space is reserved by the IETF. */
const GLOBAL_UNICAST = range("2000::/3");

interface BridgeRange {
  within: [Parsed, number];
  bridge: Bridge;
  rival: string | null;
}

/** Default networks of container and VM software, the narrower range first. */
const BRIDGES: readonly BridgeRange[] = [
  // docs.docker.com, dockerd default-address-pools: 172.17.0.0/16 and on to 172.31; AWS gives its default VPC 172.31.0.0/16.
  bridge("172.31.0.0/16", "docker", "the AWS default VPC"),
  ...Array.from({ length: 14 }, (_, index) => bridge(`172.${17 + index}.0.0/16`, "docker")),
  // Docker Desktop's virtual machine subnet, settings "Resources / Network".
  bridge("192.168.65.0/24", "docker-desktop"),
  // k3s --cluster-cidr and --service-cidr; flannel and kubeadm's usual pod network; kubeadm --service-cidr 10.96.0.0/12.
  bridge("10.42.0.0/16", "kubernetes"),
  bridge("10.43.0.0/16", "kubernetes"),
  bridge("10.244.0.0/16", "kubernetes"),
  bridge("10.96.0.0/12", "kubernetes"),
  // containers.conf default_subnet and the first of its subnet pools.
  bridge("10.88.0.0/16", "podman"),
  bridge("10.89.0.0/16", "podman"),
  // libvirt's network "default".
  bridge("192.168.122.0/24", "libvirt"),
  // lxc-net's lxcbr0.
  bridge("10.0.3.0/24", "lxc"),
  // docker-machine's and minikube's VirtualBox host-only network; minikube's own docker network is 192.168.49.0/24.
  bridge("192.168.99.0/24", "minikube"),
  bridge("192.168.49.0/24", "minikube"),
  // VirtualBox manual: NAT 10.0.2.0/24 (QEMU's user network is the same), host-only 192.168.56.0/24.
  bridge("10.0.2.0/24", "virtualbox", "QEMU's user network"),
  bridge("192.168.56.0/24", "virtualbox"),
  // macOS vmnet, used by Multipass, UTM and Lima.
  bridge("192.168.64.0/24", "macos-vm"),
];

/** Class and hints of an IP literal; class `invalid` for any other text. */
export function classifyAddress(address: string): AddressInfo {
  const parsed = parse(address);
  if (parsed === null) {
    return { address, family: familyOf(address), class: "invalid", bridge: null, bridgeRival: null };
  }
  const hint = BRIDGES.find((candidate) => within(parsed, candidate.within));
  return {
    address: textOf(parsed),
    family: parsed.kind(),
    class: classOf(parsed),
    bridge: hint?.bridge ?? null,
    bridgeRival: hint?.rival ?? null,
  };
}

/** Whether its class is one that clients anywhere could reach. */
export function isPublic(address: string): boolean {
  return sideOf(address) === "public";
}

/**
 * Whether both are loopback, both inside (private, carrier-grade NAT, link-local, unique-local) or both public: only
 * then can an advertised address be right for a client that reached that peer. Other classes are on no side.
 */
export function sameSide(a: string, b: string): boolean {
  const side = sideOf(a);
  return side !== "nowhere" && side === sideOf(b);
}

/** Whether the address lies in the network, given in CIDR form such as `104.16.0.0/13`. */
export function isInNetwork(address: string, cidr: string): boolean {
  const parsed = parse(address);
  return parsed !== null && within(parsed, range(cidr));
}

/** The octets of four decimals without leading zeros; null for every other text, also for what the C library would take. */
export function parseIpv4Strict(text: string): Ipv4Octets | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const [a, b, c, d] = match.slice(1).map(octet);
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  return a < 0 || b < 0 || c < 0 || d < 0 ? null : [a, b, c, d];
}

/** Whether it is a strict IPv4 or IPv6 literal, without brackets and zone. */
export function isIpLiteral(text: string): boolean {
  return !text.includes("%") && parse(text) !== null;
}

/** Canonical text without zone, IPv4-mapped as IPv4; null for what is no address. */
export function canonicalAddress(text: string): string | null {
  const parsed = parse(text);
  return parsed === null ? null : textOf(parsed);
}

function octet(text: string): number {
  const value = Number(text);
  return value > 255 || (text.length > 1 && text.startsWith("0")) ? -1 : value;
}

/** Parses a literal strictly; ipaddr.js alone also takes `1`, octal forms and `::1.2.3.4` as IPv4-mapped. */
function parse(text: string): Parsed | null {
  const octets = parseIpv4Strict(text);
  if (octets !== null) return new ipaddr.IPv4([...octets]);
  const address = text.replace(/%[\w.~-]{1,64}$/, "");
  const tail = address.slice(address.lastIndexOf(":") + 1);
  let plain = address;
  if (tail.includes(".")) {
    const last = parseIpv4Strict(tail);
    if (last === null) return null;
    const [a, b, c, d] = last;
    plain = `${address.slice(0, -tail.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  if (plain.length > 39 || !/^[\da-f:]*:[\da-f:]*$/i.test(plain) || !ipaddr.IPv6.isValid(plain)) return null;
  const parsed = ipaddr.IPv6.parse(plain);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

function textOf(parsed: Parsed): string {
  return parsed.kind() === "ipv6" ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString();
}

function classOf(parsed: Parsed): AddressClass {
  if (DOCUMENTATION.some((candidate) => within(parsed, candidate))) return "documentation";
  if (within(parsed, NAT64)) return "nat64";
  const name = parsed.range();
  // ipaddr.js calls all of 0/8 unspecified; only the zero address is, the rest is "this network" (RFC 1122 3.2.1.3).
  if (name === "unspecified" && parsed.toByteArray().some((byte) => byte !== 0)) return "reserved";
  const known = CLASS_OF_RANGE[name];
  if (known !== undefined) return known;
  return parsed.kind() === "ipv6" && !within(parsed, GLOBAL_UNICAST) ? "reserved" : "public";
}

/**
 * Which side of a NAT an address belongs to: the internet, a site's own network, the machine itself, or none, where no
 * host can be reached. Documentation addresses count as public: the lab and every example use them. A NAT64 address is as
 * public as the IPv4 address in it.
 */
export function sideOf(address: string): "public" | "inside" | "loopback" | "nowhere" {
  switch (classifyAddress(address).class) {
    case "public":
    case "documentation":
      return "public";
    case "nat64": {
      const bytes = parse(address)?.toByteArray() ?? [];
      return sideOf(bytes.slice(12).join("."));
    }
    case "private":
    case "carrier-grade-nat":
    case "link-local":
    case "unique-local":
      return "inside";
    case "loopback":
      return "loopback";
    case "unspecified":
    case "multicast":
    case "broadcast":
    case "reserved":
    case "invalid":
      return "nowhere";
  }
}

function range(cidr: string): [Parsed, number] {
  return ipaddr.parseCIDR(cidr);
}

function bridge(cidr: string, name: Bridge, rival: string | null = null): BridgeRange {
  return { within: range(cidr), bridge: name, rival };
}

function within(address: Parsed, [network, bits]: [Parsed, number]): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
