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
export function scripted({ folder, address }, { range, advertise, script = {} }) {
  return {
    files: { "script.json": JSON.stringify({ range, ...script }, null, 2) },
    argv: [process.execPath, PLAYER, join(folder, "script.json"), advertise ?? address],
  };
}
