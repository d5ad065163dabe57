import type { UnprobedCause } from "./cause.ts";

/** Causes that only show on a control or data connection under TLS. */
export const TLS_CAUSES: readonly UnprobedCause[] = [
  {
    id: "data-tls-session-reuse-required",
    shownBy: "with-tls",
    title: "a server that wants the TLS session resumed on the data connection",
    meaning:
      "The server accepts a data connection only where its TLS session continues the one of the control connection. Clients that cannot do that get 522 or 425 after a complete handshake.",
    mend: "Use a client that resumes the session (FileZilla, WinSCP, lftp, curl), or demand it no longer (vsftpd require_ssl_reuse=NO, ProFTPD TLSOptions NoSessionReuseRequired).",
  },
  {
    id: "data-tls-resume-tls13",
    shownBy: "with-tls",
    title: "session resumption that fails with TLS 1.3",
    meaning:
      "Resuming the TLS session works once or not at all, because tickets of TLS 1.3 come late and serve once. The first transfer works and the second fails; with TLS 1.2 all work.",
    mend: "Update client and server (vsftpd 3.0.4 or newer), or allow at most TLS 1.2 (curl --tls-max 1.2).",
  },
  {
    id: "data-tls-prot-p-required",
    shownBy: "with-tls",
    title: "a server that wants the data connection encrypted",
    meaning: "The server refuses transfers over an unencrypted data connection: 521, 522, 534 or 550 at the transfer.",
    mend: "Let the client send PBSZ 0 and PROT P (ftplib: prot_p(); lftp: set ftp:ssl-protect-data true).",
  },
  {
    id: "data-tls-prot-mismatch",
    shownBy: "with-tls",
    title: "one side encrypts the data connection and the other does not",
    meaning:
      "PROT P was refused and the client went on with TLS all the same, or the other way round: the data connection opens and its handshake gets no answer.",
    mend: "Use a client that minds the reply to PROT.",
  },
  {
    id: "data-tls-close-notify-missing",
    shownBy: "with-tls",
    title: "a data connection that ends without TLS's closing message",
    meaning:
      "The data is complete, but the TLS connection ends without close_notify, and a strict other side takes the transfer for cut off (GnuTLS error -110).",
    mend: "Update the side that leaves it out; vsftpd strict_ssl_write_shutdown=YES sends it.",
  },
  {
    id: "data-tls-large-upload",
    shownBy: "with-tls",
    title: "uploads under TLS that break at about 16 kB",
    meaning:
      "Small uploads under TLS work, and those longer than one TLS record hang or arrive empty: faults of some versions of Pure-FTPd, vsftpd and lftp with TLS 1.3.",
    mend: "Update both sides, or allow at most TLS 1.2.",
  },
  {
    id: "data-tls-handshake-blocked",
    shownBy: "with-tls",
    title: "a data connection on which TLS never begins",
    meaning:
      "The data port opens, and the TLS handshake on it gets no answer, while without encryption (PROT C) data moves: a device lets nothing but plain FTP data through, or expects a PROXY header.",
    mend: "Exempt the passive range from inspection; use no PROXY protocol on data ports.",
  },
];
