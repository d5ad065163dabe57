import type { Evidence } from "../../model/evidence.ts";
import type { AddressFacts } from "./facts.ts";

/** The kind of TLS that was asked for, or without which real credentials did not go; null where they may go in clear. */
export function accountTls(
  { target, policy }: Pick<Evidence, "target" | "policy">,
  at: Pick<AddressFacts, "logins" | "secures"> | undefined,
): "explicit" | "implicit" | null {
  if (target.security === "explicit" || target.security === "implicit") return target.security;
  if (policy.credentials !== "given" || at === undefined) return null;
  const sentInClear = at.logins.some(({ protection, result }) => protection === "clear" && result !== "withheld");
  const kept = at.logins.some(({ protection, result }) => protection === "tls" || result === "withheld");
  return kept && !sentInClear ? (at.secures[0]?.how ?? "explicit") : null;
}
