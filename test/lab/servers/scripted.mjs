import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const PLAYER = fileURLToPath(new URL("../scripted/player.mjs", import.meta.url));

/**
 * A server that is none of the real ones: it plays the scenario's script.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function scripted({ folder, address }, { range, advertise, script = {}, tls }) {
  const texts = tls === null ? {} : { tls: { key: text(tls.files.key), certificate: text(tls.files.certificate) } };
  return {
    files: { "script.json": JSON.stringify({ range, ...texts, ...script }, null, 2) },
    argv: [process.execPath, PLAYER, join(folder, "script.json"), advertise ?? address],
  };
}

/** @param {string} path */
function text(path) {
  return readFileSync(path, "utf8");
}
