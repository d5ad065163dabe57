import type { PortRange } from "../model/evidence.ts";
import type { ProductName } from "../model/product.ts";

/**
 * Where a passive range comes from: `system`: the operating system gives the ports out; `product`: the server's own
 * default; `setting`: somebody has set it, or a panel has.
 */
export type RangeOrigin = "system" | "product" | "setting";

/** A range that many servers share because nobody chose it, or because a panel did. */
export interface WellKnownRange extends PortRange {
  /** Who uses it, for a sentence that begins with "the range of". */
  whose: string;
  /** Where it comes from. */
  origin: RangeOrigin;
  /** Only odd numbers of it are given out. */
  oddOnly?: true;
  /** It says something of these products alone; left out where it does of any. */
  only?: readonly ProductName[];
  /** Where it was read. */
  source: string;
}

const LINUX = "Linux net/ipv4/inet_connection_sock.c inet_csk_find_open_port, ip_local_port_range";

/** The narrower ones first: of two that fit, the narrower says more. */
export const wellKnownRanges: readonly WellKnownRange[] = [
  {
    from: 8192,
    to: 8200,
    whose: "AWS Transfer Family",
    origin: "product",
    only: ["AWS Transfer Family"],
    source: "docs.aws.amazon.com/transfer",
  },
  {
    from: 50_000,
    to: 50_100,
    whose: "SFTPGo",
    origin: "product",
    only: ["SFTPGo"],
    source: "sftpgo.json passive_port_range",
  },
  {
    from: 1025,
    to: 5000,
    whose: "Windows before 2008 for any program that asks for no port of its own",
    origin: "system",
    source: "learn.microsoft.com dd421710",
  },
  {
    // A listener with SO_REUSEADDR gets ports of the lower half as long as there are some.
    from: 32_768,
    to: 46_883,
    whose:
      "Linux for any program that asks for no port of its own (first the lower half of 32768-60999, and of that the odd numbers)",
    origin: "system",
    oddOnly: true,
    source: LINUX,
  },
  {
    // Linux gives out no such ports by itself, and these servers hardly run elsewhere.
    from: 49_152,
    to: 65_535,
    whose: "cPanel (to 65534) and Plesk",
    origin: "setting",
    only: ["ProFTPD", "Pure-FTPd", "vsftpd"],
    source: "docs.cpanel.net: How to Enable FTP Passive Mode; Plesk /etc/proftpd.d/55-passive.conf",
  },
  {
    from: 49_152,
    to: 65_535,
    whose: "Windows, macOS and FreeBSD for any program that asks for no port of its own",
    origin: "system",
    source: "learn.microsoft.com dd421710; RFC 6335 section 6",
  },
  {
    from: 32_768,
    to: 60_999,
    whose: "Linux for any program that asks for no port of its own",
    origin: "system",
    source: LINUX,
  },
  {
    from: 1024,
    to: 65_535,
    whose: "vsftpd, ProFTPD and Pure-FTPd where none is set",
    origin: "product",
    source: "seen with vsftpd 3.0.3, ProFTPD 1.3.8 and Pure-FTPd 1.0.50 in the lab",
  },
];

/** A TCP port that devices inspect or other services hold. */
export interface TakenPort {
  /** TCP port. */
  port: number;
  /** Whose it is. */
  service: string;
  /**
   * What happens there: `inspected`: firewalls read along or answer in the server's place; `held`: another service may
   * listen, or a filter close it.
   */
  how: "inspected" | "held";
  /** Where it was read. */
  source: string;
}

const FORTINET = "community.fortinet.com: TCP 5060 and 2000 are answered by the VoIP ALG itself";
const JUNIPER = "Junos: predefined applications with an ALG (junos-sqlnet-v2, junos-h323, junos-pptp)";
const IANA = "IANA service names and port numbers";

/** Ports from 1024 on that have been taken for something else than FTP data on the way or on the host. */
export const takenPorts: readonly TakenPort[] = [
  { port: 1433, service: "Microsoft SQL Server", how: "held", source: IANA },
  { port: 1521, service: "Oracle SQL*Net", how: "inspected", source: JUNIPER },
  { port: 1720, service: "H.323", how: "inspected", source: JUNIPER },
  { port: 1723, service: "PPTP", how: "inspected", source: JUNIPER },
  { port: 2000, service: "SCCP (telephones)", how: "inspected", source: FORTINET },
  { port: 2049, service: "NFS", how: "held", source: IANA },
  { port: 3306, service: "MySQL", how: "held", source: IANA },
  { port: 3389, service: "Remote Desktop", how: "held", source: IANA },
  { port: 5060, service: "SIP (telephony)", how: "inspected", source: FORTINET },
  { port: 5432, service: "PostgreSQL", how: "held", source: IANA },
  { port: 5900, service: "VNC", how: "held", source: IANA },
  { port: 6000, service: "X11", how: "held", source: IANA },
  { port: 6379, service: "Redis", how: "held", source: "redis.io: default port" },
  { port: 8080, service: "web proxies", how: "inspected", source: IANA },
  { port: 8443, service: "web services", how: "held", source: IANA },
];
