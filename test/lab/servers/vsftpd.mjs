import { join } from "node:path";

/**
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function vsftpd({ packages, folder }, { range, advertise, accounts, options, tls }) {
  const settings = {
    background: "NO",
    // Debian's default listens for both families in one socket; but there vsftpd 3.0.3 turns every `pasv_address` into 0,0,0,0.
    listen: advertise === undefined ? "NO" : "YES",
    listen_ipv6: advertise === undefined ? "YES" : "NO",
    anonymous_enable: accounts === "named" ? "NO" : "YES",
    local_enable: accounts === "anonymous" ? "NO" : "YES",
    pasv_min_port: range.from,
    pasv_max_port: range.to,
    connect_from_port_20: "YES",
    // Inside a namespace the sandbox kills sessions on kernels newer than it knows.
    seccomp_sandbox: "NO",
    // A session in a network of its own would not be found by those who take the lab down.
    isolate_network: "NO",
    secure_chroot_dir: join(folder, "empty"),
    vsftpd_log_file: join(folder, "vsftpd.log"),
    xferlog_enable: "YES",
    ...(advertise === undefined ? {} : { pasv_address: advertise }),
    ...(tls === null ? {} : underTls(tls)),
    ...options,
  };
  return {
    files: {
      "vsftpd.conf": `${Object.entries(settings)
        .map(([directive, value]) => `${directive}=${value}`)
        .join("\n")}\n`,
    },
    argv: [join(packages, "usr/sbin/vsftpd"), join(folder, "vsftpd.conf")],
  };
}

/** @param {import("../servers.mjs").Tls} tls */
function underTls({ files, implicit, required, reuse, weak }) {
  const login = required === "login" || required === "both" ? "YES" : "NO";
  const data = required === "data" || required === "both" ? "YES" : "NO";
  return {
    ssl_enable: "YES",
    rsa_cert_file: files.certificate,
    rsa_private_key_file: files.key,
    allow_anon_ssl: "YES",
    force_anon_logins_ssl: login,
    force_local_logins_ssl: login,
    force_anon_data_ssl: data,
    force_local_data_ssl: data,
    ...(reuse === undefined ? {} : { require_ssl_reuse: reuse ? "YES" : "NO" }),
    ...(weak ? { ssl_ciphers: "ALL:@SECLEVEL=0" } : {}),
    ...(implicit ? { implicit_ssl: "YES", listen_port: 990 } : {}),
  };
}
