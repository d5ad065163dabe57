import type { Family } from "./endpoint.ts";

/** What kind of address it is, seen from the public internet. */
export type AddressClass =
  /** RFC 1918. */
  | "private"
  /** 100.64.0.0/10 (RFC 6598). */
  | "carrier-grade-nat"
  | "link-local"
  | "loopback"
  /** 0.0.0.0 or ::. */
  | "unspecified"
  /** 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32: counts as public here. */
  | "documentation"
  | "multicast"
  | "broadcast"
  /** Set aside by IANA, not usable on the internet. */
  | "reserved"
  /** fc00::/7 (RFC 4193). */
  | "unique-local"
  /** 64:ff9b::/96 (RFC 6052): an IPv4 host behind NAT64. */
  | "nat64"
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

/** Class and hints of an IP literal; class `invalid` for any other text. */
export function classifyAddress(_address: string): AddressInfo {
  throw new Error("not written yet");
}

/** Whether clients anywhere could reach it by its class; documentation addresses count as public. */
export function isPublic(_address: string): boolean {
  throw new Error("not written yet");
}

/** Whether both are loopback, both inside (private-like) or both public: only then can an advertised address be right for that peer. */
export function sameSide(_a: string, _b: string): boolean {
  throw new Error("not written yet");
}

/** The octets of four decimals without leading zeros; null for every other text. */
export function parseIpv4Strict(_text: string): Ipv4Octets | null {
  throw new Error("not written yet");
}

/** Whether it is a strict IPv4 or IPv6 literal, without brackets and zone. */
export function isIpLiteral(_text: string): boolean {
  throw new Error("not written yet");
}

/** Canonical text without brackets and zone, IPv4-mapped as IPv4; null for what is no address. */
export function canonicalAddress(_text: string): string | null {
  throw new Error("not written yet");
}
