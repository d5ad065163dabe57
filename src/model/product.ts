/**
 * Server products known by name, the most widespread first: where signs fit several, the earlier one is the better guess.
 * The names are part of the report; they are never renamed.
 */
export const PRODUCT_NAMES = [
  "vsftpd",
  "ProFTPD",
  "Pure-FTPd",
  "FileZilla Server",
  "IIS",
  "FileZilla Server 0.9",
  "pyftpdlib",
  "Serv-U",
  "SFTPGo",
  "AWS Transfer Family",
  "Azure App Service",
  "Synology DSM",
  "QNAP",
  "CrushFTP",
  "Cerberus",
  "WS_FTP Server",
  "Titan FTP Server",
  "Wing FTP Server",
  "Globalscape EFT",
  "Apache FtpServer",
  "glFTPd",
  "bftpd",
  "wu-ftpd",
  "BSD ftpd",
  "tnftpd",
  "inetutils ftpd",
  "MikroTik",
  "z/OS",
  "IBM i",
  "VxWorks",
  "ftp-srv",
  "aioftp",
  "Twisted",
  "DrFTPD",
  "FRITZ!Box",
  "Xlight",
  "Rumpus",
  "Gene6",
  "Syncplify",
  "SwiFTP",
  "Solaris ftpd",
  "ftp-doctor simulator",
] as const;

/** A server product known by name. */
export type ProductName = (typeof PRODUCT_NAMES)[number];

/** Whether a name, such as one in a saved report, is one we know. */
export function isProductName(name: string): name is ProductName {
  return (PRODUCT_NAMES as readonly string[]).includes(name);
}
