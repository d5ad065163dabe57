import { KEY, SELF_SIGNED } from "./identities.ts";

/** What happens where the handshake of a data connection is due. */
export type DataHandshake =
  /** It is made. */
  | "made"
  /** Nothing is answered. */
  | "stalled"
  /** The listing comes in clear, as if PROT P had not been accepted. */
  | "clear";

/** What happens on a control connection behind the reply that accepted AUTH. */
export type ControlHandshake =
  /** It is made. */
  | "made"
  /** Nothing is answered. */
  | "stalled"
  /** The connection is ended in order. */
  | "closed"
  /** An error message in clear, then the end. */
  | "clear";

/** A private key and its certificates, in PEM. */
export interface TlsIdentity {
  /** The private key; it guards nothing. */
  key: string;
  /** The certificate, and behind it those between it and the root. */
  certificate: string;
}

/** How the simulator does TLS in one session. */
export interface TlsPolicy {
  /** What it shows. */
  identity: TlsIdentity;
  /** TLS from the first byte of a control connection, as on port 990, instead of AUTH. */
  implicit: boolean;
  /** The handshake of the control connection. */
  control: ControlHandshake;
  /** The handshake of data connections. */
  data: DataHandshake;
  /** A data connection must resume a session of the control connection. */
  reuseRequired: boolean;
  /** Data connections end without close_notify (RFC 8446 section 6.1). */
  silentEnd: boolean;
}

/** TLS as a healthy server does it, but for a certificate that nobody vouches for. */
export const ORDINARY_TLS: TlsPolicy = {
  identity: { key: KEY, certificate: SELF_SIGNED },
  implicit: false,
  control: "made",
  data: "made",
  reuseRequired: false,
  silentEnd: false,
};
