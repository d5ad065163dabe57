/**
 * What became of one network operation. A failed operation is a fact with one of these names, never an exception.
 *
 * - `connected`: TCP connected (or a listener was called, for `accept`).
 * - `ok`: the operation did what was asked (a reply came, a transfer ended, a name resolved).
 * - `refused`: a TCP reset answered the SYN (ECONNREFUSED), also what an ICMP port-unreachable looks like.
 * - `timed-out`: the step's own limit passed without an answer. Only this is evidence of silence.
 * - `reset`: the connection existed and was reset (ECONNRESET, EPIPE).
 * - `closed`: the other side ended the connection in order (FIN) where more was expected.
 * - `unreachable`: no route, or an ICMP error or a local policy said no (EHOSTUNREACH, ENETUNREACH, EACCES, EPERM).
 * - `local-error`: this machine could not even try (EINVAL, EADDRNOTAVAIL, EAFNOSUPPORT, EMFILE, EADDRINUSE).
 * - `wrong-peer`: somebody else than the server called our listener.
 * - `not-found`: the name exists nowhere, or has no record of this family (ENOTFOUND, ENODATA).
 * - `lookup-failed`: the resolver itself failed (SERVFAIL, no answer, refused).
 * - `protocol-error`: what arrived is beyond the protocol's or the reader's limits.
 * - `tls-failed`: the TLS handshake failed or the certificate was not accepted.
 * - `cancelled`: the run's deadline or the user stopped it; says nothing about the network.
 */
export type Outcome =
  | "ok"
  | "connected"
  | "refused"
  | "timed-out"
  | "reset"
  | "closed"
  | "unreachable"
  | "local-error"
  | "wrong-peer"
  | "not-found"
  | "lookup-failed"
  | "protocol-error"
  | "tls-failed"
  | "cancelled";

/** Why an operation did not do what was asked: the typed outcome, and the operating system's own word where there was one. */
export interface Failure {
  /** The typed outcome; never `ok` or `connected`. */
  outcome: Exclude<Outcome, "ok" | "connected">;
  /** The system's error code, such as `ECONNREFUSED`; null where the limit passed or the peer ended the connection. */
  code: string | null;
  /** One line for people; never holds a secret. */
  detail: string;
}

/** Reason to abort a signal with where a step's own limit passed; any other reason is a cancellation. */
export const TIMED_OUT: unique symbol = Symbol("timed-out");

/** Builds a failure; `detail` defaults to the system's code or the outcome's name. */
export function failure(outcome: Failure["outcome"], code: string | null = null, detail?: string): Failure {
  return { outcome, code, detail: detail ?? code ?? outcome };
}
