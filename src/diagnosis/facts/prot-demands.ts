import type { ReplyRecord } from "../../model/evidence.ts";

/** What servers say of a data connection that is not encrypted. Every pattern is linear. */
const DEMANDS: readonly { says: RegExp; source: string }[] = [
  { says: /data connections must be encrypted/i, source: "vsftpd postlogin.c" },
  { says: /(?:SSL\/TLS|TLS|SSL) (?:is )?required on the data c/i, source: "ProFTPD mod_tls.c, pyftpdlib control.py" },
  {
    says: /data connection cannot be opened with this PROT/i,
    source: "Pure-FTPd MSG_PROT_PRIVATE_NEEDED, Apache FtpServer",
  },
  { says: /\bPROT P (?:is )?(?:required|needed)/i, source: "FileZilla Server" },
  { says: /policy requires SSL/i, source: "IIS" },
];

/** RFC 4217 sections 9 and 10, and what servers use in their place. */
const CODES: readonly number[] = [521, 522, 533, 534, 550];

/** Whether a server refuses a data connection because it is not encrypted. */
export function demandsDataTls(reply: Pick<ReplyRecord, "code"> | null, text: string): boolean {
  return reply !== null && CODES.includes(reply.code) && DEMANDS.some(({ says }) => says.test(text));
}
