/** The four ways to set up an FTP data connection (RFC 959 PORT and PASV, RFC 2428 EPRT and EPSV). */
export type Mode = "epsv" | "pasv" | "eprt" | "port";

/** Protection of the data channel: clear text, or TLS (`PROT P`, RFC 4217). */
export type Protection = "clear" | "tls";

/** How the control connection is to be secured (RFC 4217 explicit, implicit on its own port, none, or what is offered). */
export type Security = "auto" | "explicit" | "implicit" | "none";

/** All modes, in the order in which the mode table shows them. */
export const MODES: readonly Mode[] = ["epsv", "pasv", "eprt", "port"];

/** Whether the client connects (passive) or the server does (active). */
export function isPassive(mode: Mode): mode is "epsv" | "pasv" {
  return mode === "epsv" || mode === "pasv";
}
