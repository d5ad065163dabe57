import type { DataTls, Trial } from "./data-tls.ts";

/** What servers say of a data connection whose TLS session does not continue the control connection's. Every pattern is linear. */
const DEMANDS: readonly { says: RegExp; source: string }[] = [
  { says: /session reuse required/i, source: "vsftpd ssl.c" },
  { says: /session (?:of data connection )?(?:has )?not (?:been )?resumed/i, source: "FileZilla Server" },
  {
    says: /session resumption (?:is )?required|must resume (?:the )?(?:tls|ssl)? ?session/i,
    source: "Rebex and general form",
  },
  { says: /(?:tls|ssl) session (?:reuse|resumption)\b/i, source: "general form" },
];

/** ProFTPD sets EPERM where the session is not continued (mod_tls.c), and says no more than the system's text for it. */
const PROFTPD = /unable to build data connection: operation not permitted/i;

/** Whether the server refused this data connection because it does not continue the control connection's TLS session. */
export function demandsReuse({ tls, final, text }: Pick<DataTls, "tls" | "final" | "text">): boolean {
  const { outcome, agreed, foreign } = tls.handshake;
  // A handshake that nobody answered says nothing of sessions, whatever the server makes of it; nor does clear text.
  if (final === null || final.code < 400 || agreed?.resumed === true || outcome === "timed-out" || foreign !== null) {
    return false;
  }
  return DEMANDS.some(({ says }) => says.test(text)) || (outcome === "ok" && PROFTPD.test(text));
}

/** Whether sessions of TLS 1.3 fail to resume in a comparison where those of TLS 1.2 do not. */
export function resumesAmiss(trials: readonly Trial[]): boolean {
  return failedResumes(trials, "TLSv1.3").length > 0 && failedResumes(trials, "TLSv1.2").length === 0;
}

/** The transfers under this version that offered a ticket of their own and did not move data for it. */
export function failedResumes(trials: readonly Trial[], version: string): Trial[] {
  return resumesUnder(trials, version).filter(({ result }) => result === "refused");
}

/** The transfers under this version that offered a ticket of their own. */
export function resumesUnder(trials: readonly Trial[], version: string): Trial[] {
  return trials.filter(({ matrix, trial }) => matrix.version === version && /^resume-\d$/.test(trial.what));
}
