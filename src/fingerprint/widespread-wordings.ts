import type { WordingGroup } from "./wording-group.ts";

const USER = ["USER"];
const PASS = ["PASS"];
const LOGIN = ["USER", "PASS"];
const AUTH = ["AUTH"];
const TYPE = ["TYPE"];
const FEAT = ["FEAT"];
const LISTING = ["LIST", "NLST", "MLSD"];

const VSFTPD = "vsftpd 3.0.3: prelogin.c, postlogin.c, ftpdataio.c";
const PURE = "pure-ftpd: src/messages_en.h";
const PROFTPD = "proftpd: modules/mod_auth.c, mod_core.c, mod_ls.c, mod_xfer.c, src/data.c, contrib/mod_tls.c";
const PYFTPDLIB = "pyftpdlib: handlers/ftp/control.py, dispatchers.py";
const NMAP = "nmap: nmap-service-probes";
const SEEN = "session logs";

/** Reply wordings of the servers that are met most. */
export const widespreadWordings: readonly WordingGroup[] = [
  {
    products: ["vsftpd"],
    source: VSFTPD,
    replies: [
      [USER, 331, /^Please specify the password\.$/],
      [TYPE, 200, /^Switching to (?:Binary|ASCII) mode\.$/],
      [LISTING, 150, /^Here comes the directory listing\.$/],
      [LISTING, 226, /^Directory send OK\.$/],
      [["CWD"], 250, /^Directory successfully changed\.$/],
      [AUTH, 234, /^Proceed with negotiation\.$/],
      [["PORT", "EPRT"], 200, /^(?:PORT|EPRT) command successful\. Consider using (?:PASV|EPSV)\.$/],
      [null, 425, /^Failed to establish connection\.$/],
      [null, 425, /^Security: Bad IP connecting\.$/],
      [null, 425, /^Use PORT or PASV first\.$/],
      [null, 500, /^OOPS: /],
      [LOGIN, 530, /^(?:Non-anonymous sessions must|Anonymous sessions (?:must|may not)) use encryption\.$/],
      [LOGIN, 530, /^This FTP server is anonymous only\.$/],
      [
        null,
        421,
        /^There are too many (?:connected users, please try later|connections from your internet address)\.$/,
      ],
    ],
  },
  {
    products: ["vsftpd", "IIS"],
    source: VSFTPD,
    replies: [[["EPSV"], 229, /^Entering Extended Passive Mode \(\|\|\|\d{1,5}\|\)\.$/]],
  },
  {
    products: ["vsftpd", "FileZilla Server", "pyftpdlib"],
    source: VSFTPD,
    replies: [[PASS, 230, /^Login successful\.$/]],
  },
  {
    products: ["vsftpd", "ProFTPD", "FileZilla Server", "wu-ftpd", "BSD ftpd", "inetutils ftpd"],
    source: VSFTPD,
    replies: [[PASS, 530, /^Login incorrect\.$/]],
  },
  {
    products: ["Pure-FTPd"],
    source: PURE,
    replies: [
      [USER, 331, /^User .{1,256} OK\. Password required$/],
      [LOGIN, 230, /^Anonymous user logged in$/],
      [LOGIN, 230, /^OK\. Current (?:restricted )?directory is /],
      [["CWD"], 250, /^OK\. Current directory is /],
      [TYPE, 200, /^TYPE is now /],
      [["EPSV"], 229, /^Extended Passive mode OK \(/],
      [LISTING, 150, /^Accepted data connection$/],
      [LISTING, 226, /^(?:Options: -|\d{1,9} matches total)/],
      [["PORT", "EPRT"], 500, /^I won't open a connection to /],
      [null, 501, /^Active mode is disabled$/],
      [["NOOP"], 200, /^Zzz\.\.\.$/],
      [LOGIN, 530, /^(?:Login authentication failed|This is a private system - No anonymous login)$/],
      [null, 530, /^You aren't logged in$/],
      [null, 421, /^Sorry, cleartext sessions /],
      [null, 421, /^(?:\d{1,9} users \(the maximum\) are already|Too many connections \(\d{1,9}\) from this IP)/],
      [null, 425, /^(?:No data connection$|Could not open data connection to port )/],
      [["QUIT"], 221, /^Goodbye\. You uploaded /],
    ],
  },
  {
    // netkit's ftpd with TLS (ftpd-ssl) says the same: seen in the lab.
    products: ["Pure-FTPd", "BSD ftpd"],
    source: PURE,
    replies: [[AUTH, 234, /^AUTH TLS OK\.$/]],
  },
  {
    products: ["Pure-FTPd", "FileZilla Server", "FileZilla Server 0.9", "Serv-U", "Cerberus"],
    source: PURE,
    replies: [[["PASV"], 227, /^Entering Passive Mode \([\d,]{11,23}\)$/]],
  },
  {
    products: ["ProFTPD"],
    source: PROFTPD,
    replies: [
      [USER, 331, /^Anonymous login ok, send your complete email address as your password$/],
      [PASS, 230, /^Anonymous access granted, restrictions apply$/],
      [LISTING, 150, /^Opening (?:ASCII|BINARY) mode data connection for (?:file list|MLSD)$/],
      [null, 500, /^'?[A-Za-z]{1,32}'? not understood$/],
      [AUTH, 234, /^AUTH (?:TLS|SSL) successful$/],
      [null, 550, /^SSL\/TLS required on the (?:control|data) channel$/],
      [null, 425, /^Unable to build data connection: (?!TLS session)/],
      [null, 500, /^(?:Sorry, no server available to handle request on |Unable to service (?:PORT|EPRT) commands$)/],
      [LOGIN, 530, /^Sorry, the maximum number of (?:allowed )?clients /],
    ],
  },
  {
    products: ["ProFTPD", "FileZilla Server 0.9", "Wing FTP Server"],
    source: PROFTPD,
    replies: [[USER, 331, /^Password required for .{0,255}[^.]$/]],
  },
  {
    products: ["ProFTPD", "Wing FTP Server"],
    source: PROFTPD,
    replies: [[PASS, 230, /^User \S{1,256} logged in$/]],
  },
  {
    products: ["FileZilla Server"],
    source: SEEN,
    replies: [
      [USER, 331, /^Please, specify the password\.$/],
      [LISTING, 150, /^(?:About to start|Starting) data transfer\.$/],
      [LISTING, 226, /^Operation successful$/],
      [AUTH, 234, /^Using authentication type TLS\.$/],
    ],
  },
  {
    products: ["FileZilla Server 0.9"],
    source: NMAP,
    replies: [[PASS, 230, /^Logged on$/]],
  },
  {
    products: ["FileZilla Server 0.9"],
    source: SEEN,
    replies: [
      [LISTING, 150, /^(?:Opening data channel for directory |Connection accepted$)/],
      [LISTING, 226, /^(?:Successfully transferred "|Transfer OK$)/],
      [null, 421, /^Could not create socket\.$/],
      [null, 530, /^This server does not allow plain FTP\. You have to use FTP over TLS\.$/],
    ],
  },
  {
    products: ["FileZilla Server", "FileZilla Server 0.9"],
    source: SEEN,
    replies: [[["OPTS"], 202, /^UTF8 mode is always enabled\. No need to send this command/]],
  },
  {
    products: ["FileZilla Server", "FileZilla Server 0.9"],
    source: NMAP,
    replies: [[null, 550, /^No connections allowed from your IP/]],
  },
  {
    products: ["IIS"],
    source: SEEN,
    replies: [
      [USER, 331, /^Password required$/],
      [USER, 331, /^Anonymous access allowed, send identity \(e-mail name\) as password\.$/],
      [PASS, 230, /^(?:Anonymous user|User) logged in\.$/],
      [LISTING, 125, /^Data connection already open; Transfer starting\.$/],
      [AUTH, 234, /^AUTH command ok\. Expecting TLS Negotiation\.$/],
      [null, 534, /^(?:Policy requires SSL\.|Local policy on server does not allow TLS secure connections\.)$/],
      [null, 425, /^Cannot open data connection\.$/],
      [null, 501, /^Server cannot accept argument\.$/],
      [LOGIN, 530, /^User cannot log in[.,]/],
      [FEAT, 211, /^Extended features supported:$/],
    ],
  },
  {
    products: ["pyftpdlib"],
    source: PYFTPDLIB,
    replies: [
      [USER, 331, /^Username ok, send password\.$/],
      [["PASV"], 227, /^Entering passive mode \(/],
      [["EPSV"], 229, /^Entering extended passive mode \(/],
      [TYPE, 200, /^Type set to: /],
      [LISTING, 150, /^File status okay\. About to open data connection\.$/],
      [LISTING, 125, /^Data connection already open\. Transfer starting\.$/],
      [FEAT, 211, /^(?:Features supported:|End FEAT\.)$/],
      [["NOOP"], 200, /^I successfully did nothin/],
      [
        null,
        421,
        /^(?:Passive data channel timed out\.|Too many connections\. Service temporarily unavailable\.|Too many connections from the same IP address\.)$/,
      ],
      [null, 425, /^Rejected data connection from foreign address /],
      [null, 501, /^Rejected data connection to foreign address /],
      [null, 550, /^SSL\/TLS required on the (?:control|data) channel\.$/],
    ],
  },
];
