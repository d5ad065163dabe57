/**
 * The scenarios in which clients differ from one another, and some in which none should: what `--clients` takes where no names are
 * given. Patterns, of which each must fit at least one scenario.
 */
export const CLIENT_SCENARIOS = [
  "*-healthy",
  "vsftpd-healthy-*",
  "*-nat-no-masquerade",
  "vsftpd-nat-only-control-forwarded",
  "*-wrong-public-address",
  "*-loopback-address",
  "vsftpd-zero-address",
  "vsftpd-container-address",
  "vsftpd-hairpin",
  "vsftpd-range-dropped",
  "vsftpd-range-reset",
  "vsftpd-range-prohibited",
  "vsftpd-range-dropped-client-nat",
  "proftpd-range-dropped-dual-stack",
  "vsftpd-data-from-another-address",
  "vsftpd-client-nat",
  "control-dropped",
  "control-nothing-listens",
  "vsftpd-ipv6-dropped",
  "ipv6-prohibited",
  "vsftpd-wrong-password",
  "vsftpd-no-anonymous",
  "vsftpd-passive-disabled",
  "vsftpd-active-disabled",
  "vsftpd-one-session-each",
];
