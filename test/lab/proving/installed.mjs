import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabProblem } from "../problem.mjs";

/**
 * Servers as their packages install them: with their files where remedies look for them. A server of the lab runs straight out of its
 * folder; here it is moved to where an administrator would find it.
 */

/** @typedef {import("../servers.mjs").Laid} Laid */
/** @typedef {import("./workshop.mjs").Workshop} Workshop */

/**
 * One way in which a server is installed.
 * @typedef {object} Installed
 * @property {string} service its name for systemctl
 * @property {(laid: Laid, workshop: Workshop) => Promise<void>} lay puts its files there
 * @property {(laid: Laid, workshop: Workshop) => Promise<string[]>} argv starts it from there, in the foreground
 */

/**
 * A server with one file.
 * @param {string} service
 * @param {string} ownFile in the server's folder
 * @param {string} file where it is installed
 * @param {(text: string, workshop: Workshop) => Promise<string>} [adapt]
 * @returns {Installed}
 */
function withOneFile(service, ownFile, file, adapt = async (text) => text) {
  return {
    service,
    lay: async ({ folder }, workshop) => {
      await workshop.write(file, await adapt(await readFile(join(folder, ownFile), "utf8"), workshop));
    },
    argv: async ({ folder, argv }) => argv.map((word) => (word === join(folder, ownFile) ? file : word)),
  };
}

/**
 * Debian keeps what belongs to TLS in a file of its own.
 * @param {string} text
 * @param {Workshop} workshop
 */
async function splitTls(text, workshop) {
  const lines = text.split("\n");
  const tls = lines.filter((line) => line.startsWith("TLS"));
  if (tls.length === 0) return text;
  await workshop.write("/etc/proftpd/tls.conf", `${tls.join("\n")}\n`);
  return lines
    .map((line) => (line === tls[0] ? "Include /etc/proftpd/tls.conf" : line))
    .filter((line) => !tls.includes(line))
    .join("\n");
}

/** Pure-FTPd's flags as its files call them. */
const DIRECTIVES = {
  "-S": "Bind",
  "-p": "PassivePortRange",
  "-H": "DontResolve",
  "-Y": "TLS",
  "-e": "AnonymousOnly",
  "-E": "NoAnonymous",
  "-P": "ForcePassiveIP",
  "-c": "MaxClientsNumber",
  "-C": "MaxClientsPerIP",
  "-N": "NATmode",
  "-b": "BrokenClientsCompatibility",
  "-4": "IPV4Only",
  "-2": "CertFile",
  "-J": "TLSCipherSuite",
  "-W": "AllowAnonymousFXP",
  "-w": "AllowUserFXP",
};

/**
 * The settings of a command line.
 * @param {readonly string[]} argv
 */
export function settingsOf(argv) {
  /** @type {Record<string, string>} */
  const settings = {};
  /** @type {string[]} */
  const flags = [];
  for (let index = 1; index < argv.length; index += 1) {
    const flag = argv[index] ?? "";
    const next = argv[index + 1];
    // Its flags are one letter each; a longer word is a value, also where it begins with a dash (`-J -C:HIGH`).
    const value = next === undefined || /^-\w$/.test(next) ? undefined : next;
    if (value !== undefined) index += 1;
    const directive = DIRECTIVES[/** @type {keyof typeof DIRECTIVES} */ (flag)];
    if (directive === undefined) flags.push(flag, ...(value === undefined ? [] : [value]));
    else
      settings[directive] =
        value === undefined ? "yes" : directive === "PassivePortRange" ? value.replace(":", " ") : value;
  }
  const unknown = flags.filter((flag) => flag.startsWith("-") && !["-g", "-l"].includes(flag));
  if (unknown.length > 0) throw new LabProblem(`no file of Pure-FTPd's has a name here for ${unknown.join(" ")}`);
  return settings;
}

/** @type {Installed} */
const pureFtpd = {
  service: "pure-ftpd",
  lay: async ({ argv }, workshop) => {
    const lines = Object.entries(settingsOf(argv)).map(([directive, value]) => `${directive} ${value}`);
    await workshop.write("/etc/pure-ftpd/pure-ftpd.conf", `${lines.join("\n")}\nUnixAuthentication yes\n`);
  },
  argv: async ({ argv }) => [argv[0] ?? "", "/etc/pure-ftpd/pure-ftpd.conf"],
};

/** Debian's start script makes flags of one file per setting; it is asked for them, so that its own rules hold. @type {Installed} */
const pureFtpdOnDebian = {
  service: "pure-ftpd",
  lay: async ({ argv }, workshop) => {
    await workshop.prepare("rm -rf /etc/pure-ftpd/conf && mkdir -p /etc/pure-ftpd/conf /etc/pure-ftpd/auth");
    await workshop.write("/etc/pure-ftpd/conf/UnixAuthentication", "yes\n");
    await workshop.prepare("ln -sf ../conf/UnixAuthentication /etc/pure-ftpd/auth/65unix");
    for (const [directive, value] of Object.entries(settingsOf(argv))) {
      // Debian's start script has no setting for it: the server looks where it was built to look.
      if (directive === "CertFile")
        await workshop.prepare(`install -D -m 600 '${value}' /etc/ssl/private/pure-ftpd.pem`);
      else await workshop.write(`/etc/pure-ftpd/conf/${directive}`, `${value}\n`);
    }
  },
  argv: async ({ argv }, workshop) => {
    const shown = await workshop.prepare("pure-ftpd-wrapper --show-options");
    // The wrapper sends the server into the background; the lab must see when it ends.
    return [
      argv[0] ?? "",
      ...shown
        .trim()
        .split(/\s+/)
        .filter((word) => word !== "-B"),
    ];
  },
};

/** By the name under which remedies know the installation. @type {Record<string, { product: Laid["product"], installed: Installed }>} */
export const INSTALLED = {
  vsftpd: { product: "vsftpd", installed: withOneFile("vsftpd", "vsftpd.conf", "/etc/vsftpd.conf") },
  ProFTPD: {
    product: "proftpd",
    installed: withOneFile("proftpd", "proftpd.conf", "/etc/proftpd/proftpd.conf", splitTls),
  },
  "Pure-FTPd": { product: "pure-ftpd", installed: pureFtpd },
  "Pure-FTPd on Debian": { product: "pure-ftpd", installed: pureFtpdOnDebian },
};

/**
 * The accounts and names that a server must see, put among the files of its host.
 * @param {Laid} laid
 * @param {Workshop} workshop
 */
export async function layAccounts({ binds }, workshop) {
  for (const [path, from] of Object.entries(binds)) {
    await workshop.prepare(`rm -rf '${path}' && cp -a '${from}' '${path}'`);
  }
}
