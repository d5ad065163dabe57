import type { ProductName } from "../model/product.ts";

/** A greeting and the product that sends it by default. */
export interface Banner {
  /** The product. */
  product: ProductName;
  /** What one greeting line looks like without its code; the group `version`, where present, is the version. */
  pattern: RegExp;
  /** Whether the text could be anybody's: then it is a hint only. */
  generic?: true;
  /** Where the greeting was read. */
  source: string;
}

const NMAP = "nmap: nmap-service-probes; rapid7 recog: ftp_banners.xml";
const TWISTED = "Twisted 22.4: protocols/ftp.py";
const SEEN = "session logs";

/** Greetings, told from one another by the product's own name; administrators may change them, so they prove little alone. */
export const banners: readonly Banner[] = [
  {
    product: "ftp-doctor simulator",
    pattern: /^ftp-doctor simulator(?: (?<version>\d[\w.+-]{0,31}))? ready/,
    source: "src/simulator",
  },
  { product: "vsftpd", pattern: /\(vsFTPd (?<version>\d[\w.+-]{0,31})\)/, source: "vsftpd 3.0.3: banner.c" },
  { product: "vsftpd", pattern: /^Welcome to .{1,120} FTP service\.$/, generic: true, source: "vsftpd.conf, sample" },
  { product: "Pure-FTPd", pattern: /Pure-FTPd/, source: "pure-ftpd: src/messages_en.h, and its translations" },
  {
    product: "Pure-FTPd",
    pattern: /^You are user number \d{1,9} of \d{1,9} allowed\.$/,
    source: "pure-ftpd: src/messages_en.h",
  },
  {
    product: "QNAP",
    pattern: /^NASFTPD Turbo station (?<version>\d[\w.+-]{0,31}) Server \(ProFTPD\)/,
    source: NMAP,
  },
  {
    product: "ProFTPD",
    pattern: /^ProFTPD (?:(?<version>\d[\w.+-]{0,31}) )?Server(?: \(| ready)/,
    source: "proftpd: modules/mod_core.c",
  },
  { product: "ProFTPD", pattern: /^(?:FTP Server|.{1,120} FTP server) ready\.?$/, generic: true, source: NMAP },
  {
    product: "FileZilla Server 0.9",
    pattern: /^FileZilla Server (?:version )?(?<version>0\.\d[\w.+-]{0,31}(?: beta)?)/,
    source: NMAP,
  },
  {
    product: "FileZilla Server",
    pattern: /^FileZilla (?:Pro Enterprise )?Server (?:version )?(?<version>[1-9][\w.+-]{0,31})/,
    source: SEEN,
  },
  {
    product: "IIS",
    pattern: /Microsoft FTP Service(?: \(Version (?<version>\d[\w.+-]{0,31})\))?/,
    source: NMAP,
  },
  { product: "Serv-U", pattern: /Serv-U FTP[ -]Server(?: v(?<version>\d[\w.+-]{0,31}))?/, source: NMAP },
  { product: "WS_FTP Server", pattern: /WS_FTP Server (?<version>\d[\w.+-]{0,31})/, source: NMAP },
  { product: "Titan FTP Server", pattern: /Titan FTP Server(?: (?<version>\d[\w.+-]{0,31}))?/, source: NMAP },
  { product: "CrushFTP", pattern: /CrushFTP ?(?<version>\d[\w.+-]{0,31})?/, source: SEEN },
  { product: "Wing FTP Server", pattern: /Wing FTP Server(?: (?<version>\d[\w.+-]{0,31}))?/, source: NMAP },
  { product: "Cerberus", pattern: /Cerberus FTP Server|^Created by Cerberus, LLC/, source: NMAP },
  {
    product: "Globalscape EFT",
    pattern: /(?:GlobalSCAPE|Globalscape|^EFT) ?(?:Secure FTP |EFT )?Server/,
    source: NMAP,
  },
  {
    product: "pyftpdlib",
    pattern: /pyftpdlib (?:(?<version>\d[\w.+-]{0,31}) ready|based ftpd ready)/,
    source: "pyftpdlib: handlers/ftp/control.py",
  },
  { product: "glFTPd", pattern: /\(glFTPd (?<version>\d[\w.+-]{0,31})/, source: SEEN },
  { product: "bftpd", pattern: /^bftpd (?<version>\d[\w.+-]{0,31}) at /, source: NMAP },
  { product: "wu-ftpd", pattern: /\(Version (?:wu|wuftpd)-(?<version>\d[\w.+-]{0,31})/, source: NMAP },
  { product: "tnftpd", pattern: /\((?:NetBSD-ftpd|tnftpd) (?<version>\d[\w.+-]{0,31})/, source: NMAP },
  { product: "inetutils ftpd", pattern: /\(GNU inetutils (?<version>\d[\w.+-]{0,31})/, source: NMAP },
  { product: "BSD ftpd", pattern: /FTP server \(Version (?<version>6\.\d[\w.+/-]{0,31})/, source: NMAP },
  { product: "Solaris ftpd", pattern: /FTP server \(SunOS (?<version>\d[\w.+-]{0,31})/, source: NMAP },
  { product: "AWS Transfer Family", pattern: /^Service ready for new user\.$/, generic: true, source: SEEN },
  { product: "Apache FtpServer", pattern: /^Service ready for new user\.$/, generic: true, source: SEEN },
  { product: "Synology DSM", pattern: /^(?:DiskStation|Synology|Syno_)\S{0,64} FTP server ready\.$/, source: NMAP },
  { product: "MikroTik", pattern: /FTP server \(MikroTik (?<version>\d[\w.+-]{0,31})\) ready/, source: NMAP },
  { product: "z/OS", pattern: /IBM FTP CS (?<version>V\d{1,2}R\d{1,2})/, source: NMAP },
  { product: "IBM i", pattern: /^QTCP at /, source: NMAP },
  { product: "SFTPGo", pattern: /^SFTPGo(?:[_ ](?<version>\d[\w.+-]{0,31}))?/, source: "drakkan/sftpgo" },
  {
    product: "VxWorks",
    pattern: /VxWorks(?: FTP server)? \((?:VxWorks ?){0,2}(?<version>\d[\w.+-]{0,31})?/,
    source: NMAP,
  },
  { product: "FRITZ!Box", pattern: /^FRITZ!Box.{0,64} FTP server ready/, source: NMAP },
  { product: "Xlight", pattern: /Xlight (?:FTP )?Server (?<version>\d[\w.+-]{0,31})?/, source: NMAP },
  { product: "Rumpus", pattern: /^Welcome To Rumpus!/, source: NMAP },
  { product: "Gene6", pattern: /Gene6 FTP Server/, source: NMAP },
  { product: "Syncplify", pattern: /Syncplify/, source: SEEN },
  { product: "SwiFTP", pattern: /SwiFTP (?<version>\d[\w.+-]{0,31}) ready/, source: NMAP },
  { product: "DrFTPD", pattern: /DrFTPD/i, source: NMAP },
  { product: "Twisted", pattern: /^Twisted (?<version>\d[\w.+-]{0,31}) FTP Server$/, source: TWISTED },
  { product: "aioftp", pattern: /^welcome$/, generic: true, source: "aioftp: server.py" },
];
