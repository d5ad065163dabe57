/**
 * The scenarios in which clients differ from one another, and some in which none should: what `--clients` takes where no names are
 * given. Patterns, of which each must fit at least one scenario.
 */
export const CLIENT_SCENARIOS = [
  // In order.
  "*-healthy",
  "vsftpd-healthy-*",
  "pyftpdlib-healthy-dual-stack",
  "vsftpd-two-addresses",
  "vsftpd-ipv6-alone",
  // The address in a 227.
  "vsftpd-nat-no-masquerade",
  "proftpd-nat-no-masquerade",
  "twisted-nat-no-masquerade",
  "ftp-srv-nat-no-masquerade",
  "vsftpd-nat-only-control-forwarded",
  "vsftpd-wrong-public-address",
  "vsftpd-loopback-address",
  "vsftpd-zero-address",
  "vsftpd-container-address",
  "vsftpd-hairpin",
  "vsftpd-names-its-other-address",
  "vsftpd-no-epsv-and-private-address",
  // The passive ports.
  "vsftpd-range-dropped",
  "proftpd-range-dropped",
  "vsftpd-range-reset",
  "vsftpd-range-prohibited",
  "vsftpd-range-dropped-client-nat",
  "proftpd-range-dropped-dual-stack",
  "vsftpd-ipv6-data-dropped",
  "vsftpd-data-from-another-address",
  // Modes that are refused.
  "pyftpdlib-no-epsv",
  "pyftpdlib-no-passive",
  "vsftpd-passive-disabled",
  "vsftpd-active-disabled",
  "vsftpd-client-nat",
  // More than one address, of which some are dead.
  "vsftpd-ipv6-dropped",
  "ipv6-prohibited",
  "vsftpd-ipv4-dropped",
  "two-addresses-one-dropped",
  "vsftpd-private-address-and-dead-ipv6",
  // No session, or a late one.
  "proftpd-slow-greeting-and-range-dropped",
  "control-nothing-listens",
  "vsftpd-wrong-password",
  "vsftpd-no-anonymous",
  "vsftpd-one-session-each",
  // TLS: asked for, offered, demanded, refused, and certificates that not everybody accepts.
  "*-tls-healthy-explicit",
  "*-tls-healthy-implicit",
  "*-tls-healthy-account",
  "*-tls-login-required",
  "vsftpd-tls-self-signed",
  "pure-ftpd-tls-insecure-self-signed",
  "vsftpd-tls-insecure-wrong-name",
  "vsftpd-tls-nat-no-masquerade",
];
