/** One server wording that gives a cause away. */
export interface Wording {
  /** The finding it speaks for. */
  finding: string;
  /** Codes with which it comes. */
  codes: readonly number[];
  /** The text of one line; linear to match, because servers' text is hostile: gaps are bounded. */
  text: RegExp;
  /** Whose wording it is, and where it stands. */
  source: string;
}

/**
 * Refusals by their wording. The first row that fits counts, so what is special stands before what is general. Wordings about the data
 * channel have tables of their own beside the rules that read them.
 */
export const WORDINGS: readonly Wording[] = [
  {
    finding: "ctl-max-per-ip",
    codes: [421],
    text: /too many connections from your internet address/i,
    source: "vsftpd prelogin.c",
  },
  {
    finding: "ctl-max-per-ip",
    codes: [421],
    text: /too many connections \(\d{1,9}\) from this IP/i,
    source: "Pure-FTPd messages_en.h",
  },
  {
    finding: "ctl-max-per-ip",
    codes: [421],
    text: /too many connections from the same IP/i,
    source: "pyftpdlib control.py",
  },
  {
    finding: "ctl-max-per-ip",
    codes: [421, 530],
    text: /(?:number|allowed) clients \(\d{1,9}\) from your host/i,
    source: "ProFTPD mod_auth.c MaxClientsPerHost",
  },
  {
    finding: "ctl-max-per-ip",
    codes: [421, 530],
    text: /too many (?:(?:open|active|simultaneous|concurrent|parallel|control|ftp|client|user) ){0,2}(?:connections|users|sessions|logins|clients) (?:\(\d{1,9}\) )?(?:from (?:your|this|the same)|(?:for|by|per) (?:your|this|the same|one) (?:internet )?(?:IP|address|host|client|machine))\b/i,
    source: "general form",
  },
  { finding: "ctl-max-clients", codes: [421], text: /too many connected users/i, source: "vsftpd prelogin.c" },
  {
    finding: "ctl-max-clients",
    codes: [421],
    text: /\b\d{1,9} users \(the maximum\) are already logged in/i,
    source: "Pure-FTPd messages_en.h",
  },
  {
    finding: "ctl-max-clients",
    codes: [421, 530],
    text: /maximum number of (?:allowed )?(?:clients|hosts) \(\d{1,9}\)/i,
    source: "ProFTPD mod_auth.c MaxClients, MaxClientsPerUser, MaxHostsPerUser",
  },
  {
    finding: "ctl-max-clients",
    codes: [421, 530],
    text: /too many (?:connections|users|sessions|logins)\b|maximum (?:number of )?(?:connection|session|login|user|client)s? (?:limit|count|reached|exceeded|are|is)\b/i,
    source: "pyftpdlib control.py, Serv-U, IIS and general form",
  },
  {
    finding: "ctl-source-banned",
    codes: [421, 500, 530, 550],
    text: /no connections allowed from your ip/i,
    source: "FileZilla Server, nmap-service-probes",
  },
  {
    finding: "ctl-source-banned",
    codes: [421, 530, 550],
    text: /not currently accepting logins at this address/i,
    source: "Cerberus, nmap-service-probes",
  },
  {
    // An account can be blocked as well: the text must speak of where we come from.
    finding: "ctl-source-banned",
    codes: [421, 500, 530, 550],
    text: /\b(?:ip|(?:your|this) (?:address|host|network|country))\b[^.]{0,60}\b(?:banned|blocked|black-?listed|denied|forbidden|refused|not (?:allowed|permitted|authori[sz]ed))\b|\b(?:banned|blocked|black-?listed|denied|forbidden|refused|not (?:allowed|permitted))\b[^.]{0,60}\b(?:ip|(?:your|this) (?:address|host|network|country))\b/i,
    source: "general form",
  },
  {
    finding: "ctl-idle-timeout",
    codes: [421],
    text: /^421[ -](?:timeout\b|(?:idle|no transfer|login|data|session) timeout\b|(?:control |ftp )?(?:connection|session) timed out|(?:passive|active) data channel timed out)/i,
    source: "vsftpd, ProFTPD mod_core.c, mod_auth.c, mod_xfer.c, Pure-FTPd, FileZilla Server, pyftpdlib",
  },
  {
    finding: "tls-not-configured",
    codes: [421, 431, 500, 530, 534, 550],
    text: /\bSSL: cannot (?:load|read)\b|\b(?:TLS|SSL|secure|security)\b[^.]{0,40}\b(?:unavailable|not available|not configured|could not (?:be )?initiali[sz]e|unable to negotiate)\b|\bcould not initiali[sz]e (?:the )?(?:SSL|TLS)|\bunable to negotiate secure\b|policy on server does not allow (?:TLS|SSL)/i,
    source: "vsftpd ssl.c, IBM i, ProFTPD mod_tls.c, FileZilla Server, Serv-U, IIS (nmap-service-probes)",
  },
  {
    finding: "tls-client-cert-required",
    codes: [421, 500, 522, 530, 533, 534, 535],
    text: /\bpeer did not return a certificate\b|\bclient certificate (?:is )?(?:required|missing|needed)\b/i,
    source: "vsftpd die() with OpenSSL's reason, and general form",
  },
  {
    // Before the demands for TLS: "Non-anonymous sessions must use encryption" is the other one.
    finding: "auth-anonymous-tls",
    codes: [530],
    text: /^530[ -]anonymous sessions (?:must|may not) use encryption/i,
    source: "vsftpd prelogin.c",
  },
  {
    finding: "auth-tls-required",
    codes: [421, 500, 502, 503, 504, 521, 522, 530, 534, 550],
    text: /must use encryption|cleartext sessions .{0,40}not accepted|does not allow plain FTP|\buse AUTH first|configure with AUTH first|use secure access|secure authentication required|policy requires SSL|\b(?:TLS|SSL|FTPS|encryption) (?:is )?(?:required|mandatory)\b|\brequires? (?:TLS|SSL|FTPS|encryption)\b/i,
    source:
      "ProFTPD and pyftpdlib (SSL/TLS required), vsftpd prelogin.c, Pure-FTPd MSG_TLS_NEEDED, IIS, FileZilla Server, glFTPd, Cerberus, AWS Transfer, Globalscape",
  },
  {
    finding: "auth-anonymous-tls",
    codes: [421, 500, 530, 550],
    text: /\bno anonymous (?:login|logins|access|ftp|users)\b|\banonymous (?:access|login|logins|user|users|ftp)\b[^.]{0,30}\b(?:not|denied|disabled|forbidden|refused)\b/i,
    source: "Pure-FTPd messages_en.h, Serv-U, general form",
  },
  {
    finding: "auth-chroot-writable-root",
    codes: [500],
    text: /refusing to run with writable (?:anonymous )?root/i,
    source: "vsftpd secutil.c, prelogin.c",
  },
  {
    finding: "auth-home-inaccessible",
    codes: [421, 500, 530, 550],
    text: /home directory (?:is )?(?:inaccessible|not (?:available|accessible|found))|OOPS: (?:vsftpd: )?(?:cannot change directory|chroot)\b|(?:can't|cannot|can not|unable to) (?:access|find|open|change to|chdir to|set) [^.]{0,20}\bhome\b/i,
    source: "IIS, Pure-FTPd, vsftpd secutil.c, general form",
  },
  { finding: "srv-session-crash", codes: [500], text: /^500[ -]OOPS:/i, source: "vsftpd die()" },
];
