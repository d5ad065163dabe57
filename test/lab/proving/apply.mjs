/** @typedef {import("../../../src/model/report.ts").ConfigLine} ConfigLine */
/** @typedef {import("../../../src/model/report.ts").Remedy} Remedy */
/** @typedef {import("./workshop.mjs").Workshop} Workshop */

/**
 * Writes a remedy's lines into the files of a host, as an administrator does: in place of the setting that is there, at the end where
 * there is none.
 * @param {readonly ConfigLine[]} lines
 * @param {Workshop} workshop
 * @returns {Promise<boolean>} whether that changes anything: what is off already where nothing is written is no change
 */
export async function applyConfig(lines, workshop) {
  let changed = false;
  for (const setting of lines) {
    const text = await workshop.read(setting.file);
    const next = withSetting(text, setting);
    const offAnyway = /^(?:no|off)$/i.test(setting.value) && !text.includes(setting.directive);
    changed ||= next !== text && !offAnyway;
    await workshop.write(setting.file, next);
  }
  return changed;
}

/**
 * @param {string} text of the file
 * @param {ConfigLine} setting
 */
export function withSetting(text, { file, directive, line }) {
  // One file per setting, and lists in which every entry counts.
  if (file.endsWith(`/${directive}`)) return `${line}\n`;
  const lines = text.split("\n").filter((old, index, all) => old !== "" || index < all.length - 1);
  if (file === "/etc/hosts.allow") return `${[...lines, line].join("\n")}\n`;
  const set = new RegExp(`^\\s*${directive.replace(/\W/g, "\\$&")}(?:\\s*=|:|\\s|$)`);
  // Sections of ProFTPD's have settings of their own.
  let depth = 0;
  const kept = lines.map((old) => {
    if (/^\s*<\//.test(old)) depth -= 1;
    else if (/^\s*</.test(old)) depth += 1;
    return depth === 0 && set.test(old) ? null : old;
  });
  const at = kept.indexOf(null);
  if (at === -1) return `${[...lines, line].join("\n")}\n`;
  return `${kept.flatMap((old, index) => (index === at ? [line] : old === null ? [] : [old])).join("\n")}\n`;
}

/**
 * Runs a remedy's commands as they stand, except that names are put in their place where the remedy's text asks for it.
 * @param {readonly string[]} commands
 * @param {Workshop} workshop
 * @param {boolean} forwards the firewall guards what it forwards, and not itself
 * @returns {Promise<string | null>} the first that failed, in its own words
 */
export async function runCommands(commands, workshop, forwards) {
  for (const command of commands) {
    const { code, stdout, stderr } = await workshop.run(forwards ? forForwarding(command) : command);
    if (code !== 0) {
      const words = (stderr || stdout).trim().split("\n")[0] || `exit code ${code}`;
      return `"${command}" fails: ${words}`;
    }
  }
  return null;
}

/** On a router the same rule belongs into another chain, as the remedies say. @param {string} command */
function forForwarding(command) {
  return command.replace(/\binet filter input\b/, "inet filter forward").replace(/-I INPUT\b/, "-I FORWARD");
}

/**
 * Whether the remedy has told the service to start again; a changed setting is of no use before.
 * @param {string} service
 * @param {Workshop} workshop
 */
export async function wasRestarted(service, workshop) {
  const done = await workshop.takenAsDone();
  return done.some((line) => line === `systemctl restart ${service}` || line === `service ${service} restart`);
}
