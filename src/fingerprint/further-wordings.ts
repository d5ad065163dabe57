import type { WordingGroup } from "./wording-group.ts";

const USER = ["USER"];
const PASS = ["PASS"];
const LOGIN = ["USER", "PASS"];
const AUTH = ["AUTH"];
const FEAT = ["FEAT"];
const LISTING = ["LIST", "NLST", "MLSD"];

const NMAP = "nmap: nmap-service-probes";
const SEEN = "session logs";
const AWS = "docs.aws.amazon.com/transfer/latest/userguide";
const FTPSERVERLIB = "fclairamb/ftpserverlib: handle_auth.go";
const BSD = "FreeBSD: libexec/ftpd/ftpd.c; wu-ftpd: src/ftpd.c";

/** Reply wordings of the servers that are met less often. */
export const furtherWordings: readonly WordingGroup[] = [
  {
    products: ["Serv-U"],
    source: SEEN,
    replies: [
      [LISTING, 226, /^Transfer complete\. [\d,. ]{1,40}bytes transferred/],
      [LISTING, 150, /^Opening (?:ASCII|BINARY) mode data connection for \/bin\/ls\.$/],
      [AUTH, 431, /^Unable to negotiate secure command connection\.$/],
    ],
  },
  {
    products: ["Serv-U", "Titan FTP Server", "Apache FtpServer"],
    source: "RFC 959 section 5.4 example texts, kept by these servers",
    replies: [
      [USER, 331, /^User name okay, need password\.$/],
      [PASS, 230, /^User logged in, proceed\.$/],
    ],
  },
  {
    products: ["AWS Transfer Family"],
    source: AWS,
    replies: [[null, 534, /^TLS required, configure with AUTH first\.$/]],
  },
  {
    products: ["AWS Transfer Family", "Apache FtpServer"],
    source: "Apache FtpServer: FtpStatus.properties; session logs",
    replies: [
      [USER, 331, /^User name okay, need password for /],
      [PASS, 230, /^User logged in, proceed\.$/],
      [AUTH, 234, /^Command AUTH okay; starting TLS connection\.$/],
      [null, 521, /^Data connection cannot be opened with this PROT setting/],
    ],
  },
  {
    products: ["WS_FTP Server"],
    source: SEEN,
    replies: [
      [USER, 331, /^Enter password$/],
      [PASS, 230, /^user logged in$/],
      [LISTING, 150, /^Opening (?:ASCII|BINARY) data connection for directory listing$/],
    ],
  },
  {
    products: ["CrushFTP"],
    source: SEEN,
    replies: [
      [USER, 331, /^Username OK\. {1,2}Need password\.$/],
      [PASS, 230, /^Password OK\. {1,2}Connected\.$/],
    ],
  },
  {
    products: ["Cerberus"],
    source: NMAP,
    replies: [
      [null, 421, /^Not currently accepting logins at this address\. Try back/],
      [LOGIN, 521, /^Not logged in - Secure authentication required/],
    ],
  },
  {
    products: ["SFTPGo"],
    source: FTPSERVERLIB,
    replies: [
      [USER, 331, /^OK$/],
      [PASS, 230, /^Password ok, continue$/],
    ],
  },
  {
    products: ["glFTPd"],
    source: SEEN,
    replies: [[LOGIN, 530, /^User \S{1,256} access denied\. Use secure access/]],
  },
  {
    products: ["BSD ftpd"],
    source: BSD,
    replies: [[PASS, 230, /^User \S{1,256} logged in, access restrictions apply\.$/]],
  },
  {
    products: ["wu-ftpd", "BSD ftpd", "tnftpd", "inetutils ftpd", "Solaris ftpd"],
    source: BSD,
    replies: [
      [PASS, 230, /^Guest login ok, access restrictions apply\.$/],
      [USER, 331, /^Guest login ok, (?:send your (?:complete )?e-?mail address|type your name) as password\.$/],
      [null, 425, /^Can't (?:build data|open passive) connection/],
      [null, 500, /^'.{1,256}': command not understood\.?$/],
    ],
  },
  {
    products: ["wu-ftpd", "BSD ftpd", "glFTPd", "Synology DSM", "tnftpd", "inetutils ftpd", "Solaris ftpd", "MikroTik"],
    source: BSD,
    replies: [
      [USER, 331, /^Password required for .{1,255}\.$/],
      [PASS, 230, /^User \S{1,256} logged in\.$/],
    ],
  },
  { products: ["Synology DSM"], source: SEEN, replies: [[["OPTS"], 200, /^OK, UTF-8 enabled$/]] },
  {
    products: ["z/OS"],
    source: SEEN,
    replies: [
      [USER, 331, /^Send password please\.$/],
      [PASS, 230, /^\S{1,64} is logged on\. {1,2}Working directory is "/],
    ],
  },
  {
    products: ["IBM i"],
    source: SEEN,
    replies: [
      [USER, 331, /^Enter password\.$/],
      [PASS, 230, /^\S{1,64} logged on\.$/],
      [AUTH, 431, /^Requested security mechanism not available at this time\.$/],
      [FEAT, 211, /^Feature listing follows:?$/],
    ],
  },
  {
    products: ["VxWorks"],
    source: NMAP,
    replies: [[AUTH, 200, /^AUTH command ok; starting SSL connection\.\.\.$/]],
  },
  {
    products: ["ftp-srv"],
    source: "ftp-srv: src/commands/registration/pasv.js",
    replies: [[["PASV"], 227, /^PASV OK \(/]],
  },
  {
    products: ["Twisted"],
    source: "Twisted 22.4: protocols/ftp.py",
    replies: [
      [USER, 331, /^Guest login ok, type your email address as password\.$/],
      [PASS, 230, /^Anonymous login ok, access restrictions apply\.$/],
      [["PORT"], 200, /^PORT OK$/],
      [null, 502, /^Command '.{1,32}' not implemented$/],
      [PASS, 530, /^Sorry, Authentication failed\.$/],
      [null, 421, /^Too many users right now, try again in a few minutes\.$/],
    ],
  },
  {
    products: ["aioftp"],
    source: "aioftp: server.py",
    replies: [[null, 502, /^'[A-Za-z]{1,32}' not implemented\.?$/]],
  },
  {
    products: ["ftp-doctor simulator"],
    source: "src/simulator/wordings/own.ts",
    replies: [
      [USER, 331, /^(?:Guest login, send anything as password|Send the password for .{1,256})$/],
      [PASS, 230, /^(?:Guest logged in, read only|\S{1,256} is logged in)$/],
      [LISTING, 150, /^Listing follows$/],
      [["NOOP"], 200, /^Still here$/],
    ],
  },
];
