/** Settings that would send FTP through a proxy; `http_proxy` and `https_proxy` are about something else. */
const NAMES = ["ftp_proxy", "FTP_PROXY", "all_proxy", "ALL_PROXY"] as const;

/**
 * Why a probe must not run in this environment; null where it may. The values are never named: they often hold
 * passwords.
 */
export function proxyProblem(env: Readonly<Record<string, string | undefined>>): string | null {
  const set = NAMES.filter((name) => (env[name] ?? "").trim() !== "");
  if (set.length === 0) return null;
  const without = set.map((name) => `-u ${name}`).join(" ");
  return (
    `the environment sets ${set.join(" and ")}, and a probe through a proxy would measure the proxy; ` +
    `to probe from this machine itself: env ${without} ftp-doctor ...`
  );
}
