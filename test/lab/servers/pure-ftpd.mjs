import { join } from "node:path";

/**
 * Pure-FTPd is configured by flags; a flag without a value is given as `true`.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function pureFtpd({ packages, folder }, { range, advertise, accounts, options }) {
  const flags = {
    "-S": "21",
    "-p": `${range.from}:${range.to}`,
    // No reverse look-ups, no TLS unless a scenario asks for it.
    "-H": true,
    "-Y": "0",
    "-g": join(folder, "pure-ftpd.pid"),
    "-l": "unix",
    ...(accounts === "anonymous" ? { "-e": true } : {}),
    ...(accounts === "named" ? { "-E": true } : {}),
    ...(advertise === undefined ? {} : { "-P": advertise }),
    ...options,
  };
  const argv = Object.entries(flags).flatMap(([flag, value]) => (value === true ? [flag] : [flag, String(value)]));
  return { files: {}, argv: [join(packages, "usr/sbin/pure-ftpd"), ...argv] };
}
