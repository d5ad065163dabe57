import { join } from "node:path";

/**
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function proftpd({ packages, folder }, { range, advertise, accounts, options, tls }) {
  const settings = {
    ServerType: "standalone",
    ServerName: '"lab"',
    DefaultServer: "on",
    UseIPv6: "on",
    ModulePath: join(packages, "usr/lib/proftpd"),
    Port: 21,
    User: "nobody",
    Group: "nogroup",
    PidFile: join(folder, "proftpd.pid"),
    ScoreboardFile: join(folder, "proftpd.scoreboard"),
    DelayTable: "none",
    SystemLog: join(folder, "proftpd.log"),
    TransferLog: "none",
    WtmpLog: "off",
    UseReverseDNS: "off",
    RequireValidShell: "off",
    AuthOrder: "mod_auth_unix.c",
    PassivePorts: `${range.from} ${range.to}`,
    ...(advertise === undefined ? {} : { MasqueradeAddress: advertise }),
    ...(tls === null ? {} : underTls(tls, folder)),
    ...options,
  };
  const lines = Object.entries(settings).map(([directive, value]) => `${directive} ${value}`);
  if (accounts === "anonymous") lines.push("<Limit LOGIN>", "  DenyAll", "</Limit>");
  if (accounts !== "named") lines.push(...ANONYMOUS);
  return {
    files: { "proftpd.conf": `${lines.join("\n")}\n` },
    argv: [join(packages, "usr/sbin/proftpd"), "--nodaemon", "--config", join(folder, "proftpd.conf")],
  };
}

/** `TLSRequired` for what is refused in clear. */
const MUST = { login: "ctrl", data: "data", both: "on" };

/**
 * @param {import("../servers.mjs").Tls} tls
 * @param {string} folder
 */
function underTls({ files, implicit, required, reuse, versions, weak }, folder) {
  const chosen = [...(reuse === false ? ["NoSessionReuseRequired"] : []), ...(implicit ? ["UseImplicitSSL"] : [])];
  return {
    LoadModule: "mod_tls.c",
    TLSEngine: "on",
    TLSRSACertificateFile: files.certificate,
    TLSRSACertificateKeyFile: files.key,
    TLSLog: join(folder, "tls.log"),
    TLSRequired: required === undefined ? "off" : MUST[required],
    ...(chosen.length === 0 ? {} : { TLSOptions: chosen.join(" ") }),
    ...(versions === undefined ? {} : { TLSProtocol: between(versions).join(" ") }),
    ...(weak ? { TLSCipherSuite: "ALL:@SECLEVEL=0" } : {}),
    ...(implicit ? { Port: 990 } : {}),
  };
}

const VERSIONS = /** @type {const} */ (["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);

/** @param {NonNullable<import("../servers.mjs").Tls["versions"]>} versions */
function between({ from, to }) {
  return VERSIONS.slice(VERSIONS.indexOf(from), VERSIONS.indexOf(to) + 1);
}

const ANONYMOUS = [
  "<Anonymous ~ftp>",
  "  User ftp",
  "  Group nogroup",
  "  UserAlias anonymous ftp",
  "  <Limit LOGIN>",
  "    AllowAll",
  "  </Limit>",
  "  <Limit WRITE>",
  "    DenyAll",
  "  </Limit>",
  "</Anonymous>",
];
