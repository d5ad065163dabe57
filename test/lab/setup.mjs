import { access, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LabNotPossibleHere, LabProblem } from "./problem.mjs";
import { runOrFail, runToEnd } from "./processes.mjs";

/** Where the lab keeps what it fetched; git ignores it. */
const CACHE = fileURLToPath(new URL("../../.lab/", import.meta.url));
/** Programs the lab calls, and the Debian package of each. */
const TOOLS = { ip: "iproute2", nft: "nftables", iptables: "iptables", openssl: "openssl", curl: "curl" };
/** The servers' packages conflict with one another, so they are unpacked side by side instead of installed. */
const SERVER_PACKAGES = ["vsftpd", "proftpd-core", "proftpd-mod-crypto", "pure-ftpd"];

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
  const missing = [];
  for (const [program, packageName] of Object.entries(TOOLS)) {
    if (!(await isInPath(program))) missing.push(packageName);
  }
  if (missing.length > 0) {
    say(`installing ${missing.join(" ")}`);
    await install(missing);
  }
  const servers = join(CACHE, "servers");
  if (!(await exists(join(servers, ".complete")))) {
    say(`fetching ${SERVER_PACKAGES.join(" ")}`);
    await fetchServers(servers);
  }
  return servers;
}

/**
 * Unpacks the servers and installs the libraries they name. Done in a folder of its own that takes its final name last, so that an
 * interrupted or a simultaneous run leaves no half of it.
 * @param {string} servers
 */
async function fetchServers(servers) {
  const work = join(CACHE, `fetch-${process.pid}`);
  await mkdir(join(work, "debs"), { recursive: true });
  try {
    // Root fetches by itself here: apt's own user may not be able to write into the project's folder.
    await apt(["-o", "APT::Sandbox::User=root", "download", "-q", ...SERVER_PACKAGES], join(work, "debs"));
    const libraries = new Set();
    for (const file of await readdir(join(work, "debs"))) {
      const deb = join(work, "debs", file);
      await runOrFail(["dpkg-deb", "-x", deb, join(work, "root")]);
      for (const name of librariesOf(await runOrFail(["dpkg-deb", "-f", deb, "Depends"]))) libraries.add(name);
    }
    await install([...libraries]);
    await writeFile(join(work, "root", ".complete"), "");
    await rm(servers, { recursive: true, force: true });
    await rename(join(work, "root"), servers);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
