import { NAME, SERVER, SERVER_V6 } from "../addresses.mjs";
import { ALL_WORK, IN_CLEAR, inClear } from "../scenario.mjs";

const OVER_IPV6 = inClear({ epsv: "works", eprt: "works" }, "ipv6");
const ONE_PORT = { from: 40000, to: 40000 };
const LONG = Array.from({ length: 12 }, (_, depth) => `a-folder-with-a-rather-long-name-${depth}`).join("/");
const NOT_ASCII = "pub/Übergrößen & Süßes 100% #1";

/**
 * Nothing is wrong, whatever it looks like.
 * @param {Partial<import("../scenario.mjs").Expected>} [more]
 * @returns {import("../scenario.mjs").Expected}
 */
function well(more) {
  return { verdict: "healthy", causes: [], modes: ALL_WORK, ...more };
}

/** Servers and ways that are unusual and in order. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...["vsftpd", "proftpd", "pure-ftpd", "pyftpdlib", "inetutils-ftpd"].map((product) => ({
    name: `${product}-healthy-2000-files`,
    title: `${product}: a folder of 2,000 files`,
    server: { product: /** @type {import("../servers.mjs").Server["product"]} */ (product), manyFiles: 2000 },
    target: `ftp://${SERVER}/pub/many`,
    expect: well({ notCauses: ["data-pmtu-blackhole", "data-reset-midway", "srv-slow-listing"] }),
  })),
  ...["proftpd", "ftp-srv"].map((product) => ({
    name: `${product}-healthy-empty-directory`,
    title: `${product}: an empty folder`,
    server: {
      product: /** @type {import("../servers.mjs").Server["product"]} */ (product),
      shown: { "pub/empty": null },
    },
    target: `ftp://${SERVER}/pub/empty`,
    expect: well({ notCauses: ["data-connect-no-data", "empty-listing"] }),
  })),
  {
    name: "vsftpd-healthy-messages",
    title: "vsftpd: message files at the login and in the folder, with lines that look like replies",
    server: {
      product: "vsftpd",
      options: { dirmessage_enable: "YES", ftpd_banner: "230 Welcome, 331 files for 227 users" },
      shown: { "pub/.message": "221 Goodbye is what this line begins with.\n550 is a number as well.\n" },
    },
    target: `ftp://${SERVER}/pub`,
    expect: well({ notCauses: ["reply-desync", "path-or-permission", "ctl-protocol-violation"] }),
  },
  {
    name: "proftpd-healthy-messages",
    title: "ProFTPD: message files at the login and in the folder",
    server: {
      product: "proftpd",
      options: { DisplayLogin: "/welcome.msg", DisplayChdir: ".message" },
      shown: {
        "welcome.msg": "Welcome, %U.\n\n226 files are here.\n",
        "pub/.message": "421 more files are elsewhere.\n",
      },
    },
    target: `ftp://${SERVER}/pub`,
    expect: well({ notCauses: ["reply-desync", "ctl-idle-timeout", "ctl-max-clients"] }),
  },
  {
    name: "pure-ftpd-healthy-messages",
    title: "Pure-FTPd: a banner file at the login and a message file in the folder",
    server: {
      product: "pure-ftpd",
      shown: { ".banner": "Welcome.\n425 is no code here.\n", "pub/.message": "Read me.\n" },
    },
    target: `ftp://${SERVER}/pub`,
    expect: well({ notCauses: ["reply-desync"] }),
  },
  {
    name: "vsftpd-healthy-symlinks",
    title: "vsftpd: symbolic links, to a folder, to a file, to nothing and to themselves",
    server: {
      product: "vsftpd",
      shown: {
        "pub/real/file.txt": "Text.\n",
        "pub/folder": { link: "real" },
        "pub/file.txt": { link: "real/file.txt" },
        "pub/nothing": { link: "nowhere" },
        "pub/itself": { link: "itself" },
      },
    },
    target: `ftp://${SERVER}/pub/folder`,
    expect: well({ notCauses: ["path-or-permission"] }),
  },
  {
    name: "proftpd-healthy-long-path",
    title: "ProFTPD: a path of some four hundred characters",
    server: { product: "proftpd", shown: { [`${LONG}/file.txt`]: "Text.\n" } },
    target: `ftp://${SERVER}/${LONG}`,
    expect: well({ notCauses: ["path-or-permission"] }),
  },
  ...["vsftpd", "pure-ftpd", "pyftpdlib"].map((product) => ({
    name: `${product}-healthy-path-not-ascii`,
    title: `${product}: a path with blanks, a percent sign and letters beyond ASCII`,
    server: {
      product: /** @type {import("../servers.mjs").Server["product"]} */ (product),
      shown: { [`${NOT_ASCII}/file.txt`]: "Text.\n" },
    },
    target: `ftp://${SERVER}/${encodeURI(NOT_ASCII).replaceAll("#", "%23")}`,
    expect: well({ notCauses: ["path-or-permission"] }),
  })),
  ...["vsftpd", "pyftpdlib", "inetutils-ftpd"].map((product) => ({
    name: `${product}-healthy-ipv6-only`,
    title: `${product}: the name has an IPv6 address and no other`,
    server: { product: /** @type {import("../servers.mjs").Server["product"]} */ (product) },
    target: NAME,
    names: [SERVER_V6],
    expect: well({
      notCauses: ["ipv6-broken-path", "ipv6-no-epsv", "pasv-disabled"],
      control: { [SERVER_V6]: "ready" },
      modes: OVER_IPV6,
    }),
  })),
  {
    name: "proftpd-healthy-ipv6-literal",
    title: "ProFTPD: asked for by its IPv6 address",
    server: { product: "proftpd" },
    target: `ftp://[${SERVER_V6}]/`,
    expect: well({ control: { [SERVER_V6]: "ready" }, modes: OVER_IPV6 }),
  },
  {
    name: "vsftpd-healthy-chroot",
    title: "vsftpd: an account that is locked into its writable home, as allow_writeable_chroot permits",
    server: {
      product: "vsftpd",
      accounts: "named",
      options: { chroot_local_user: "YES", allow_writeable_chroot: "YES" },
    },
    login: { user: "lab", password: "right" },
    options: IN_CLEAR,
    expect: well({ notCauses: ["auth-chroot-writable-root"] }),
  },
  {
    name: "proftpd-healthy-chroot",
    title: "ProFTPD: an account that is locked into its home (DefaultRoot)",
    server: { product: "proftpd", accounts: "named", options: { DefaultRoot: "~" } },
    login: { user: "lab", password: "right" },
    options: IN_CLEAR,
    expect: well(),
  },
  {
    name: "pure-ftpd-healthy-chroot",
    title: "Pure-FTPd: an account that is locked into its home (-A)",
    server: { product: "pure-ftpd", accounts: "named", options: { "-A": true } },
    login: { user: "lab", password: "right" },
    options: IN_CLEAR,
    expect: well(),
  },
  ...["vsftpd", "pure-ftpd", "pyftpdlib", "aioftp"].map((product) => ({
    name: `${product}-healthy-one-port`,
    title: `${product}: a passive range of a single port`,
    server: { product: /** @type {import("../servers.mjs").Server["product"]} */ (product), range: ONE_PORT },
    expect: well({
      notCauses: ["pasv-range-exhausted", "pasv-server-listen-failed", "pasv-ports-refused", "pasv-port-wrong"],
      ...(product === "aioftp" ? { causes: ["port-disabled"], modes: inClear({ epsv: "works", pasv: "works" }) } : {}),
    }),
  })),
  {
    name: "vsftpd-healthy-port-2121",
    title: "vsftpd: control connection on port 2121",
    server: { product: "vsftpd", options: { listen_port: 2121 }, port: 2121 },
    target: `${SERVER}:2121`,
    expect: well({ notCauses: ["pasv-nonstandard-control-port"] }),
  },
  {
    name: "proftpd-healthy-port-990-in-clear",
    title: "ProFTPD: port 990, where one expects TLS, speaks clear text, and is asked so",
    server: { product: "proftpd", options: { Port: 990 }, port: 990 },
    target: `ftp://${SERVER}:990/`,
    options: ["--security", "none"],
    expect: well({ notCauses: ["tls-mode-mismatch"] }),
  },
  {
    name: "pure-ftpd-healthy-ipv4-only",
    title: "Pure-FTPd: it listens on IPv4 alone (-4), and the name has no IPv6 address",
    server: { product: "pure-ftpd", options: { "-4": true } },
    target: NAME,
    names: [SERVER],
    expect: well({ notCauses: ["ipv6-broken-path"] }),
  },
];
