import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { canonicalAddress } from "../model/address.ts";

/**
 * Where the system keeps its hosts file. Windows may live on another drive; then the system's own lookup, asked last,
 * still reads the right one.
 */
export const SYSTEM_HOSTS_FILE = platform() === "win32" ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts";

/** Where search domains are kept; Windows has no such file. */
export const SYSTEM_RESOLV_CONF = "/etc/resolv.conf";

/** The addresses of both families that a hosts file's text gives a name, in order, each once. */
export function hostsAddresses(text: string, host: string): string[] {
  const wanted = host.toLowerCase();
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const [literal = "", ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    if (!names.some((name) => name.toLowerCase() === wanted)) continue;
    const address = canonicalAddress(literal);
    if (address !== null && !found.includes(address)) found.push(address);
  }
  return found;
}

/** The domains that resolv.conf has tried behind a name without a dot; the last `search` or `domain` line counts (resolv.conf(5)). */
export function searchDomains(text: string): string[] {
  let domains: string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === "search") domains = values;
    else if (keyword === "domain") domains = values.slice(0, 1);
  }
  return domains.map((domain) => domain.replace(/\.$/, "")).filter((domain) => domain !== "");
}

/** A file's text; empty where it cannot be read, for a machine without such a file is in order. */
export async function textOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
