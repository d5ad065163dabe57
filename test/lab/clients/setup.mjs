import { access } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { runOrFail } from "../processes.mjs";
import { CACHE, installPrograms } from "../setup.mjs";
import { BASIC_FTP, PROGRAMS } from "./programs.mjs";

/**
 * Installs the clients that are missing.
 * @param {(line: string) => void} say told of every step that takes time
 * @returns {Promise<string>} entry file of basic-ftp
 */
export async function setUpClients(say) {
  const debian = PROGRAMS.flatMap(({ program, debian }) => (debian === null ? [] : [[program, debian]]));
  await installPrograms(Object.fromEntries(debian), say);
  const { name, version } = BASIC_FTP;
  // The version stands in the folder's name, so that another pin is another folder.
  const folder = join(CACHE, "clients", `${name}-${version}`);
  const entry = join(folder, "node_modules", name, "dist", "index.js");
  if (!(await exists(entry))) {
    say(`fetching ${name} ${version}`);
    const npm = [
      "npm",
      "install",
      "--prefix",
      folder,
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--loglevel=error",
    ];
    await runOrFail([...npm, `${name}@${version}`], { env: process.env, limitMs: 300_000 });
  }
  return entry;
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
