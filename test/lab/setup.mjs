import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LabNotPossibleHere, LabProblem } from "./problem.mjs";
import { runOrFail, runToEnd } from "./processes.mjs";

/** Where the lab keeps what it fetched; git ignores it. */
export const CACHE = fileURLToPath(new URL("../../.lab/", import.meta.url));
/** Programs the lab calls, and the Debian package of each. */
const TOOLS = {
  "/usr/bin/python3": "python3",
  ip: "iproute2",
  nft: "nftables",
  "dbus-daemon": "dbus-daemon",
  iptables: "iptables",
  openssl: "openssl",
  curl: "curl",
};
/**
 * The servers' packages conflict with one another, so they are unpacked side by side instead of installed, and so are the modules that
 * only they need. Names may be added: what an older cache lacks is fetched into it.
 */
const SERVER_PACKAGES = [
  "vsftpd",
  "proftpd-core",
  "proftpd-mod-crypto",
  "pure-ftpd",
  "inetutils-ftpd",
  "ftpd-ssl",
  "busybox-static",
  "python3-pyftpdlib",
  "python3-aioftp",
  "python3-twisted",
  "python3-zope.interface",
  "python3-attr",
  "python3-automat",
  "python3-constantly",
  "python3-hyperlink",
  "python3-incremental",
  "python3-idna",
  "python3-typing-extensions",
  // What remedies are for, besides servers: Debian's own way to configure Pure-FTPd, and two firewalls.
  "pure-ftpd-common",
  "ufw",
  "firewalld",
  "python3-firewall",
  "python3-nftables",
  "python3-dbus",
  "python3-gi",
  "gir1.2-glib-2.0",
];
/** What a cache from before its marker named packages holds. */
const FIRST_PACKAGES = SERVER_PACKAGES.slice(0, 4);
/** Servers from npm, with the version that the scenarios were written for. */
const NODE_SERVERS = ["ftp-srv@4.6.3"];

/**
 * Says why the lab cannot run here, for machines on which it is not expected to.
 * @throws {LabNotPossibleHere}
 */
async function assertPossibleHere() {
  if (process.platform !== "linux") {
    throw new LabNotPossibleHere(`network namespaces exist on Linux only, and this is ${process.platform}`);
  }
  if (process.getuid?.() !== 0) throw new LabNotPossibleHere("only root may make network namespaces");
  if ((await runToEnd(["unshare", "--net", "--mount", "true"])).code !== 0) {
    throw new LabNotPossibleHere("this container has no right to make network namespaces (it needs CAP_SYS_ADMIN)");
  }
}

/**
 * Installs what is missing, from Debian's packages only, and does nothing where all is there.
 * @param {(line: string) => void} say told of every step that takes time
 * @returns {Promise<string>} folder under which the servers' packages are unpacked
 */
export async function setUp(say) {
  await assertPossibleHere();
  await installPrograms(TOOLS, say);
  const servers = join(CACHE, "servers");
  const held = await contentsOf(servers);
  const wanted = [...SERVER_PACKAGES, ...NODE_SERVERS];
  const lacking = wanted.filter((name) => !held.includes(name));
  if (lacking.length > 0) {
    say(`fetching ${lacking.join(" ")}`);
    await fetchServers(servers, lacking);
    await writeFile(markerOf(servers), `${[...new Set([...held, ...lacking])].join("\n")}\n`);
  }
  return servers;
}

/** @param {string} servers */
function markerOf(servers) {
  return join(servers, ".complete");
}

/**
 * Installs the packages of those programs that are missing.
 * @param {Record<string, string>} packages Debian package by program
 * @param {(line: string) => void} say
 */
export async function installPrograms(packages, say) {
  const missing = [];
  for (const [program, packageName] of Object.entries(packages)) {
    if (!(await isInPath(program))) missing.push(packageName);
  }
  if (missing.length > 0) {
    say(`installing ${missing.join(" ")}`);
    await install(missing);
  }
}

/**
 * The packages that a cache holds in full: its marker is written last.
 * @param {string} servers
 */
async function contentsOf(servers) {
  const text = await readFile(markerOf(servers), "utf8").catch(() => null);
  if (text === null) return [];
  const names = text.split("\n").filter((line) => line !== "");
  return names.length === 0 ? FIRST_PACKAGES : names;
}

/**
 * Unpacks servers beside those that are there, and installs the libraries they name. They are put together in a folder of their own, so that a
 * run that is interrupted while it fetches leaves nothing.
 * @param {string} servers
 * @param {string[]} lacking
 */
async function fetchServers(servers, lacking) {
  const work = join(CACHE, `fetch-${process.pid}`);
  const root = join(work, "root");
  await mkdir(join(work, "debs"), { recursive: true });
  try {
    const debs = lacking.filter((name) => SERVER_PACKAGES.includes(name));
    if (debs.length > 0) await unpack(debs, join(work, "debs"), root);
    const modules = lacking.filter((name) => NODE_SERVERS.includes(name));
    if (modules.length > 0) {
      // No scripts of theirs run: the servers are plain JavaScript.
      const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
      await runOrFail(["npm", "install", ...quiet, "--prefix", join(root, "npm"), ...modules], { limitMs: 600_000 });
    }
    await cp(root, servers, { recursive: true, force: true, verbatimSymlinks: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {string[]} packages
 * @param {string} folder for the files as fetched
 * @param {string} root
 */
async function unpack(packages, folder, root) {
  // Root fetches by itself here: apt's own user may not be able to write into the project's folder.
  await apt(["-o", "APT::Sandbox::User=root", "download", "-q", ...packages], folder);
  const libraries = new Set();
  for (const file of await readdir(folder)) {
    const deb = join(folder, file);
    await runOrFail(["dpkg-deb", "-x", deb, root]);
    for (const name of librariesOf(await runOrFail(["dpkg-deb", "-f", deb, "Depends"]))) libraries.add(name);
  }
  if (libraries.size > 0) await install([...libraries]);
}

/**
 * The libraries a `Depends` field names: no daemons' supervisors, no configuration packages. Of alternatives the first.
 * @param {string} depends
 */
function librariesOf(depends) {
  return depends
    .split(",")
    .map((part) => part.trim().split(/[\s(|:]/)[0] ?? "")
    .filter((name) => name.startsWith("lib"));
}

/** @param {string[]} packages */
async function install(packages) {
  await apt(["install", "-y", "-q", "--no-install-recommends", ...packages]);
}

/**
 * One apt-get call; where it fails, the package lists may be missing or stale, so they are fetched and it is tried once more.
 * @param {string[]} args
 * @param {string} [cwd]
 */
async function apt(args, cwd) {
  if (!(await isInPath("apt-get"))) {
    throw new LabProblem("the lab takes its servers from Debian's packages, and there is no apt-get here");
  }
  // Two runs of the lab may meet here: the second waits for the first.
  const call = ["apt-get", "-o", "DPkg::Lock::Timeout=120", ...args];
  const options = { cwd, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }, limitMs: 600_000 };
  if ((await runToEnd(call, options)).code === 0) return;
  await runOrFail(["apt-get", "update", "-q"], options);
  await runOrFail(call, options);
}

/** @param {string} program */
async function isInPath(program) {
  return (await runToEnd(["sh", "-c", 'command -v "$0"', program])).code === 0;
}
