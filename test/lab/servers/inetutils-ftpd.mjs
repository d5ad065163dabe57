import { join } from "node:path";

/**
 * GNU inetutils' ftpd has no settings for addresses and ports: it takes its passive ports where the kernel takes all that nobody chose.
 * Its flags are the options; it lists with `/bin/ls`, which anonymous visitors, who are locked in, need inside.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function inetutilsFtpd(place, settings) {
  return daemon(place, settings, "usr/sbin/ftpd", { "-p": join(place.folder, "ftpd.pid"), "--auth": "default" });
}

/**
 * netkit's ftpd with TLS, the BSD daemon of Linux' first years. It has no certificate here, and takes AUTH all the same
 * (with `-z nossl` too): only what it does in clear text is in order.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function ftpdSsl(place, settings) {
  return daemon(place, settings, "usr/sbin/in.ftpd", {});
}

/**
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @param {string} program
 * @param {Record<string, string>} own flags of this program
 * @returns {import("../servers.mjs").Recipe}
 */
function daemon({ packages, folder }, { range, accounts, options }, program, own) {
  const flags = { "-D": true, ...own, ...(accounts === "anonymous" ? { "-A": true } : {}), ...options };
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    value === true ? [flag] : flag.startsWith("--") ? [`${flag}=${value}`] : [`${flag}${value}`],
  );
  // The daemon leaves its starter behind; what stays is what the lab waits for and ends.
  const script = [
    `echo "${range.from} ${range.to}" > /proc/sys/net/ipv4/ip_local_port_range`,
    `mkdir -p "$1/ftp/bin"`,
    `cp "$2" "$1/ftp/bin/ls"`,
    // Both take anonymous visitors where there is an account `ftp`.
    ...(accounts === "named" ? [`grep -v ^ftp: /etc/passwd > "$1/users"`, 'mount --bind "$1/users" /etc/passwd'] : []),
    "shift 2",
    '"$@"',
    "exec sleep 100000",
  ].join(" && ");
  return {
    files: {},
    argv: ["sh", "-c", script, "sh", folder, join(packages, "bin/busybox"), join(packages, program), ...given],
  };
}
