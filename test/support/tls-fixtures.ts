import { readFileSync } from "node:fs";
import type { TlsIdentity } from "../../src/simulator/tls/policy.ts";

const FOLDER = new URL("../../fixtures/tls/", import.meta.url);

/** A file of the certificates made for tests. */
export function pem(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

/** What vouches for all of them that are signed. */
export const ROOTS = [pem("root.pem")];

/** One of the certificates with its key; `server` is good for ftp.example.com and 203.0.113.5, and has an intermediate one behind it. */
export function identity(name: string): TlsIdentity {
  return { key: pem(name === "weak" ? "weak.key" : "server.key"), certificate: pem(`${name}.pem`) };
}
