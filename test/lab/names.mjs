import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Files that let one host know some names and no others: there is no resolver in the lab, and one that does not answer would cost
 * seconds at every look-up.
 * @param {string} folder
 * @param {Record<string, string[]>} names addresses by name
 * @param {string} [server] name server to be asked for what is not among them; by default nothing listens there, and the kernel says so at once
 * @returns {Promise<Record<string, string>>} what to lay over the machine's own files
 */
export async function nameFiles(folder, names, server = "127.0.0.1") {
  const hosts = join(folder, "hosts");
  const resolver = join(folder, "resolv.conf");
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    addresses.map((address) => `${address} ${name}\n`),
  );
  await writeFile(hosts, `127.0.0.1 localhost\n::1 localhost\n${lines.join("")}`);
  await writeFile(resolver, `nameserver ${server}\n`);
  return { "/etc/hosts": hosts, "/etc/resolv.conf": resolver };
}
