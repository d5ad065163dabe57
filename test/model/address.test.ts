import { describe, expect, test } from "vitest";
import {
  type AddressClass,
  type Bridge,
  canonicalAddress,
  classifyAddress,
  isIpLiteral,
  isPublic,
  parseIpv4Strict,
  sameSide,
} from "../../src/model/address.ts";

describe("classes", () => {
  const table: [string, AddressClass, boolean][] = [
    ["10.0.0.2", "private", false],
    ["172.15.255.255", "public", true],
    ["172.16.0.1", "private", false],
    ["172.31.255.255", "private", false],
    ["172.32.0.1", "public", true],
    ["172.122.0.1", "public", true],
    ["192.168.1.1", "private", false],
    ["192.169.1.1", "public", true],
    ["100.63.255.255", "public", true],
    ["100.64.0.1", "carrier-grade-nat", false],
    ["100.127.255.255", "carrier-grade-nat", false],
    ["100.128.0.1", "public", true],
    ["169.254.169.254", "link-local", false],
    ["127.0.0.1", "loopback", false],
    ["127.0.1.1", "loopback", false],
    ["0.0.0.0", "unspecified", false],
    ["0.1.2.3", "reserved", false],
    ["192.0.2.7", "documentation", true],
    ["198.51.100.10", "documentation", true],
    ["203.0.113.5", "documentation", true],
    ["192.0.0.1", "reserved", false],
    ["198.18.0.1", "reserved", false],
    ["240.0.0.1", "reserved", false],
    ["224.0.0.1", "multicast", false],
    ["255.255.255.255", "broadcast", false],
    ["8.8.8.8", "public", true],
    ["192.175.48.1", "public", true],
    ["::", "unspecified", false],
    ["::1", "loopback", false],
    ["fe80::1", "link-local", false],
    ["fd12:3456::1", "unique-local", false],
    ["fc00::1", "unique-local", false],
    ["ff02::1", "multicast", false],
    ["2001:db8::5", "documentation", true],
    ["3fff::5", "documentation", true],
    ["2a00:1450:4001::1", "public", true],
    ["2002:cb00:7105::1", "public", true],
    ["64:ff9b::203.0.113.5", "nat64", true],
    ["64:ff9b::10.0.0.2", "nat64", false],
    ["64:ff9b:1::1", "reserved", false],
    ["100::1", "reserved", false],
    ["fec0::1", "reserved", false],
    ["4000::1", "reserved", false],
    ["::203.0.113.5", "reserved", false],
    ["::ffff:10.0.0.2", "private", false],
    ["::ffff:203.0.113.5", "documentation", true],
    ["ftp.example.com", "invalid", false],
    ["010.0.0.1", "invalid", false],
    ["", "invalid", false],
  ];
  test.each(table)("%s is %s", (address, expected, reachable) => {
    expect(classifyAddress(address).class).toBe(expected);
    expect(isPublic(address)).toBe(reachable);
  });

  test("the text and family are canonical", () => {
    expect(classifyAddress("::FFFF:10.0.0.2")).toMatchObject({ address: "10.0.0.2", family: "ipv4" });
    expect(classifyAddress("2001:DB8:0:0::5")).toMatchObject({ address: "2001:db8::5", family: "ipv6" });
    expect(classifyAddress("nonsense")).toMatchObject({ address: "nonsense", bridge: null });
  });
});

describe("container and virtual-machine networks", () => {
  const table: [string, Bridge | null][] = [
    ["172.16.0.2", null],
    ["172.17.0.2", "docker"],
    ["172.30.255.2", "docker"],
    ["172.31.4.5", "docker"],
    ["172.32.0.2", null],
    ["192.168.65.3", "docker-desktop"],
    ["10.42.1.7", "kubernetes"],
    ["10.43.0.10", "kubernetes"],
    ["10.244.1.7", "kubernetes"],
    ["10.96.0.1", "kubernetes"],
    ["10.111.0.1", "kubernetes"],
    ["10.112.0.1", null],
    ["10.88.0.2", "podman"],
    ["192.168.122.10", "libvirt"],
    ["10.0.3.15", "lxc"],
    ["10.0.2.15", "virtualbox"],
    ["192.168.56.101", "virtualbox"],
    ["192.168.99.100", "minikube"],
    ["192.168.64.2", "macos-vm"],
    ["10.0.0.2", null],
    ["192.168.1.2", null],
    ["203.0.113.5", null],
    ["::ffff:172.17.0.6", "docker"],
  ];
  test.each(table)("%s hints at %s", (address, bridge) => expect(classifyAddress(address).bridge).toBe(bridge));

  test("names the other well-known user of a range", () => {
    expect(classifyAddress("172.31.4.5").bridgeRival).toMatch(/AWS/);
    expect(classifyAddress("172.17.0.2").bridgeRival).toBeNull();
  });
});

describe("literals", () => {
  test.each([
    "1",
    "10.1",
    "010.0.0.1",
    "1.2.3.04",
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "0x7f.0.0.1",
    " 1.2.3.4",
    "1.2.3.4\n",
    "1.2.3.4 ",
    "١.2.3.4",
    "",
  ])("%j is no IPv4 literal", (text) => {
    expect(parseIpv4Strict(text)).toBeNull();
    expect(isIpLiteral(text)).toBe(false);
  });
  test.each([
    "[::1]",
    "fe80::1%eth0",
    ":::",
    "1::2::3",
    "::ffff:010.0.0.1",
    "::1.2.3",
    "12345::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::g",
    "1.2.3.4:21",
    ":1.2.3.4",
  ])("%j is no IPv6 literal", (text) => expect(isIpLiteral(text)).toBe(false));
  test("octets of a good one", () => {
    expect(parseIpv4Strict("203.0.113.5")).toEqual([203, 0, 113, 5]);
    expect(isIpLiteral("203.0.113.5")).toBe(true);
    expect(isIpLiteral("2001:db8::5")).toBe(true);
    expect(isIpLiteral("::ffff:1.2.3.4")).toBe(true);
  });

  const canonical: [string, string | null][] = [
    ["2001:0DB8:0000::0005", "2001:db8::5"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["::ffff:203.0.113.5", "203.0.113.5"],
    ["::ffff:cb00:7105", "203.0.113.5"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
    ["fe80::1%eth0.100", "fe80::1"],
    ["203.0.113.5", "203.0.113.5"],
    ["1", null],
    ["h.example", null],
    ["[::1]", null],
  ];
  test.each(canonical)("%s is written %s", (text, expected) => expect(canonicalAddress(text)).toBe(expected));
});

describe("same side", () => {
  const table: [string, string, boolean][] = [
    ["10.0.0.2", "192.168.1.1", true],
    ["10.0.0.2", "fd00::1", true],
    ["100.64.0.1", "10.0.0.2", true],
    ["203.0.113.5", "8.8.8.8", true],
    ["127.0.0.1", "::1", true],
    ["10.0.0.2", "203.0.113.5", false],
    ["127.0.0.1", "10.0.0.2", false],
    ["0.0.0.0", "0.0.0.0", false],
    ["0.0.0.0", "203.0.113.5", false],
    ["h.example", "203.0.113.5", false],
  ];
  test.each(table)("%s and %s: %s", (a, b, expected) => {
    expect(sameSide(a, b)).toBe(expected);
    expect(sameSide(b, a)).toBe(expected);
  });
});
