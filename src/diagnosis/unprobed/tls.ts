import type { UnprobedCause } from "./cause.ts";

/** Causes that only show on a control or data connection under TLS. */
export const TLS_CAUSES: readonly UnprobedCause[] = [
  {
    id: "tls-not-supported",
    shownBy: "with-tls",
    title: "a server without TLS",
    meaning:
      "The server does not know AUTH TLS: it answers 500, 502, 504 or 530, and FEAT lists no AUTH. Clients that insist on TLS end there.",
    mend: "Switch TLS on at the server (vsftpd ssl_enable=YES with rsa_cert_file; ProFTPD mod_tls with TLSEngine on; Pure-FTPd TLS 1 with its pure-ftpd.pem), or allow clear text in the client.",
  },
  {
    id: "tls-not-configured",
    shownBy: "with-tls",
    title: "TLS without a usable certificate",
    meaning:
      "The server knows AUTH TLS but has no certificate that it can use: it answers 431 or 534, or 234 and then ends the connection, whichever TLS version is tried.",
    mend: "Give the server a certificate and a key that it can read, and restart it.",
  },
  {
    id: "tls-auth-nonstandard-reply",
    shownBy: "with-tls",
    title: "AUTH TLS accepted with an unusual code",
    meaning:
      "The server accepts AUTH TLS with another code than 234, such as 200 (VxWorks) or 334. Strict clients take that for a refusal.",
    mend: "Use a client that begins the handshake after any positive reply, or update the server.",
  },
  {
    id: "tls-version-mismatch",
    shownBy: "with-tls",
    title: "no TLS version in common",
    meaning:
      "Client and server have no TLS version in common, mostly because one of them is old: the handshake ends with the alert protocol_version or handshake_failure. Offering each version alone shows which ones complete.",
    mend: "Allow TLS 1.2 or newer on the older side (vsftpd 3.0.4 or newer, ProFTPD TLSProtocol, Schannel settings on Windows).",
  },
  {
    id: "tls-cipher-mismatch",
    shownBy: "with-tls",
    title: "no cipher in common, or keys that are too small",
    meaning:
      "Client and server share no cipher, or the server's key or DH group is too small for the client: the handshake ends with handshake_failure, no shared cipher, or dh key too small.",
    mend: "vsftpd ssl_ciphers=HIGH, ProFTPD TLSCipherSuite and a DH group of 2048 bits; a certificate of 2048 bits or more.",
  },
  {
    id: "tls-cert-untrusted",
    shownBy: "with-tls",
    title: "a certificate that clients do not trust",
    meaning:
      "The certificate is self-signed, comes from a private authority, or the server does not send the intermediate certificate. The chain that the server sends shows which.",
    mend: "Let the server send the whole chain (vsftpd rsa_cert_file with the full chain, ProFTPD TLSCertificateChainFile), or import the authority at the client.",
  },
  {
    id: "tls-cert-name",
    shownBy: "with-tls",
    title: "a certificate for another name",
    meaning:
      "The certificate does not carry the name that the client uses, as on shared hosting, or where an address is used in place of a name. The names in the certificate tell.",
    mend: "Use a name that stands in the certificate, or add the name to it. The data connection is checked against the same name.",
  },
  {
    id: "tls-cert-expired",
    shownBy: "with-tls",
    title: "a certificate that has expired",
    meaning:
      "The certificate is past its date or not yet valid; often it was renewed on disk and the server was not restarted, or a clock is wrong.",
    mend: "Renew the certificate and restart the server, which reads it at its start; set the clock.",
  },
  {
    id: "tls-client-cert-required",
    shownBy: "with-tls",
    title: "a server that demands a client certificate",
    meaning:
      "The server asks for a certificate of the client, and ends the handshake or refuses the login where none comes.",
    mend: "Give the client its certificate and key, or demand none (vsftpd require_cert=NO, ProFTPD TLSVerifyClient off).",
  },
  {
    id: "tls-handshake-closed",
    shownBy: "with-tls",
    title: "a handshake that is cut off",
    meaning:
      "AUTH TLS is accepted, and then the connection ends during the handshake without a TLS alert: the server has no certificate or crashes, or a device on the way cuts it.",
    mend: "Give the server a certificate and TLS 1.2; exempt the connection from inspection.",
  },
  {
    id: "tls-handshake-stall",
    shownBy: "with-tls",
    title: "a handshake that gets no answer",
    meaning:
      "AUTH TLS is accepted, the client begins the handshake, and nothing comes back: a device on the way swallows it, or packets of full size are lost. Implicit TLS on port 990 shows whether only port 21 is inspected.",
    mend: "Switch off the FTP inspection for this server, or clamp the TCP segment size on the router.",
  },
  {
    id: "tls-plaintext-in-stream",
    shownBy: "with-tls",
    title: "clear text inside the TLS connection",
    meaning:
      'The server writes an error in clear into the encrypted connection, as vsftpd does with "500 OOPS". Clients report an unexpected TLS packet or a wrong version number after the login. The same step in clear text shows the words.',
    mend: "Mend what the hidden text says: mostly a writable home directory, a wrong pasv_address, or vsftpd's sandbox.",
  },
  {
    id: "tls-ccc-mismatch",
    shownBy: "with-tls",
    title: "trouble with CCC",
    meaning:
      "The client asks to go back to clear text on the control connection (CCC), so that firewalls can read it, and the server refuses or does half of it. Without CCC it works.",
    mend: "Do without CCC and open a fixed passive range instead.",
  },
  {
    id: "data-tls-alg-blind",
    shownBy: "with-tls",
    title: "a firewall that cannot read FTP under TLS",
    meaning:
      "Passive mode works in clear text only because a firewall or NAT reads the control connection, opens ports and rewrites addresses. Under TLS it cannot read, so the login works and the data connection does not.",
    mend: "Name the public address and a fixed passive range in the server, and open that range in the firewall without any FTP inspection.",
  },
  {
    id: "port-client-nat-no-alg-tls",
    shownBy: "with-tls",
    title: "active mode under TLS from behind a NAT",
    meaning:
      "The client's NAT cannot rewrite PORT inside TLS, so the server is told a private address and calls in vain. In clear text the same works.",
    mend: "Use passive mode.",
  },
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
