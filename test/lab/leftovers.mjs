import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const PREFIX = "ftp-doctor-lab";
/** What the names of this run's namespaces and folders begin with: they are told from those of a run beside it. */
export const OWN_PREFIX = `${PREFIX}-${process.pid}`;

/** Clears away what runs left that were killed before they could do it themselves. */
export function sweepLeftovers() {
  namespaces().filter(isLeftOver).forEach(deleteNamespace);
  for (const folder of readdirSync(tmpdir()).filter(isLeftOver)) {
    rmSync(join(tmpdir(), folder), { recursive: true, force: true });
  }
}

/** @param {string} name of a namespace or folder */
function isLeftOver(name) {
  const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isLab(pid);
}

/**
 * Whether the process is a running lab, or a benchmark in it; another program may have been given the number since.
 * @param {string} pid
 */
function isLab(pid) {
  try {
    return /\b(lab|bench)\b/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return false;
  }
}

/**
 * Ends what still runs in a namespace and deletes it. Synchronous, for the last moment of a process.
 * @param {string} name
 */
export function deleteNamespace(name) {
  if (!namespaces().includes(name)) return;
  try {
    for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean)) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch {
        // It ended by itself between the two calls.
      }
    }
    ip("netns", "delete", name);
  } catch (error) {
    // Another run that started at the same moment sweeps the same leftovers.
    if (namespaces().includes(name)) throw error;
  }
}

/** The machine's named network namespaces. */
function namespaces() {
  try {
    return readdirSync("/run/netns");
  } catch {
    return [];
  }
}

/** @param {string[]} args */
function ip(...args) {
  return execFileSync("ip", args, { encoding: "utf8" });
}
