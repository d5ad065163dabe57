/**
 * The digest of a certificate's signature where systems of today refuse it; null for others, and where the signature is not known.
 * Signatures with either can be forged (RFC 9155 section 1).
 */
export function weakDigestOf(signature: string | null): "MD5" | "SHA-1" | null {
  if (signature === null) return null;
  if (/md5/i.test(signature)) return "MD5";
  return /sha-?1(?!\d)/i.test(signature) ? "SHA-1" : null;
}
