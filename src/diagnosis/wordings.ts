/** One server wording that gives a cause away. */
export interface Wording {
  /** The finding it speaks for. */
  finding: string;
  /** Codes with which it comes. */
  codes: readonly number[];
  /** The text; linear to match, because servers' text is hostile. */
  text: RegExp;
  /** Whose wording it is, and where it stands. */
  source: string;
}

/** Refusals by their wording. The first row that fits counts, so what is special stands before what is general. */
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
    text: /too many connections \(\d+\) from this IP/i,
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
    text: /number of allowed clients \(\d+\) from your host/i,
    source: "ProFTPD mod_auth.c",
  },
  {
    finding: "ctl-max-per-ip",
    codes: [421, 530],
    text: /too many (connections|users|sessions) from (your|this|the same)/i,
    source: "general form",
  },
  { finding: "ctl-max-clients", codes: [421], text: /too many connected users/i, source: "vsftpd prelogin.c" },
  {
    finding: "ctl-max-clients",
    codes: [421],
    text: /\d+ users \(the maximum\) are already logged in/i,
    source: "Pure-FTPd messages_en.h",
  },
  {
    finding: "ctl-max-clients",
    codes: [421, 530],
    text: /maximum number of allowed clients \(\d+\) are already connected/i,
    source: "ProFTPD mod_auth.c",
  },
  {
    finding: "ctl-max-clients",
    codes: [421, 530],
    text: /too many (connections|users|sessions)|maximum (session|login|user|client)/i,
    source: "pyftpdlib control.py and general form",
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
    finding: "ctl-source-banned",
    codes: [421, 500, 530, 550],
    text: /\b(banned|blacklisted|black ?listed|blocked)\b|(access denied|not allowed|forbidden)[^.]{0,40}\b(ip|address|host)\b/i,
    source: "general form",
  },
  {
    finding: "ctl-idle-timeout",
    codes: [421],
    text: /^421[ -](timeout|(idle|no transfer|login|data) timeout|connection timed out|no operation|passive data channel timed out)/i,
    source: "vsftpd, ProFTPD mod_core.c, Pure-FTPd, FileZilla Server, pyftpdlib",
  },
  {
    finding: "auth-tls-required",
    codes: [421, 500, 502, 503, 504, 521, 522, 530, 534, 550],
    text: /SSL\/TLS required|must use encryption|cleartext sessions .{0,40}not accepted|policy requires SSL|does not allow plain FTP|use AUTH first|AUTH (TLS )?first|use secure access|secure authentication required|TLS required|SSL is required|requires? (TLS|SSL|encryption)|(TLS|SSL|encryption) (is )?(required|mandatory)/i,
    source:
      "ProFTPD mod_tls.c, vsftpd prelogin.c, Pure-FTPd, IIS, FileZilla Server, pyftpdlib, glFTPd, Cerberus, AWS Transfer, Globalscape",
  },
  {
    finding: "auth-anonymous-tls",
    codes: [530, 421, 500, 550],
    text: /anonymous sessions may not use encryption|no anonymous login|anonymous (access|login|user|logins|ftp)[^.]{0,30}(not|denied|disabled|forbidden|refused)|private system/i,
    source: "vsftpd prelogin.c, Pure-FTPd messages_en.h, general form",
  },
  {
    finding: "auth-chroot-writable-root",
    codes: [500, 550],
    text: /refusing to run with writable root/i,
    source: "vsftpd secutil.c",
  },
  {
    finding: "auth-home-inaccessible",
    codes: [421, 500, 530, 550],
    text: /home directory (inaccessible|not available)|cannot change directory:|(can't|cannot|unable to) (access|change (to|dir)|set)[^.]{0,20}(home|root)/i,
    source: "IIS, Pure-FTPd, vsftpd secutil.c",
  },
  { finding: "srv-session-crash", codes: [500], text: /^500[ -]OOPS:/i, source: "vsftpd die()" },
];
