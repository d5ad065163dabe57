/** What an ordinary run does where nobody says otherwise. */
export const DEFAULTS = {
  /** Limit of one step in milliseconds: three retransmissions of a lost SYN (1 s, 3 s and 7 s, RFC 6298) fit in. */
  timeoutMs: 10_000,
  /** Control connections open at once per address: passive and active modes side by side. */
  maxSessions: 2,
  /** Login attempts per address, of which only a server that loses sessions sees more than two. */
  maxLogins: 5,
  /** Time between the beginnings of two rounds, in milliseconds: a balancer that shares by seconds has moved on. */
  intervalMs: 5_000,
  /**
   * Ports tried per second in a sweep. FreeBSD answers 200 connections to closed ports per second (net.inet.icmp.icmplim, with a
   * jitter of 16), and is silent to the rest; others allow more. Firewalls that ban for a number of blocked ports (CSF's PS_LIMIT:
   * ten in five minutes) do so at any rate that a person would wait for.
   */
  sweepRate: 180,
} as const;
