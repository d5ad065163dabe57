import { OWN_WORDING } from "./own.ts";
import type { Wording } from "./wording.ts";

/** What a Pure-FTPd 1.0.50 without TLS says. */
export const PURE_FTPD_WORDING: Wording = {
  ...OWN_WORDING,
  greeting: (local) =>
    [
      "220---------- Welcome to Pure-FTPd [privsep] ----------",
      "220-You are user number 1 of 50 allowed.",
      `220-Local time is now 12:30. Server port: ${local.port}.`,
      "220-IPv6 connections are also welcome on this server.",
      "220 You will be disconnected after 15 minutes of inactivity.",
    ].join("\r\n"),
  // It lets the anonymous user in at USER already.
  askPassword: (user, anonymous) =>
    anonymous ? "230 Anonymous user logged in" : `331 User ${user} OK. Password required`,
  loggedIn: (_user, anonymous) => (anonymous ? "230 Any password will work" : "230 OK. Current directory is /"),
  loginIncorrect: "530 Login authentication failed",
  notLoggedIn: "530 You aren't logged in",
  userFirst: "530 You aren't logged in",
  feat: [
    "211-Extensions supported:",
    " UTF8",
    " EPRT",
    " IDLE",
    " MDTM",
    " SIZE",
    " MFMT",
    " REST STREAM",
    " MLST type*;size*;sizd*;modify*;UNIX.mode*;UNIX.uid*;UNIX.gid*;unique*;",
    " MLSD",
    " PRET",
    " PASV",
    " EPSV",
    " ESTA",
    " ESTP",
    "211 End.",
  ],
  help: [
    "214-The following SITE commands are recognized",
    " ALIAS",
    " CHMOD",
    " IDLE",
    " UTIME",
    "214 Pure-FTPd - http://pureftpd.org/",
  ],
  noop: "200 Zzz...",
  type: (type) => (type === "I" ? "200 TYPE is now 8-bit binary" : "200 TYPE is now ASCII"),
  workingDirectory: (path) => `257 "${path}" is your current location`,
  directoryChanged: (path) => `250 OK. Current directory is ${path}`,
  noSuchDirectory: (path) => `550 Can't change directory to ${path}: No such file or directory`,
  noSuchFile: (path) => `550 Can't open ${path}: No such file or directory`,
  // No full stop, unlike everybody else.
  passive: (hostPort) => `227 Entering Passive Mode (${hostPort})`,
  extendedPassive: (port) => `229 Extended Passive mode OK (|||${port}|)`,
  passiveOnIpv6: "425 You cannot use PASV on IPv6 connections. Use EPSV instead.",
  epsvAll: "200 OK",
  afterEpsvAll: null,
  active: () => "200 PORT command successful",
  illegalPort: (_verb, offered, client) =>
    offered === null
      ? "501 Syntax error in IP address"
      : offered === client
        ? "501 Sorry, but I won't connect to ports < 1024"
        : `500 I won't open a connection to ${offered} (only to ${client})`,
  wrongProtocol: (usable) => `522 Only IPv${usable === 1 ? 4 : 6} is supported (${usable})`,
  listingBegins: (port) => (port === null ? "150 Accepted data connection" : `150 Connecting to port ${port}`),
  listingEnds: (entries) => `226-Options: -a -l \r\n226 ${entries} matches total`,
  fileBegins: (_name, bytes, port) => {
    const first = port === null ? "Accepted data connection" : `Connecting to port ${port}`;
    return `150-${first}\r\n150 ${(bytes / 1024).toFixed(1)} kbytes to download`;
  },
  fileEnds: "226-File successfully transferred\r\n226 0.001 seconds (measured here), 10.00 Mbytes per second",
  noDataConnection: "425 No data connection",
  dataFailed: (reason, port) =>
    port === null
      ? `425 Unable to make a connection: ${reason}`
      : `425 Could not open data connection to port ${port}: ${reason}`,
  foreignData: "425 No data connection",
  aborted: "426 Abort",
  abortDone: "226 ABOR succeeded",
  nothingToAbort: "226 Since you see this ABOR must've succeeded",
  unknown: () => "500 Unknown command",
  unknownBeforeLogin: () => "500 Unknown command",
  authRefused: () => "500 This security scheme is not implemented",
  readOnly: "550 Permission denied",
  goodbye: "221-Goodbye. You uploaded 0 and downloaded 0 kbytes.\r\n221 Logout.",
};
