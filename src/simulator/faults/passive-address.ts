import type { Behaviour } from "../behaviour.ts";
import { type Fault, fault, taking } from "./fault.ts";

/** 227 names an address at which the client cannot reach this server. */
export const PASSIVE_ADDRESS_FAULTS: readonly Fault[] = [
  naming("private-address", "pasv-private-address", "10.0.0.2", "227 names a private address, as behind a NAT"),
  naming("zero-address", "pasv-loopback-or-zero-address", "0.0.0.0", "227 names 0.0.0.0"),
  // 127.0.0.1 would be right for a client on the same machine; 127.0.1.1 is what Debian's hosts file makes of the own name.
  naming("loopback-address", "pasv-loopback-or-zero-address", "127.0.1.1", "227 names a loopback address"),
  naming(
    "wrong-public-address",
    "pasv-wrong-public-address",
    "203.0.113.99",
    "227 names a public address that is not the server's (pasv-hairpin where the client came by a private one)",
  ),
  naming("container-address", "pasv-container-bridge-address", "172.17.0.2", "227 names a container's bridge address"),
  fault("wrong-port", "pasv-port-wrong", "227 and 229 name the port with its two bytes swapped", () => ({
    advertise: (usual) => ({ ...usual, port: swapped(usual.port) }),
  })),
];

function naming(name: string, finding: string, address: string, description: string): Fault {
  const behave = (value: string): Behaviour => ({
    advertise: (usual, mode) => (mode === "pasv" ? { ...usual, address: value } : usual),
  });
  return fault(name, finding, description, behave, taking("address", address));
}

function swapped(port: number): number {
  return ((port & 255) << 8) | (port >> 8);
}
