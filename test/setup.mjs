// Makes a clean clone ready: installs the packages and builds dist/, each only where it is missing or out of date.
// Quiet: one line for each thing done, the tools' own output only where they fail.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** What the build writes, and must all be there. */
const BUILT = ["dist/main.js", "dist/index.js", "dist/schema.json", "dist/types/index.d.ts"];
/** What the build is made from. */
const SOURCES = ["src", "package.json", "tsconfig.json", "node_modules/.package-lock.json"];

const installReason = whyInstall();
if (installReason !== null) run(`installing packages: ${installReason}`, ["ci", "--no-audit", "--no-fund"]);
const buildReason = whyBuild();
if (buildReason !== null) run(`building dist/: ${buildReason}`, ["run", "--silent", "build"]);

/** @returns {string | null} why packages must be installed; null where they are there */
function whyInstall() {
  const installed = packagesIn("node_modules/.package-lock.json");
  if (installed === null) return "node_modules is missing";
  const wanted = packagesIn("package-lock.json") ?? {};
  const stale = Object.entries(wanted).find(
    ([path, { version, optional }]) =>
      path !== "" && installed[path]?.version !== version && !(optional && installed[path] === undefined),
  );
  return stale === undefined ? null : `${stale[0]} is not ${stale[1].version}`;
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version: string, optional?: boolean }> | null}
 */
function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), "utf8")).packages ?? {};
  } catch {
    return null;
  }
}

/** @returns {string | null} why dist/ must be built; null where it is up to date */
function whyBuild() {
  const missing = BUILT.find((file) => !existsSync(join(root, file)));
  if (missing !== undefined) return `${missing} is missing`;
  const built = Math.min(...BUILT.map((file) => statSync(join(root, file)).mtimeMs));
  const changed = SOURCES.find((source) => newestIn(join(root, source)) > built);
  return changed === undefined ? null : `${changed} is newer`;
}

/**
 * @param {string} path
 * @returns {number} when the newest file at or below it was changed; folders count too, for files that were taken away
 */
function newestIn(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/**
 * @param {string} what
 * @param {string[]} args of npm
 */
function run(what, args) {
  process.stdout.write(`setup: ${what}\n`);
  // npm that started us names itself; on Windows it is a script that only a shell can start.
  const npm = process.env["npm_execpath"];
  const { status, stdout, stderr, error } =
    npm === undefined
      ? spawnSync("npm", args, { cwd: root, encoding: "utf8", shell: process.platform === "win32" })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  process.stderr.write(
    `${stdout ?? ""}${stderr ?? ""}setup: npm ${args.join(" ")} failed${error ? `: ${error.message}` : ""}\n`,
  );
  process.exit(1);
}
