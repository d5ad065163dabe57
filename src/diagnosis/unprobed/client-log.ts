import type { UnprobedCause } from "./cause.ts";

/** Causes that are a client's doing: this program does not do the same, so only that client's log shows them. */
export const CLIENT_CAUSES: readonly UnprobedCause[] = [
  {
    id: "epsv-all-lockout",
    shownBy: "client-log",
    title: "a client that sent EPSV ALL and then something else",
    meaning:
      "After EPSV ALL a server refuses PASV, PORT and EPRT for the rest of the session, and says so. The client's log shows EPSV ALL before the refusal; ftp-doctor never sends it.",
    mend: "Let the client send no EPSV ALL, or use EPSV alone afterwards; a new session is free of it.",
  },
  {
    id: "client-ftp-exe-no-passive",
    shownBy: "client-log",
    title: "Windows ftp.exe, which has no passive mode",
    meaning:
      'The ftp.exe of Windows knows active mode alone. "quote PASV" or "literal PASV" opens a port at the server that the client never uses.',
    mend: "Use curl.exe (part of Windows), WinSCP or FileZilla, or allow ftp.exe through the Windows firewall for active mode.",
  },
  {
    id: "client-wrong-data-host",
    shownBy: "client-log",
    title: "a client that dials the wrong host for data",
    meaning:
      "The client connects to localhost or to another host than the server although the server's reply names no address. The address in the client's own error is not the one of the control connection.",
    mend: "Update the client or use another one.",
  },
  {
    id: "client-data-stall-bug",
    shownBy: "client-log",
    title: "a client that neither sends nor reads its data",
    meaning:
      "The server has accepted the data connection (125 or 150) and waits, and the client does nothing with it. Another client on the same machine works.",
    mend: "Update the client.",
  },
  {
    id: "ipv6-pasv-used",
    shownBy: "client-log",
    title: "a client that uses PASV over IPv6",
    meaning:
      "PASV and PORT can name IPv4 addresses only. Over an IPv6 control connection a server refuses them (425, 501) or names 0.0.0.0. ftp-doctor uses EPSV and EPRT there.",
    mend: "Let the client use EPSV, or come over IPv4.",
  },
  {
    id: "fxp-refused",
    shownBy: "client-log",
    title: "a transfer from server to server that is refused",
    meaning:
      "A client asked one server to connect to another one (FXP), and the server refuses to connect to anybody but the client: 500 or 501 at PORT. ftp-doctor never sends the address of a third party.",
    mend: "Fetch and send the file by way of the client. Allow FXP only between servers that trust each other (vsftpd port_promiscuous and pasv_promiscuous, ProFTPD AllowForeignAddress, Pure-FTPd AllowUserFXP).",
  },
  {
    id: "empty-listing",
    shownBy: "client-log",
    title: "a client that shows an empty directory",
    meaning:
      "The listing arrives in order and the client shows nothing: hidden files, a format or a character set that it cannot read, or another home directory than expected. The raw listing tells.",
    mend: "Let the client show hidden files, or use another listing command (MLSD) or character set (UTF-8).",
  },
  {
    id: "transfer-before-pasv",
    shownBy: "client-log",
    title: "a transfer asked for without a data connection",
    meaning:
      'The client asked for a transfer with no PASV or PORT before it ("425 Use PORT or PASV first."), usually because that one had failed.',
    mend: "Look further up in the client's log for the first failure, and mend that one.",
  },
  {
    id: "alg-rewrites-payload",
    shownBy: "client-log",
    title: "a device that changes the bytes of a transfer",
    meaning:
      'A router or firewall that reads FTP changes what it takes for addresses or replies also inside files and file names: checksums differ, or a name with "227" in it is not found. A file that holds the server\'s address, sent and fetched again, shows it.',
    mend: "Switch off the FTP inspection (ALG) of the router, or use FTP over TLS or SFTP.",
  },
];
