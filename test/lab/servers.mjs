import { spawn } from "node:child_process";
import { mkdir, open, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { RANGE, TWIN_INSIDE } from "./addresses.mjs";
import { opensslSettings } from "./certificates.mjs";
import { nameFiles } from "./names.mjs";
import { LabProblem } from "./problem.mjs";
import { aioftp } from "./servers/aioftp.mjs";
import { ftpSrv } from "./servers/ftp-srv.mjs";
import { ftpdSsl, inetutilsFtpd } from "./servers/inetutils-ftpd.mjs";
import { proftpd } from "./servers/proftpd.mjs";
import { pureFtpd } from "./servers/pure-ftpd.mjs";
import { pyftpdlib } from "./servers/pyftpdlib.mjs";
import { scripted } from "./servers/scripted.mjs";
import { twisted } from "./servers/twisted.mjs";
import { vsftpd } from "./servers/vsftpd.mjs";

/**
 * What a scenario says of its server. The first fields mean the same for every product; `options` are the product's own, and win.
 * @typedef {object} Server
 * @property {keyof typeof RECIPES} product
 * @property {{ from: number, to: number }} [range] passive ports
 * @property {string} [advertise] address for 227 in place of the server's own
 * @property {"anonymous" | "named" | "both"} [accounts] who may log in; default `both`
 * @property {Record<string, string | number | true>} [options] directives, or flags with their values
 * @property {Partial<import("./scripted/player.mjs").Script>} [script] what `scripted` plays
 * @property {TlsSettings} [tls] default: no TLS
 * @property {number} [port] control port, where `options` move it; default 21, or 990 for implicit TLS
 * @property {string} [resolver] address of the name server that the server asks; default: one that refuses at once
 * @property {Record<string, string | null | { link: string }>} [shown] what else lies in the visitors' folder, by path: a text, an empty folder
 *   (null), or a symbolic link
 * @property {number} [manyFiles] files in the visitors' folder /pub/many; default: there is no such folder
 */

/**
 * TLS as every product has it; what only one has is among its options.
 * @typedef {object} TlsSettings
 * @property {import("./certificates.mjs").CertificateKind} certificate
 * @property {true} [implicit] from the first byte
 * @property {"login" | "data" | "both"} [required] what is refused in clear; default: nothing
 * @property {boolean} [reuse] whether a data connection must resume the control connection's session; default: as the product has it
 * @property {{ from: TlsVersion, to: TlsVersion }} [versions] default: as the product and the machine have it
 * @property {true} [weak] nothing is refused for being weak: OpenSSL's security level 0
 * @property {number} [tickets] how many a session of TLS 1.3 is given to resume it with; default: as OpenSSL has it, two
 *
 * @typedef {"TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3"} TlsVersion
 * @typedef {TlsSettings & { files: import("./certificates.mjs").Certificate }} Tls with its certificate's files
 */

/** @typedef {Required<Pick<Server, "range" | "accounts" | "options">> & Pick<Server, "advertise" | "script"> & { tls: Tls | null }} ServerSettings */

/**
 * @typedef {object} Place
 * @property {string} packages folder under which Debian's packages are unpacked
 * @property {string} folder the server's own, for its files
 * @property {string} address where the server listens
 */

/**
 * @typedef {object} Recipe
 * @property {Record<string, string>} files to be written into the folder
 * @property {string[]} argv starts the server in the foreground
 * @property {Record<string, string>} [env] in addition to the machine's own; `LAB_PASSWORD`, the account's password, is always there
 */

/** @satisfies {Record<string, (place: Place, settings: ServerSettings) => Recipe>} */
const RECIPES = {
  vsftpd,
  proftpd,
  "pure-ftpd": pureFtpd,
  pyftpdlib,
  "inetutils-ftpd": inetutilsFtpd,
  "ftpd-ssl": ftpdSsl,
  aioftp,
  twisted,
  "ftp-srv": ftpSrv,
  scripted,
};

/**
 * Puts a server on its host in another way than straight out of its folder, and answers the whole command line that starts it.
 * @typedef {(laid: Laid) => Promise<string[]>} Install
 *
 * @typedef {object} Laid
 * @property {Server["product"]} product
 * @property {string} folder where its files lie
 * @property {string[]} argv what would start it from there
 * @property {Record<string, string>} binds files or folders (values) that it must see in place of the machine's own (keys)
 */

const READY_WITHIN_MS = 10_000;

/**
 * Starts a server on the scenario's server host and waits until it listens. It ends with the world.
 * @param {Server} server
 * @param {{ world: import("./net.mjs").World, accounts: import("./accounts.mjs").Accounts, certificates: import("./certificates.mjs").Certificates,
 *   packages: string, folder: string, host?: "server" | "twin", install?: Install }} where
 */
export async function startServer(server, where) {
  const { world, accounts, certificates, packages, folder, host = "server", install } = where;
  const {
    product,
    range = RANGE,
    advertise,
    accounts: who = "both",
    options = {},
    tls: wanted,
    port = wanted?.implicit ? 990 : 21,
    resolver,
    manyFiles,
    script,
    shown = {},
  } = server;
  await mkdir(folder, { recursive: true });
  const binds = {
    ...(await accounts.layOut(folder)),
    ...(await nameFiles(folder, { [hostname()]: [host === "twin" ? TWIN_INSIDE : world.serverAddress] }, resolver)),
  };
  await show(join(folder, "ftp"), shown);
  if (manyFiles !== undefined) await fill(join(folder, "ftp/pub/many"), manyFiles);
  const tls = wanted === undefined ? null : { ...wanted, files: await certificates.of(wanted.certificate) };
  const settings = { range, accounts: who, options, ...(advertise === undefined ? {} : { advertise }), script, tls };
  const { files, argv, env } = RECIPES[product](
    { packages, folder, address: host === "twin" ? TWIN_INSIDE : world.serverAddress },
    settings,
  );
  const openssl = join(folder, "openssl.cnf");
  if (tls !== null) {
    // ProFTPD has a directive for its versions, and a change of that must count.
    const { versions, weak = false, tickets } = tls;
    await writeFile(
      openssl,
      opensslSettings({ weak, tickets, versions: product === "proftpd" ? undefined : versions }),
    );
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const [program = "", ...args] =
    install === undefined ? world.argvIn(host, argv, binds) : await install({ product, folder, argv, binds });
  const output = await open(join(folder, "output.log"), "w");
  // A group of its own: Ctrl+C in the terminal is for the lab, which then ends the server.
  const child = spawn(program, args, {
    stdio: ["ignore", output.fd, output.fd],
    detached: true,
    env: {
      ...process.env,
      ...env,
      ...(tls === null ? {} : { OPENSSL_CONF: openssl }),
      LAB_PASSWORD: accounts.password,
    },
  });
  child.unref();
  await output.close();
  const gone = new Promise((resolve) => child.once("error", resolve).once("exit", resolve));
  const ready = listens(child.pid ?? 0, port).then(() => "listening");
  if (
    (await Promise.race([ready, gone.then(() => "gone"), sleep(READY_WITHIN_MS, "late", { ref: false })])) ===
    "listening"
  ) {
    return;
  }
  const words = (await readFile(join(folder, "output.log"), "utf8")).trim().split("\n").at(-1);
  throw new LabProblem(`${product} does not listen on port ${port}: ${words || "it said nothing"}`);
}

/**
 * @param {string} folder
 * @param {NonNullable<Server["shown"]>} shown
 */
async function show(folder, shown) {
  for (const [path, content] of Object.entries(shown)) {
    const at = join(folder, path);
    await mkdir(content === null ? at : dirname(at), { recursive: true });
    if (typeof content === "string") await writeFile(at, content);
    else if (content !== null) await symlink(content.link, at);
  }
}

/**
 * A folder whose listing takes many packets.
 * @param {string} folder
 * @param {number} files
 */
async function fill(folder, files) {
  await mkdir(folder);
  for (let file = 0; file < files; file += 1) await writeFile(join(folder, `measurement-${file}-of-${files}.dat`), "");
}

/**
 * Waits for a listening socket in the process's own network namespace. A trial connection would count as a session, and scenarios
 * about session limits would then fail by the lab's own doing.
 * @param {number} pid
 * @param {number} port
 */
async function listens(pid, port) {
  const listening = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} [0-9A-F]+:0000 0A `);
  const until = performance.now() + READY_WITHIN_MS;
  const outside = await readlink("/proc/self/ns/net");
  while (performance.now() < until) {
    // `ip netns exec` begins outside, where another server may listen on the same port.
    const namespace = await readlink(`/proc/${pid}/ns/net`).catch(() => outside);
    const tables = namespace === outside ? [] : await socketTables(pid);
    if (tables.some((table) => listening.test(table))) return;
    await sleep(20);
  }
  await new Promise(() => {});
}

/** @param {number} pid */
function socketTables(pid) {
  return Promise.all(["tcp", "tcp6"].map((table) => readFile(`/proc/${pid}/net/${table}`, "utf8").catch(() => "")));
}
