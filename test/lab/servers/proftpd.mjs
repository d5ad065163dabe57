import { join } from "node:path";

/**
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function proftpd({ packages, folder }, { range, advertise, accounts, options }) {
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
