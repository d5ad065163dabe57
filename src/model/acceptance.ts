/**
 * Whether a reply of this code agrees to a security command (AUTH, PBSZ, PROT): any 2xx, for servers answer AUTH with others than 234
 * too (tls-auth-nonstandard-reply), and 334 (RFC 2228 section 3).
 */
export function agrees(code: number): boolean {
  return (code >= 200 && code < 300) || code === 334;
}
