/** netkit's server without a certificate takes AUTH all the same and then fails the handshake: a fault of its own, not in the truth yet. */
const FTPD_SSL = "AUTH is taken without a certificate, and the handshake that fails is told beside the truth";

/**
 * Scenarios that the tool does not judge right yet, or not every time: their truth stands, the matrix counts them as wrong, and a run
 * of all tells them apart from what has broken. An entry goes when its scenario comes out right.
 * @type {Readonly<Record<string, string>>}
 */
export const OPEN = {
  "ftpd-ssl-healthy": FTPD_SSL,
  "ftpd-ssl-healthy-inside": FTPD_SSL,
  "ftpd-ssl-healthy-account": FTPD_SSL,
  "ftpd-ssl-no-anonymous": FTPD_SSL,
  "ftpd-ssl-wrong-password": FTPD_SSL,
  "ftpd-ssl-nat-no-masquerade": FTPD_SSL,
  "ftpd-ssl-client-firewall": FTPD_SSL,
  "ftpd-ssl-data-from-another-address-let-in": FTPD_SSL,
  "ftpd-ssl-range-dropped": FTPD_SSL,
  "ftpd-ssl-private-address": FTPD_SSL,
  "pyftpdlib-healthy-inside":
    "pyftpdlib 1.5.7 now and then does not end a data connection, and one attempt alone looks like a fault",
  "twisted-client-firewall": "Twisted's own limit of ten seconds races the tool's",
  "vsftpd-data-cut-midway": "the reset does not always come to Node as one",
  "vsftpd-private-address-and-black-hole":
    "two silences share half a minute, and too little of it is left for transfers of growing size",
  "scripted-no-greeting": "the handshake that a silent port gets is named as a cause of its own",
  "scripted-greets-when-spoken-to": "the handshake that a silent port gets is named as a cause of its own",
  "vsftpd-connlimit-of-all-ports": "a limit on all connections looks like chance until it is probed with rests",
};
