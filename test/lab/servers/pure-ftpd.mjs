import { join } from "node:path";
import { LabProblem } from "../problem.mjs";

/**
 * Pure-FTPd is configured by flags; a flag without a value is given as `true`.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function pureFtpd({ packages, folder }, { range, advertise, accounts, options, tls }) {
  const flags = {
    "-S": "21",
    "-p": `${range.from}:${range.to}`,
    // No reverse look-ups, no TLS unless a scenario asks for it.
    "-H": true,
    "-Y": tls === null ? "0" : levelOf(tls),
    ...(tls === null ? {} : { "-2": tls.files.file }),
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

/**
 * Its `TLS` setting: 1 allows it, 2 refuses logins in clear, 3 data as well.
 * @param {import("../servers.mjs").Tls} tls
 */
function levelOf({ required, implicit, reuse }) {
  if (implicit || reuse !== undefined || required === "data") throw new LabProblem("Pure-FTPd has no setting for this");
  return required === undefined ? "1" : required === "login" ? "2" : "3";
}
