import { env, execArgv } from "node:process";
import { createSecureContext, rootCertificates, type SecureContext, type SecureContextOptions } from "node:tls";
import type { TlsRange } from "../model/evidence.ts";

/** OpenSSL's security level 0 allows the signatures of TLS 1.0 and 1.1 and short keys: to measure what a server speaks, not to trust it. */
const WEAK_CIPHERS = "DEFAULT:@SECLEVEL=0";

/** What is offered, and by which roots it is verified. */
export interface Terms {
  /** Versions offered; null for Node's own. */
  versions: TlsRange | null;
  /** Whether to take what is thought too weak today. */
  weak: boolean;
  /** Roots besides those that come with Node, in PEM; null for none. */
  extraRoots: readonly string[] | null;
}

/** Reading the roots takes longer than a handshake, and they are the same for all connections of a run. */
const made = new WeakMap<readonly string[], Map<string, SecureContext>>();
const NONE: readonly string[] = [];

/** The TLS settings of a connection with these terms, made once and shared. */
export function secureContext(terms: Terms): SecureContext {
  const { versions, weak, extraRoots } = terms;
  const ofRoots = made.get(extraRoots ?? NONE) ?? new Map<string, SecureContext>();
  made.set(extraRoots ?? NONE, ofRoots);
  const key = `${versions?.from} ${versions?.to} ${weak}`;
  const known = ofRoots.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext(settingsOf(terms));
  ofRoots.set(key, context);
  return context;
}

/** These terms as Node and OpenSSL take them. */
export function settingsOf({ versions, weak, extraRoots }: Terms): SecureContextOptions {
  return {
    ...(versions === null ? {} : { minVersion: versions.from, maxVersion: versions.to }),
    ...(weak ? { ciphers: WEAK_CIPHERS } : {}),
    ...(extraRoots === null && !hasOtherRoots() ? {} : { ca: [...rootCertificates, ...(extraRoots ?? [])] }),
  };
}

/**
 * Whether Node was told to trust others than the roots that come with it: a verdict that depends on the environment of who asks would
 * not be the one that is reported. Named one by one the roots are those alone.
 */
function hasOtherRoots(): boolean {
  const told = [env["NODE_OPTIONS"] ?? "", ...execArgv].join(" ");
  return (
    (env["NODE_EXTRA_CA_CERTS"] ?? "") !== "" ||
    (env["NODE_USE_SYSTEM_CA"] ?? "") === "1" ||
    /--use-(?:openssl|system)-ca/.test(told)
  );
}
