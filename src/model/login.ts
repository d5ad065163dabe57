/** Whether the name is that of the public login, which needs no password of anybody's (RFC 1635). */
export function isAnonymous(user: string): boolean {
  return /^(anonymous|ftp)$/i.test(user);
}
