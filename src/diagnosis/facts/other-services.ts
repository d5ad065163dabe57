import type { ControlRecord } from "../../model/evidence.ts";

/** Another service, by the first bytes it says (latin1) and what to do then. */
export interface OtherService {
  /** What it is, for a sentence. */
  name: string;
  /** Its first bytes; linear to match. */
  firstBytes: RegExp;
  /** One or two sentences for whoever runs into it. */
  advice: string;
  /** Where the bytes are specified. */
  source: string;
}

const NOT_HERE = "FTP is on another port or host.";

/** First bytes of services that end up behind FTP clients. */
export const OTHER_SERVICES: readonly OtherService[] = [
  {
    name: "SSH (SFTP)",
    // Lines may stand before the identification (RFC 4253 section 4.2).
    firstBytes: /^SSH-\d/m,
    advice:
      "Use an SFTP client (sftp, WinSCP, FileZilla with sftp://): SFTP is another protocol than FTP and usually runs on port 22.",
    source: "RFC 4253 section 4.2",
  },
  {
    name: "HTTP",
    firstBytes: /^\s{0,8}(?:HTTP\/\d|<!DOCTYPE\s|<html\b)/i,
    advice: `A web server, a web panel or a CDN's proxy answers here; ${NOT_HERE}`,
    source: "RFC 9112 section 4",
  },
  {
    // A mail server may well be named ftp.example.com, and an FTP server may serve the sources of Postfix.
    name: "SMTP",
    firstBytes:
      /^(?:220|421|554)[ -](?:[^\r\n]{0,200}\b(?:ESMTP|SMTP|LMTP)\b|(?![^\r\n]{0,250}ftp)[^\r\n]{0,200}\b(?:Postfix|Exim|Sendmail)\b)/i,
    advice: `A mail server answers here; ${NOT_HERE}`,
    source: "RFC 5321 section 4.2",
  },
  {
    name: "NNTP",
    firstBytes: /^20[01][ -][^\r\n]{0,200}\b(?:NNTP|NNRP|InterNetNews|news)\b/i,
    advice: `A news server answers here; ${NOT_HERE}`,
    source: "RFC 3977 section 5.1",
  },
  {
    name: "IMAP",
    firstBytes: /^\* (?:OK|PREAUTH|BYE)\b/,
    advice: `A mail server (IMAP) answers here; ${NOT_HERE}`,
    source: "RFC 9051 section 7.1",
  },
  {
    name: "POP3",
    firstBytes: /^(?:\+OK|-ERR)\b/,
    advice: `A mail server (POP3) answers here; ${NOT_HERE}`,
    source: "RFC 1939 section 3",
  },
  {
    name: "TLS",
    firstBytes: /^[\x14-\x17]\x03[\0-\x04]/,
    advice: "The port speaks TLS from the first byte: use ftps:// (implicit TLS).",
    source: "RFC 8446 section 5.1",
  },
  {
    name: "Telnet",
    // An option follows the verb: those in use are below 50 (IANA), or 255; FF FE 32 00 is UTF-16 text.
    firstBytes: /^\xff[\xfb-\xfe][\0-\x31\xff](?:$|[^\0])/,
    advice: `A Telnet service answers here; ${NOT_HERE}`,
    source: "RFC 854",
  },
  {
    name: "VNC",
    firstBytes: /^RFB \d{3}\.\d{3}/,
    advice: `A VNC server answers here; ${NOT_HERE}`,
    source: "RFC 6143 section 7.1.1",
  },
  {
    name: "MySQL",
    firstBytes: /^[^\r\n]{3}\0(?:\n\d{1,3}\.\d{1,3}\.|\xff[^\r\n]{2}(?:#[0-9A-Z]{5})?Host )/,
    advice: `A MySQL or MariaDB server answers here; ${NOT_HERE}`,
    source: "MySQL protocol, handshake and error packets",
  },
  {
    name: "rsync",
    firstBytes: /^@RSYNCD: \d/,
    advice: `An rsync daemon answers here: use rsync, or find the FTP port; ${NOT_HERE}`,
    source: "rsync: clientserver.c",
  },
];

/** The other service that a control connection met; null where it was none, or cannot be told. */
export function serviceBehind({ greeting }: ControlRecord): OtherService | null {
  if (greeting === null || greeting.firstBytes === "") return null;
  const service = serviceOf(greeting.firstBytes);
  // FTP speaks Telnet too (RFC 959 section 3.3.1): a real greeting may stand behind the negotiation.
  return service?.name === "Telnet" && greeting.reply?.code === 220 ? null : service;
}

/** The other service that says these first bytes; null where it is none that we know. */
export function serviceOf(firstBytes: string): OtherService | null {
  return OTHER_SERVICES.find((service) => service.firstBytes.test(firstBytes)) ?? null;
}
