import type { SecureContext } from "node:tls";
import type { TlsPolicy } from "./policy.ts";

/** What a session that can do TLS has come to. */
export interface SessionTls {
  /** How it is done. */
  readonly policy: TlsPolicy;
  /** Key, certificate and the sessions that can be resumed; shared by all sessions of the simulator. */
  readonly context: SecureContext;
  /** The control connection is under TLS. */
  active: boolean;
  /** PROT P was accepted. */
  protectsData: boolean;
}
