import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * The clients that run in the lab. Each lists a directory as it does by default; it is only told to tell what it does, and to give up in
 * bounded time where giving up is all that is left.
 */

/**
 * What a client is to list.
 * @typedef {object} Errand
 * @property {string} host name or address, IPv6 without brackets
 * @property {number} port
 * @property {string} folder empty: where the login leads
 * @property {{ user: string, password: string } | null} login null: anonymous, in the client's own way
 * @property {"explicit" | "implicit" | null} tls what the target asks for; null: the client's own way
 * @property {string | null} authority file with the certificate that the client is to trust; null: its own store alone
 */

/**
 * @typedef {object} Call
 * @property {string[]} argv
 * @property {string} [input]
 */

/**
 * @typedef {object} Program
 * @property {string} id as the forecast calls the client
 * @property {string} program
 * @property {string | null} debian package that has the program; null: an npm package
 * @property {(errand: Errand, basicFtp: string) => Call} call
 * @property {RegExp} sent finds the commands for data connections in what the client prints; the group is the command
 * @property {(output: string) => boolean} [listed] where the exit code does not tell
 */

/** The one client from npm, pinned: it lies in the lab's own folder and is no dependency of the project. */
export const BASIC_FTP = { name: "basic-ftp", version: "6.2.3" };

/** Where a client that can write its transcript to a file alone puts it, in its own folder. */
export const LOG = "transcript.log";

/** @param {string} name */
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @type {readonly Program[]} */
export const PROGRAMS = [
  {
    id: "curl",
    program: "curl",
    debian: "curl",
    call: (errand) => {
      const tls = errand.tls === null ? [] : ["--ssl-reqd"];
      const trust = errand.authority === null ? [] : ["--cacert", errand.authority];
      return { argv: ["curl", "-q", "-sS", "-v", ...tls, ...trust, ...userOption(errand.login), urlOf(errand)] };
    },
    sent: /^> (EPSV|PASV|EPRT|PORT)\b/gm,
  },
  {
    id: "lftp",
    program: "lftp",
    debian: "lftp",
    call: ({ host, port, folder, login, tls, authority }) => {
      const user = login === null ? "" : `-u ${login.user},${login.password} `;
      // lftp tries a thousand times, 30 s apart. It may change its mode from one try to the next, so it gets as many as it takes to try
      // both and the first again. The pause between them is shortened, and is still long enough to count as a delay.
      const limits = "set net:max-retries 3; set net:reconnect-interval-base 6; set cmd:fail-exit yes";
      const trust = authority === null ? "" : `; set ssl:ca-file ${authority}`;
      const force = tls === "explicit" ? "; set ftp:ssl-force yes; set ftp:ssl-allow-anonymous yes" : "";
      const settings = `${limits}${trust}${force}`;
      const list = folder === "" ? "ls" : `cd ${quoted(folder)}; ls`;
      const url = `${tls === "implicit" ? "ftps" : "ftp"}://${bracketed(host)}`;
      return { argv: ["lftp", "--norc", "-c", `${settings}; debug 8; open ${user}-p ${port} ${url}; ${list}`] };
    },
    sent: /^---> (EPSV|PASV|EPRT|PORT)\b/gm,
  },
  {
    id: "wget",
    program: "wget",
    debian: "wget",
    call: (errand) => {
      const { login } = errand;
      const user = login === null ? [] : [`--user=${login.user}`, `--password=${login.password}`];
      // Twenty tries by default, each like the first.
      const limits = ["-t", "1"];
      const trust = errand.authority === null ? [] : [`--ca-certificate=${errand.authority}`];
      const tls = [...(errand.tls === "implicit" ? ["--ftps-implicit"] : []), ...trust];
      const url = urlOf(errand, errand.tls === null ? "ftp" : "ftps");
      return { argv: ["wget", "--no-config", "--no-proxy", "-d", ...limits, ...tls, "-O", "-", ...user, url] };
    },
    sent: /^--> (EPSV|PASV|EPRT|PORT|LPRT)\b/gm,
  },
  {
    id: "python-ftplib",
    // Debian's own: another one in the path may be a wrapper that takes seconds to start.
    program: "/usr/bin/python3",
    debian: "python3",
    call: (errand) => ({ argv: ["/usr/bin/python3", "-I", script("ftplib.py"), ...plain(errand)] }),
    sent: /^\*cmd\* '(EPSV|PASV|EPRT|PORT)\b/gm,
  },
  {
    id: "ncftp",
    program: "ncftpls",
    debian: "ncftp",
    call: (errand) => {
      const { login } = errand;
      const user = login === null ? [] : ["-u", login.user, "-p", login.password];
      // It redials a host that does not answer, and each time is like the first. By default it sends flags with NLST, which some servers
      // take for the name of a file; with -l it sends a plain LIST. What it prints to a terminal goes to its log here.
      return { argv: ["ncftpls", "-l", "-r", "1", "-d", LOG, ...user, urlOf(errand)] };
    },
    sent: /^[-\d]+ [:\d]+ {2}Cmd: (EPSV|PASV|EPRT|PORT)\b/gm,
  },
  {
    id: "tnftp",
    program: "tnftp",
    debian: "tnftp",
    call: ({ host, port, folder, login }) => {
      const { user, password } = login ?? { user: "anonymous", password: "lab@example.com" };
      const list = folder === "" ? "ls" : `cd ${quoted(folder)}\nls`;
      return { argv: ["tnftp", "-n", "-v", "-d", host, `${port}`], input: `user ${user} ${password}\n${list}\nbye\n` };
    },
    sent: /^---> (EPSV|PASV|EPRT|PORT|LPRT|LPSV)\b/gm,
    // It obeys its script to the end and leaves with 0.
    listed: (output) =>
      !/^---> CWD .*\s+5\d\d /m.test(output) && /^---> (?:LIST|NLST)\b(?:(?!^---> )[\s\S])*^2\d\d /m.test(output),
  },
  {
    id: "basic-ftp",
    program: process.execPath,
    debian: null,
    call: (errand, basicFtp) => ({ argv: [process.execPath, script("basic-ftp.mjs"), basicFtp, ...plain(errand)] }),
    sent: /^> (EPSV|PASV|EPRT|PORT)\b/gm,
  },
];

/** @param {Errand} errand */
function plain({ host, port, folder, login, tls, authority }) {
  return [host, `${port}`, login?.user ?? "", login?.password ?? "", folder, tls ?? "", authority ?? ""];
}

/** @param {Errand["login"]} login */
function userOption(login) {
  return login === null ? [] : ["--user", `${login.user}:${login.password}`];
}

/**
 * @param {Errand} errand
 * @param {"ftp" | "ftps"} [scheme]
 */
function urlOf({ host, port, folder, tls }, scheme = tls === "implicit" ? "ftps" : "ftp") {
  const path = folder.split("/").filter((part) => part !== "");
  return `${scheme}://${bracketed(host)}:${port}/${path.map((part) => `${encodeURIComponent(part)}/`).join("")}`;
}

/** As lftp and tnftp read a word with blanks in it. @param {string} word */
function quoted(word) {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}

/** @param {string} host */
function bracketed(host) {
  return host.includes(":") ? `[${host}]` : host;
}
